"""The pages by which an admin sees what grows too old, and erases: first what would go, then exactly that."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid
from feedback.model import Person, Role
from feedback.model.audit import Action
from feedback.review.audited import entry
from feedback.review.erasure import forecast, parse_form
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.state import ServiceRequest
from feedback.store import MAX_ERASED, Plan

_CHOICE: Final = ("ids", "page", "since", "until", "q")
_MANY: Final = 9  # digits of a number in an address


@needs(Role.ADMIN)
async def get_erasure(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/erasure: what grows too old and when, and a form to erase now."""
    return await _choice(request, person, dict.fromkeys(_CHOICE, ""))


@needs(Role.ADMIN)
async def post_preview(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/erasure/preview: what would go. By POST, so that no address holds the words looked for."""
    fields = await read_form(request, _CHOICE)
    try:
        sought = parse_form(fields)
        if sought.filters and sought.filters.until is None:
            # What comes while somebody looks is not among what they see.
            fields["until"] = datetime.now(UTC).isoformat(timespec="milliseconds")
            sought = parse_form(fields)
    except Invalid as problem:
        return await _choice(request, person, fields, problem)
    plan = await request.state["store"].erasures.plan(sought, person.scope)
    return _preview(request, person, fields, plan)


@needs(Role.ADMIN)
async def post_erasure(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/erasure: erase what was shown, where it is still the same and somebody is sure.

    Of more than one request erases the newest go, and the page goes on with the rest.
    """
    fields = await read_form(request, (*_CHOICE, "plan", "sure"))
    store = request.state["store"]
    try:
        plan = await store.erasures.plan(parse_form(fields), person.scope)
    except Invalid as problem:
        return await _choice(request, person, fields, problem)
    if fields["plan"] != plan.digest:
        return _preview(request, person, fields, plan, Invalid(Fault("plan", "plan_changed")))
    if fields["sure"] != "yes":
        return _preview(request, person, fields, plan, Invalid(Fault("sure", "not_sure")))
    erased = await store.erasures.erase(
        plan.keys[:MAX_ERASED], person.scope, entry(request, person, Action.FEEDBACK_ERASED)
    )
    if len(plan.keys) > MAX_ERASED:
        rest = await store.erasures.plan(parse_form(fields), person.scope)
        return _preview(request, person, fields, rest, erased=erased)
    return RedirectResponse(path(request, f"/admin/erasure?erased={erased}"), 303)


async def _choice(
    request: ServiceRequest, person: Person, fields: Mapping[str, str], problem: Invalid | None = None
) -> Response:
    days = request.state["settings"].retention_days
    all_sites = person.scope.sites is None
    now = time.time_ns() // 1_000_000
    erased = request.query_params.get("erased", "")
    return form_page(
        request,
        "review/erasure.html",
        person,
        {
            "days": days,
            # What goes of all sites is not for those who may see some.
            "going": await forecast(request.state["store"], days, now) if all_sites else None,
            "erased": int(erased)
            if erased.isascii() and erased.isdecimal() and len(erased) <= _MANY
            else None,
        },
        fields=fields,
        problem=problem,
    )


def _preview(
    request: ServiceRequest,
    person: Person,
    fields: Mapping[str, str],
    plan: Plan,
    problem: Invalid | None = None,
    *,
    erased: int | None = None,
) -> Response:
    values = {"plan": plan, "choice": _CHOICE, "erased": erased, "at_once": min(len(plan.keys), MAX_ERASED)}
    return form_page(request, "review/erasure_preview.html", person, values, fields=fields, problem=problem)
