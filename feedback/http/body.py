"""The body of a request: its type, and its bytes, counted before anything looks into them."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request

from feedback.errors import TooLarge, WrongMediaType

# Bytes that 12 characters' worth of escapes can take: \uXXXX\uXXXX or %XX%XX%XX%XX for one character.
_BYTES_A_CHARACTER = 12
_OTHER_FIELDS = 32_768  # bytes for the address of the page and the field names

# How browsers and most scripts write the types that are taken.
_USUAL: Final[Mapping[bytes, str]] = {
    b"text/plain;charset=UTF-8": "text/plain",
    b"application/json": "application/json",
    b"application/x-www-form-urlencoded": "application/x-www-form-urlencoded",
}


def body_limit(max_text: int) -> int:
    """Bytes that three full answers can take in their longest writing."""
    return 3 * _BYTES_A_CHARACTER * max_text + _OTHER_FIELDS


def media_type(request: Request[Any], *accepted: str) -> str:
    """The body's media type, one of `accepted`; raises WrongMediaType for others and for any encoding."""
    headers: dict[bytes, bytes] = dict(request.scope["headers"])
    sent = headers.get(b"content-type", b"")
    kind = _USUAL.get(sent) or _read_type(sent.decode("latin-1"))
    # Decompression would let a small body grow without bound.
    transfer = headers.get(b"transfer-encoding", b"chunked").strip().lower()
    if kind not in accepted or b"content-encoding" in headers or transfer != b"chunked":
        raise WrongMediaType
    return kind


def _read_type(sent: str) -> str | None:
    kind, _, parameters = sent.partition(";")
    charset = parameters.replace(" ", "").strip(";").replace('"', "").lower()
    return kind.strip().lower() if charset in ("", "charset=utf-8", "charset=utf8") else None


async def read_body(request: Request[Any], limit: int) -> bytes:
    """The whole body; raises TooLarge as soon as more than `limit` bytes are announced or have come.

    Raises ClientDisconnect where the client leaves before its end.
    """
    headers: dict[bytes, bytes] = dict(request.scope["headers"])
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or int(announced[:20]) > limit:
        raise TooLarge
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        # Most bodies come in one piece, which is not copied.
        body = body + message.get("body", b"") if body else message.get("body", b"")
        if len(body) > limit:
            raise TooLarge
        more = message.get("more_body", False)
    return body
