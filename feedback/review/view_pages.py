"""Saved views of the inbox: filters that somebody gives a name, for themselves or for everybody."""

from contextlib import suppress
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotFound, Unavailable
from feedback.ids import new_id
from feedback.model import Person, Role, Scope
from feedback.model.desk import SavedView
from feedback.review.desk_page import address, list_query
from feedback.review.filters import NAMES, parse_filters
from feedback.review.forms import read_form
from feedback.review.guard import needs
from feedback.review.own_words import scrub_own
from feedback.state import ServiceRequest
from scrubbers import Scrubber

_MAX_NAME: Final = 60  # characters
_NOT_KEPT: Final = ("cursor", "limit")


@needs(Role.VIEWER)
async def post_views(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/views: keep the filters of an address under a name; everybody's needs a reviewer."""
    fields = await read_form(request, ("name", "query", "shared"))
    name = scrub_own("name", fields["name"], _MAX_NAME, request.state["scrubber"]).text
    query = _scrubbed(list_query(fields["query"]), request.state["scrubber"])
    whose = None if fields["shared"] and person.role.includes(Role.REVIEWER) else person.id
    if whose is None:
        query = _of_own_sites(query, person.scope)
    view = SavedView(str(new_id()), name, urlencode(query), whose, person.name)
    if not await request.state["store"].views.add(view):
        raise Invalid(Fault("name", "too_many_views"))
    return RedirectResponse(address(request, "/admin/feedback", query), 303)


@needs(Role.VIEWER)
async def post_view_removed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/views/{id}/remove: forget a view."""
    await read_form(request, ())
    store = request.state["store"]
    if not await store.views.remove(request.path_params["id"], person):
        raise NotFound
    return RedirectResponse(address(request, "/admin/feedback", {}), 303)


def _of_own_sites(query: dict[str, str], scope: Scope) -> dict[str, str]:
    """The filters of a view for everybody: from whoever may see some sites alone, they name one of those."""
    if scope.sites is None:
        return query
    if "site" not in query and len(scope.sites) == 1:
        return query | {"site": min(scope.sites)}
    if query.get("site") not in scope.sites:
        raise Invalid(Fault("site", "not_choice" if "site" in query else "required"))
    return query


def _scrubbed(query: dict[str, str], scrubber: Scrubber) -> dict[str, str]:
    """The known filters of a query, valid, their words scrubbed: people search for what none may keep."""
    kept = {name: value for name, value in query.items() if name in NAMES and name not in _NOT_KEPT and value}
    parse_filters(kept)
    for name in ("q", "path", "tag"):
        if name in kept:
            text = None
            with suppress(Exception):  # whatever went wrong, the text must not get past this line
                text = scrubber.scrub(kept[name]).text
            if text is None:
                raise Unavailable
            kept[name] = text
    return kept
