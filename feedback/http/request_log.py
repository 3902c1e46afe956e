"""One log line for each request, and the last catch for faults; neither knows a word of what was sent."""

import logging
import time
import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedback.errors import Problem
from feedback.ids import new_id
from feedback.state import ServiceRequest

METHODS: Final = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))

log = structlog.get_logger("feedback.request")

_REQUEST_ID: Final = "feedback.request"  # of the ASGI scope


class RequestLog:
    """Logs method, route, status and duration; answers 500 to what nobody caught.

    The route is its pattern (`/admin/feedback/{id}`), never the path that was asked for. A fault is logged by
    its type and places in the code, since its message and variables may hold what a visitor typed.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[ServiceRequest, Problem], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[_REQUEST_ID] = key = new_id().hex
        started = time.perf_counter()
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        fault: dict[str, object] = {}  # or that the client left
        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            fault = {"left": True}
        except Exception as error:  # noqa: BLE001  # the outermost catch: uvicorn would log the message
            fault = {"fault": type(error).__name__, "places": fault_places(error)}
            if not status:
                response = self.answer(Request(scope), Problem())
                await response(scope, receive, send_and_note)
        log.log(
            logging.ERROR if "fault" in fault else logging.INFO,
            "request",
            request=key,
            method=scope["method"] if scope["method"] in METHODS else "other",
            route=route_pattern(scope),
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            **fault,
        )


def request_id(request: ServiceRequest) -> str | None:
    """The id under which the request is logged; None where nothing logs it."""
    key: str | None = request.scope.get(_REQUEST_ID)
    return key


def route_pattern(scope: Scope) -> str | None:
    """The pattern of the route that answered; None where no route matched."""
    route = scope.get("route")
    return getattr(route, "path", None)


def fault_places(error: BaseException) -> list[str]:
    """Where in the code the fault rose, innermost last: file, line and function, no values."""
    return [
        f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]
    ]
