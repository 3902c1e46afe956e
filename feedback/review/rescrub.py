"""Running newer rules over what is stored, from a page and as JSON: a button, and how far it is."""

from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from feedback.errors import Conflict, Fault, Invalid
from feedback.http.body import media_type, read_body
from feedback.http.decode import decode_json
from feedback.model import Person, Role
from feedback.model.audit import Action
from feedback.review.audited import entry
from feedback.review.forms import BODY_LIMIT, form_page, path, read_form
from feedback.review.guard import needs
from feedback.state import ServiceRequest
from feedback.store import Run


@needs(Role.ADMIN, all_sites=True)
async def get_rescrub_page(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/rescrub: how far the rules of this release have come, and a button to run them."""
    return await _page(request, person)


@needs(Role.ADMIN, all_sites=True)
async def post_rescrub_page(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/rescrub: begin, or go on with a run that stopped half way."""
    fields = await read_form(request, ("all",))
    if not await _begin(request, person, everything=fields["all"] == "yes"):
        return await _page(request, person, Invalid(Fault("all", "at_work")))
    return RedirectResponse(path(request, "/admin/rescrub"), 303)


@needs(Role.ADMIN, all_sites=True)
async def get_rescrub(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/rescrub: the last run of these rules, or null."""
    run = await request.state["rescrubbing"].last()
    return JSONResponse({"run": to_json(run) if run else None})


@needs(Role.ADMIN, all_sites=True)
async def post_rescrub(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/rescrub `{"all": false}`: begin, or go on; answers 202, or 409 while one is at work."""
    media_type(request, "application/json")
    body = decode_json(await read_body(request, BODY_LIMIT))
    if body.keys() - {"all"}:
        raise Invalid(Fault("body", "unknown_field"))
    if not isinstance(body.get("all", False), bool):
        raise Invalid(Fault("all", "not_choice"))
    if not await _begin(request, person, everything=bool(body.get("all"))):
        raise Conflict(Fault("all", "at_work"))
    return JSONResponse({}, 202)


async def _begin(request: ServiceRequest, person: Person, *, everything: bool) -> bool:
    begun = entry(request, person, Action.RESCRUB_STARTED)
    return await request.state["rescrubbing"].begin(begun, everything=everything)


async def _page(request: ServiceRequest, person: Person, problem: Invalid | None = None) -> Response:
    rescrubbing = request.state["rescrubbing"]
    values = {"run": await rescrubbing.last(), "version": rescrubbing.version}
    return form_page(request, "review/rescrub.html", person, values, problem=problem)


def to_json(run: Run) -> dict[str, Any]:
    """A run as scripts see it."""
    return {
        "version": run.version,
        "all": run.everything,
        "state": "done" if run.done else "stopped" if run.stalled else "running",
        "total": run.total,
        "seen": run.seen,
        "changed": run.changed,
        "failed": run.failed,
        "removed": run.removed,
    }
