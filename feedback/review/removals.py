"""What was removed wrongly, for who betters the rules, and the public values that are to stay in place."""

import time
from contextlib import suppress
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotFound, Unavailable
from feedback.ids import new_id
from feedback.model import Person, Role
from feedback.model.audit import Action
from feedback.model.desk import AllowedValue
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.state import ServiceRequest
from feedback.upkeep.allowing import leave_allowed
from scrubbers import Scrubber

_MAX_VALUE: Final = 100  # characters
# Kinds of which an organisation has some of its own that it publishes; the others are always somebody's.
_PUBLIC: Final = frozenset(
    ("EMAIL_ADDRESS", "PHONE_NUMBER", "UK_BANK_ACCOUNT", "IBAN_CODE", "UK_POSTCODE", "IP_ADDRESS")
)


@needs(Role.REVIEWER)
async def get_removals(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/removals: what was marked as removed wrongly, and what is to stay in place."""
    return await _page(request, person)


@needs(Role.ADMIN, all_sites=True)
async def post_allowed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/removals/allowed: leave a public number or address in place from now on."""
    fields = await read_form(request, ("value",))
    value = " ".join(fields["value"].split())
    try:
        kind = _kind_of(value, request.state["scrubber"])
    except Invalid as problem:
        # What was typed is not shown again: it may be what must rest nowhere.
        return await _page(request, person, problem)
    allowed = AllowedValue(str(new_id()), value, kind, time.time_ns() // 1_000_000, person.name)
    store = request.state["store"]
    await store.marks.allow(allowed, entry(request, person, Action.VALUE_ALLOWED, allowed.id, **{kind: 1}))
    await leave_allowed(store, request.state["scrubber"])
    return RedirectResponse(path(request, "/admin/removals"), 303)


@needs(Role.ADMIN, all_sites=True)
async def post_disallowed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/removals/allowed/{id}/remove: take it out again from now on."""
    await read_form(request, ())
    store, key = request.state["store"], request.path_params["id"]
    if not await store.marks.disallow(key, entry(request, person, Action.VALUE_DISALLOWED, key)):
        raise NotFound
    await leave_allowed(store, request.state["scrubber"])
    return RedirectResponse(path(request, "/admin/removals"), 303)


def _kind_of(value: str, scrubber: Scrubber) -> str:
    """The kind that the scrubber takes a value for; raises Invalid for what must not be kept.

    Only what is one finding from end to end, of a kind that can be public, is kept as it was typed; and
    nothing that holds a number which is always removed, as a mail address can.
    """
    if not value or len(value) > _MAX_VALUE:
        raise Invalid(Fault("value", "too_long" if value else "required", _MAX_VALUE if value else None))
    found, whole = None, False
    with suppress(Exception):  # whatever went wrong, the value must not get past this line
        found, whole = scrubber.scrub(value), scrubber.may_leave(value)
    if found is None:
        raise Unavailable
    kinds = [finding.kind for finding in found.findings]
    if len(kinds) != 1 or kinds[0] not in _PUBLIC or found.text != f"[{kinds[0]}]" or not whole:
        raise Invalid(Fault("value", "not_public"))
    return kinds[0]


async def _page(request: ServiceRequest, person: Person, problem: Invalid | None = None) -> Response:
    marks = request.state["store"].marks
    values = {
        "wrong": await marks.wrong(person.scope),
        "allowed": await marks.allowed(),
        "may_allow": person.role is Role.ADMIN and person.scope.sites is None,
    }
    return form_page(request, "review/removals.html", person, values, problem=problem)
