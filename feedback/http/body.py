"""The body of a request: its type, and its bytes, counted before anything looks into them."""

from typing import Any

from starlette.requests import Request

from feedback.errors import TooLarge, WrongMediaType

# Bytes that 12 characters' worth of escapes can take: \uXXXX\uXXXX or %XX%XX%XX%XX for one character.
_BYTES_A_CHARACTER = 12
_OTHER_FIELDS = 32_768  # bytes for the address of the page and the field names


def body_limit(max_text: int) -> int:
    """Bytes that three full answers can take in their longest writing."""
    return 3 * _BYTES_A_CHARACTER * max_text + _OTHER_FIELDS


def media_type(request: Request[Any], *accepted: str) -> str:
    """The body's media type, one of `accepted`; raises WrongMediaType for others and for any encoding."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    charset = parameters.replace(" ", "").strip(";").replace('"', "").lower()
    if kind not in accepted or charset not in ("", "charset=utf-8", "charset=utf8"):
        raise WrongMediaType
    # Decompression would let a small body grow without bound.
    transfer = request.headers.get("transfer-encoding", "chunked").strip().lower()
    if "content-encoding" in request.headers or transfer != "chunked":
        raise WrongMediaType
    return kind


async def read_body(request: Request[Any], limit: int) -> bytes:
    """The whole body; raises TooLarge as soon as more than `limit` bytes are announced or have come."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:20]) > limit:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)
