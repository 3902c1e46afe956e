"""Lets pages of configured sites, and no others, read the answers to their submissions."""

from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback.intake.sites import Sites, parse_origin

# As they are sent. A second Vary adds to the first (RFC 9110, 5.3).
_VARY: Final = (b"vary", b"Origin")
_EXPOSED: Final = (b"access-control-expose-headers", b"Retry-After")
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}


class SiteCors:
    """Answers preflight requests, and names the asking origin in the answer when it is a site's.

    Never credentials, never `*`: the widget sends no cookies and needs none.
    """

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self.app = app
        self.sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        answer = cors_headers(scope, self.sites)

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *answer]
            await send(message)

        if scope["method"] == "OPTIONS":
            preflight = _PREFLIGHT if len(answer) > 1 else None
            response = Response(status_code=204, headers={"Allow": "POST, OPTIONS", **(preflight or {})})
            await response(scope, receive, send_with_origin)
            return
        await self.app(scope, receive, send_with_origin)


def cors_headers(scope: Scope, sites: Sites) -> list[tuple[bytes, bytes]]:
    """What lets a page of a site, and of no other, read the answer."""
    sent = next((value for name, value in scope["headers"] if name == b"origin"), None)
    origin = parse_origin(sent.decode("latin-1")) if sent else None
    if sent and origin and sites.allow(origin):
        return [_VARY, (b"access-control-allow-origin", sent), _EXPOSED]
    return [_VARY]
