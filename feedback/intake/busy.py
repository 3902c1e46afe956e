"""Answers 503 at once, and at next to no cost, while more submissions wait than reach the disk in time."""

from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from feedback.errors import Unavailable
from feedback.http.headers import RawHeaders
from feedback.http.problems import problem_json
from feedback.http.server import hold
from feedback.http.templates import Templates
from feedback.intake.cors import cors_headers
from feedback.intake.sites import Sites
from feedback.watching.metrics import Metrics

_HTML: Final = b"text/html"


class Busy:
    """Stands before everything else: refusing must cost little, or nothing is left for those who are taken.

    So it writes no line into the log; the count of answers shows them. Browsers that show a page take the
    long way, for a page in their language.
    """

    def __init__(
        self, app: ASGIApp, templates: Templates, sites: Sites, metrics: Metrics, headers: RawHeaders
    ) -> None:
        self.app = app
        self.sites = sites
        self.metrics = metrics
        answer = problem_json(templates, Unavailable())
        self.headers = [*answer.raw_headers, *headers]
        self.body = bytes(answer.body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if not _is_submission(scope) or scope["state"]["store"].has_room or _wants_page(scope):
            await self.app(scope, receive, send)
            return
        hold(scope)
        self.metrics.answered(Unavailable.status, None)
        headers = [*self.headers, *cors_headers(scope, self.sites)]
        await send({"type": "http.response.start", "status": Unavailable.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def _is_submission(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: Any = scope["path"]
    return bool(path == f"{scope.get('root_path', '')}/feedback")


def _wants_page(scope: Scope) -> bool:
    return any(name == b"accept" and _HTML in value for name, value in scope["headers"])
