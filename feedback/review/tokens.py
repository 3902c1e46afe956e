"""Tokens for scripts: `pf_ID_SECRET`, of which the secret is shown once and its hash is stored."""

import hmac
import re
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import Final

from feedback.access import ApiToken
from feedback.errors import NotSignedIn, Unavailable
from feedback.model import Person, Role
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.state import ServiceRequest
from feedback.store import Store

# The prefix lets scanners of published code know a token when they see one.
_TOKEN: Final = re.compile(r"pf_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
# A token's last use is written down at most this often.
_TOUCH_MS: Final = 60_000
_ENVIRONMENT: Final = Person("token:FEEDBACK_ADMIN_TOKEN", "FEEDBACK_ADMIN_TOKEN", Role.ADMIN)


async def make_token(store: Store, token: ApiToken) -> str:
    """Keep a token under a new id; gives what its script sends, which is never seen again."""
    key, secret = secrets.token_hex(8), new_secret()
    await store.tokens.add(replace(token, id=key, secret_hash=hash_secret(secret)))
    return f"pf_{key}_{secret}"


async def find_token(request: ServiceRequest, text: str) -> Person:
    """Who sends this token; raises NotSignedIn where it is unknown, revoked or run out."""
    known = request.state["settings"].admin_token
    if known is not None and _same(hash_secret(known.get_secret_value()), text):
        return _ENVIRONMENT
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        raise NotSignedIn
    tokens, moment = request.state["store"].tokens, now()
    token = await tokens.find(parts[1])
    if token is None or not _same(token.secret_hash, parts[2]):
        raise NotSignedIn
    if token.expires_at is not None and token.expires_at <= moment:
        raise NotSignedIn
    if token.used_at is None or abs(moment - token.used_at) > _TOUCH_MS:
        # Reading goes on while the database cannot be written.
        with suppress(Unavailable):
            await tokens.touch(token.id, moment)
    return token.person


def _same(stored_hash: str, secret: str) -> bool:
    # Hashes are of one length, so that the comparison tells nothing.
    return hmac.compare_digest(stored_hash, hash_secret(secret))
