"""An endpoint as an ASGI app of its own, without the two layers that Starlette puts around one."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from feedback.errors import Problem
from feedback.state import ServiceRequest


class Direct:
    """Answers each request by the endpoint, and each refusal as the app's one handler does."""

    def __init__(
        self,
        endpoint: Callable[[ServiceRequest], Awaitable[Response]],
        answer: Callable[[ServiceRequest, Problem], Response],
    ) -> None:
        self.endpoint = endpoint
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request: ServiceRequest = Request(scope, receive, send)
        try:
            response = await self.endpoint(request)
        except Problem as problem:
            response = self.answer(request, problem)
        await response(scope, receive, send)
