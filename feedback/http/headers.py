"""Security headers on every answer, whatever its route and status."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeaders = tuple[tuple[bytes, bytes], ...]

# Pages load nothing but this server's own style sheet, and send forms nowhere else.
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# In lower case, as the answers' own are.
_EVERYWHERE: Final[RawHeaders] = (
    (b"content-security-policy", PAGE_POLICY.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
    # Never the path of a page; the origin is what the same-origin checks of our own forms need.
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_HTTPS: Final[RawHeaders] = ((b"strict-transport-security", b"max-age=31536000"),)
_CACHE: Final = b"cache-control"


def headers_for(public_url: str) -> RawHeaders:
    """What every answer of the server with this address carries; one under HTTPS asks to stay there."""
    return _EVERYWHERE + _HTTPS if public_url.startswith("https:") else _EVERYWHERE


class SecurityHeaders:
    """Adds each header that the answer has not set itself."""

    def __init__(self, app: ASGIApp, headers: RawHeaders) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message["headers"]
                if scope["path"].removeprefix(scope.get("root_path", "")).startswith("/admin"):
                    own = [*(each for each in own if each[0] != _CACHE), (_CACHE, b"no-store")]
                names = {name for name, _ in own}
                message["headers"] = [*own, *(each for each in self.headers if each[0] not in names)]
            await send(message)

        await self.app(scope, receive, send_with_headers)
