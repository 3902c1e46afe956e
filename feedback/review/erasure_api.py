"""Erasing and what grows too old, as JSON: the same two steps as the pages."""

import time

from starlette.responses import JSONResponse, Response

from feedback.errors import Conflict, Fault, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import decode_json
from feedback.model import Person, Role
from feedback.model.audit import Action
from feedback.review.api import to_json
from feedback.review.audited import entry
from feedback.review.erasure import forecast, parse_json
from feedback.review.forms import BODY_LIMIT
from feedback.review.guard import needs
from feedback.state import ServiceRequest
from feedback.store import MAX_ERASED, Plan


@needs(Role.ADMIN)
async def delete_one(request: ServiceRequest, person: Person) -> Response:
    """DELETE /admin/api/feedback/{id}: erase it; answers 204."""
    erased = await request.state["store"].erasures.erase(
        [request.path_params["id"]], person.scope, entry(request, person, Action.FEEDBACK_ERASED)
    )
    if not erased:
        raise NotFound
    return Response(status_code=204)


@needs(Role.ADMIN)
async def post_preview(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/erasure/preview: how many would go, the newest, and what stands for exactly these."""
    sought = parse_json(await _body(request))
    plan = await request.state["store"].erasures.plan(sought, person.scope)
    items = [to_json(item) for item in plan.shown]
    return JSONResponse({"submissions": len(plan.keys), "plan": plan.digest, "items": items})


@needs(Role.ADMIN)
async def post_erasure(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/erasure: erase what a preview has shown; `plan` is what the preview gave.

    Of more than one request erases the newest go; the answer has the `plan` of the rest.
    """
    body = await _body(request)
    digest = body.pop("plan", None)
    store = request.state["store"]
    plan = await store.erasures.plan(parse_json(body), person.scope)
    if digest != plan.digest:
        raise Conflict(Fault("plan", "plan_changed"))
    erased = await store.erasures.erase(
        plan.keys[:MAX_ERASED], person.scope, entry(request, person, Action.FEEDBACK_ERASED)
    )
    rest = Plan(plan.keys[MAX_ERASED:])
    return JSONResponse(
        {"erased": erased, "left": len(rest.keys), "plan": rest.digest if rest.keys else None}
    )


@needs(Role.ADMIN, all_sites=True)
async def get_retention(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/retention: after how many days words go, and how many go on each of the next days."""
    days = request.state["settings"].retention_days
    going = await forecast(request.state["store"], days, time.time_ns() // 1_000_000)
    return JSONResponse(
        {"days": days, "due": [{"date": day.isoformat(), "submissions": number} for day, number in going]}
    )


async def _body(request: ServiceRequest) -> dict[str, object]:
    media_type(request, "application/json")
    return decode_json(await read_body(request, BODY_LIMIT))
