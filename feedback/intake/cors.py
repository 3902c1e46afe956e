"""Lets pages of configured sites, and no others, read the answers to their submissions."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback.intake.sites import Sites, parse_origin


class SiteCors:
    """Answers preflight requests, and names the asking origin in the answer when it is a site's.

    Never credentials, never `*`: the widget sends no cookies and needs none.
    """

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self.app = app
        self.sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        headers = Headers(scope=scope)
        sent = headers.get("origin")
        origin = parse_origin(sent) if sent else None
        allowed = origin is not None and self.sites.allow(origin)

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.add_vary_header("Origin")
                if allowed and sent:
                    answer["Access-Control-Allow-Origin"] = sent
                    answer["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        if scope["method"] == "OPTIONS":
            preflight = {"Allow": "POST, OPTIONS"}
            if allowed:
                preflight |= {
                    "Access-Control-Allow-Methods": "POST",
                    "Access-Control-Allow-Headers": "Content-Type",
                    "Access-Control-Max-Age": "86400",
                }
            await Response(status_code=204, headers=preflight)(scope, receive, send_with_origin)
            return
        await self.app(scope, receive, send_with_origin)
