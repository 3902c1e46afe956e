"""Turns every refusal into fixed sentences: problem+json (RFC 9457) for scripts, a page for people."""

from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from feedback.errors import Fault, NotFound, NotSignedIn, Problem, TooLarge, WrongMethod
from feedback.http.accept import wants_html
from feedback.http.server import hold
from feedback.http.templates import Templates
from feedback.state import ServiceRequest
from feedback.words import Translate

PROBLEM_JSON: Final = "application/problem+json"
# What Starlette's own routing raises.
_FROM_STATUS: Final = {problem.status: problem for problem in (NotFound, WrongMethod, TooLarge)}


def rule_sentence(t: Translate, fault: Fault) -> str:
    """The fixed sentence of a broken rule, e.g. "must be at most 1200 characters"."""
    if fault.limit is None:
        return t(f"rule.{fault.rule}")
    return t(f"rule.{fault.rule}", limit=fault.limit)


def problem_json(templates: Templates, problem: Problem) -> Response:
    """The answer to a script, in English: the sentences are for its developer."""
    t = templates.words.translate("en" if "en" in templates.words.languages else templates.words.languages[0])
    return JSONResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "detail": t(f"error.{problem.name}"),
            "errors": [{"field": fault.field, "rule": rule_sentence(t, fault)} for fault in problem.faults],
        },
        problem.status,
        problem_headers(problem),
        PROBLEM_JSON,
    )


def problem_page(request: ServiceRequest, templates: Templates, problem: Problem) -> Response:
    """The answer to a person in a browser."""
    lang, words = templates.language(request), templates.words
    t = words.translate(lang)
    return templates.page(
        request,
        "visitor/error.html",
        {
            "status": problem.status,
            "title": t("error.title"),
            "detail": t(f"error.{problem.name}"),
            "faults": [
                (
                    t(f"field.{fault.field}") if words.has(f"field.{fault.field}") else "",
                    rule_sentence(t, fault),
                )
                for fault in problem.faults
            ],
        },
        lang=lang,
        status=problem.status,
        headers=problem_headers(problem),
    )


def problem_headers(problem: Problem) -> dict[str, str]:
    """The headers that say when to come back, how to sign in, or that no more of the body is read."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(problem, TooLarge):
        headers["Connection"] = "close"
    return headers


class Problems:
    """Answers every refusal; the app's one handler of exceptions."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates

    def answer(self, request: ServiceRequest, problem: Problem) -> Response:
        """A page for a browser, problem+json for everyone else."""
        if problem.retry_after is not None:
            hold(request.scope)
        if wants_html(request):
            return problem_page(request, self.templates, problem)
        return problem_json(self.templates, problem)

    def from_routing(self, request: ServiceRequest, error: HTTPException) -> Response:
        """What Starlette's own routing refuses: an unknown address or method."""
        response = self.answer(request, _FROM_STATUS.get(error.status_code, Problem)())
        if error.status_code == WrongMethod.status:
            # Starlette names the methods of the first route of the address only.
            matching = (
                route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE
            )
            methods = {method for route in matching for method in getattr(route, "methods", None) or ()}
            response.headers["Allow"] = ", ".join(sorted(methods))
        return response
