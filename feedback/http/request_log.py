"""One log line for each request, and the last catch for faults; neither knows a word of what was sent."""

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback.errors import Problem
from feedback.model import ScrubbedFeedback, Status
from feedback.state import ServiceRequest
from feedback.watching.logs import fault_places, get_logger
from feedback.watching.metrics import Metrics

METHODS: Final = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))

_REQUEST_ID: Final = "feedback.request"  # of the ASGI scope


class RequestLog:
    """Logs method, route, status and duration; answers 500 to what nobody caught.

    The route is its pattern (`/admin/feedback/{id}`), never the path that was asked for. A fault is logged by
    its type and places in the code, since its message and variables may hold what a visitor typed. Each line
    has an id of its own, and the answer carries it as X-Request-Id.
    """

    def __init__(
        self, app: ASGIApp, answer: Callable[[ServiceRequest, Problem], Response], metrics: Metrics
    ) -> None:
        self.app = app
        self.answer = answer
        self.metrics = metrics
        # Bound once: a logger that is still to be set up costs more than its line.
        self.log = get_logger("feedback.request").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[_REQUEST_ID] = key = f"{random.getrandbits(64):016x}"  # it names a line and opens nothing
        started = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", key.encode()))
            await send(message)

        fault: dict[str, object] = {}  # or that the client left
        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            fault = {"left": True}
        except Exception as error:  # noqa: BLE001  # the outermost catch: uvicorn would log the message
            fault = {"fault": type(error).__name__, "places": fault_places(error)}
            self.metrics.fault()
            if not status:
                response = self.answer(Request(scope), Problem())
                await response(scope, receive, send_and_note)
        feedback = scope.get("feedback")
        route = route_pattern(scope)
        if route == "/feedback" and scope["method"] == "POST":
            self.metrics.answered(status, feedback)
        (self.log.error if "fault" in fault else self.log.info)(
            "request",
            request=key,
            method=scope["method"] if scope["method"] in METHODS else "other",
            route=route,
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            **_figures(feedback),
            **fault,
        )


def request_id(request: ServiceRequest) -> str | None:
    """The id under which the request is logged; None where nothing logs it."""
    key: str | None = request.scope.get(_REQUEST_ID)
    return key


def _figures(feedback: ScrubbedFeedback | None) -> dict[str, object]:
    """Kinds and counts of what was removed, and whether it looks like spam; never words."""
    if feedback is None:
        return {}
    removed: Counter[str] = Counter()
    for one in feedback.removed:
        removed[one.kind] += one.count
    return {"removed": removed, "spam": feedback.status is Status.SPAM}


def route_pattern(scope: Scope) -> str | None:
    """The pattern of the route that answered; None where no route matched."""
    route = scope.get("route")
    return getattr(route, "path", None)
