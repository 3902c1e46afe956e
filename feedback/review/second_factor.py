"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes where it is lost."""

import base64
import hmac
import re
import secrets
from typing import Final

import pyotp
import segno

from feedback.review.secrets import hash_secret

_STEP_SECONDS: Final = 30
# One step before and after: clocks differ, and people type slowly (RFC 6238, 5.2).
_STEPS_AROUND: Final = (0, -1, 1)
_CODES: Final = 10
_CODE_BYTES: Final = 15  # 120 bits: from 112 on a plain hash is enough (OWASP ASVS 5.0, 6.5.2)
_GROUP: Final = 6
_TOTP_SECRET: Final = re.compile(r"[A-Z2-7]{32}")


def new_totp_secret() -> str:
    """A secret of 160 bits for an app, in base32."""
    return pyotp.random_base32()


def is_totp_secret(text: str) -> bool:
    """Whether this is a secret as `new_totp_secret` makes them."""
    return _TOTP_SECRET.fullmatch(text) is not None


def totp_uri(secret: str, name: str, service: str) -> str:
    """What an app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=service)


def qr_code(text: str, title: str) -> str:
    """A QR code as SVG for the page, on white whatever the page's colours; segno escapes the title."""
    svg: str = segno.make(text, micro=False).svg_inline(
        scale=4, dark="#000", light="#fff", title=title, svgclass="qr", lineclass=None
    )
    return svg


def matching_step(secret: str, code: str, now: int) -> int | None:
    """The 30 seconds that a code belongs to, near `now` (epoch milliseconds); None for a wrong code."""
    totp = pyotp.TOTP(secret)
    step = now // 1000 // _STEP_SECONDS
    digits = code.replace(" ", "")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    for around in _STEPS_AROUND:
        if hmac.compare_digest(totp.generate_otp(step + around), digits):
            return step + around
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to write down, such as `k2f6qa-...`; each works once."""
    return tuple(_grouped(base64.b32encode(secrets.token_bytes(_CODE_BYTES))) for _ in range(_CODES))


def recovery_code_hash(code: str) -> str:
    """What is stored of a recovery code; hyphens, spaces and case do not count."""
    return hash_secret("".join(character for character in code.lower() if character.isalnum()))


def _grouped(code: bytes) -> str:
    text = code.decode("ascii").lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
