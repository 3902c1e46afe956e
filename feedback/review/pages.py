"""The inbox: what came in, filtered by its address, and changes of many; complete without JavaScript."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid
from feedback.http.body import media_type, read_body
from feedback.http.decode import FORM, decode_form
from feedback.model import ANY_KIND, Filters, Person, Role, Scope, Status
from feedback.model.audit import Action
from feedback.model.desk import MAX_CHANGED, Changed
from feedback.review.api import own
from feedback.review.audited import entry
from feedback.review.changes import parse_change
from feedback.review.desk_api import change_all, change_some, chosen_by, next_of
from feedback.review.desk_page import address, can_be_given, desk_page, kept_query, list_query, team
from feedback.review.filters import NAMES, NOT_CHOOSING, parse_filters, write_cursor
from feedback.review.guard import needs
from feedback.review.page_figures import known_sites
from feedback.state import ServiceRequest

_BODY_LIMIT: Final = 16_384  # bytes
_PAGE: Final = 25  # items
_CHANGES: Final = ("status", "assignee", "add_tag", "remove_tag")
# What the address of the inbox says of the action that led there.
_TOLD: Final = ("changed", "undone", "rest")
_WHICH: Final = ("selected", "all", "everything")
# What goes on with a change of more than one action may change.
_GOES_ON: Final = ("which", "next", *_CHANGES)
# What the fold-out of filters holds, beside status and words.
FOLDED: Final = (
    "site",
    "path",
    "useful",
    "tag",
    "assignee",
    "lang",
    "kind",
    "since",
    "until",
    "urgent",
    "sort",
)


@needs(Role.VIEWER)
async def get_home(request: ServiceRequest, person: Person) -> Response:
    """GET /admin: the inbox is where work begins."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/admin/feedback", 303)


@needs(Role.VIEWER)
async def get_inbox(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/feedback?...: what came in, newest first; spam only where it is asked for."""
    asked = {name: value for name, value in request.query_params.items() if name not in _TOLD}
    filters = inbox_filters(asked, person)
    store = request.state["store"]
    page = await store.find(replace(filters, limit=_PAGE), person.scope)
    facets = await store.facets(filters, person.scope)
    accounts = await team(request)
    kept = kept_query(request, "cursor")
    listed = Scope(frozenset(item.site for item in page.items))
    last = await store.changes.last_action(person.id)
    return desk_page(
        request,
        "review/inbox.html",
        person,
        {
            "items": page.items,
            "asked": kept,
            "folded": [name for name in FOLDED if name in kept],
            "counts": facets.shown,
            "all_but_spam": facets.shown("status", *(each for each in Status if each != Status.SPAM)),
            "with_": lambda **change: urlencode(
                {name: value for name, value in (kept | change).items() if value is not None}
            ),
            "query": urlencode(kept_query(request)),
            "next": urlencode(kept | {"cursor": write_cursor(page.next)}) if page.next else None,
            "newest": urlencode(kept) if "cursor" in asked else None,
            "download": urlencode(kept | ({"spam": "no"} if filters.hide_spam else {})),
            "sites": known_sites(request, person),
            "names": {each.id: each.name for each in accounts},
            "assignees": [
                each
                for each in accounts
                if each.id in facets.counts.get("assignee", ()) or can_be_given(each, person.scope)
            ],
            "reviewers": [each for each in accounts if can_be_given(each, listed)],
            "kinds": [ANY_KIND, *request.state["scrubber"].kinds],
            "languages": sorted(
                {*request.state["settings"].languages, *facets.counts.get("lang", ())} - {""}
            ),
            "tags": sorted({*facets.counts.get("tag", ()), *([kept["tag"]] if "tag" in kept else [])}),
            "views": await store.views.of(person),
            "undoable": last.submissions,
            "told": {name: _number(request.query_params.get(name)) for name in ("changed", "undone")},
            "rest": _rest(request, last),
            "max_changed": MAX_CHANGED,
            "choosing": bool(kept.keys() - NOT_CHOOSING),
        },
    )


@needs(Role.REVIEWER)
async def post_bulk(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/bulk: change those that are ticked, or all that the filters choose."""
    media_type(request, FORM)
    body = await read_body(request, _BODY_LIMIT)
    fields = decode_form(body, ("query", *_GOES_ON))
    asked = {name: str(fields[name]) for name in _CHANGES if fields.get(name)}
    change = await parse_change(request, person, asked)
    which = fields.get("which", "selected")
    if which not in _WHICH:
        raise Invalid(Fault("which", "not_choice"))
    query = list_query(str(fields.get("query", "")))
    if which == "selected":
        ticked = [value for name, value in parse_qsl(body.decode("utf-8")) if name == "ids"]
        done = await change_some(request, person, change, ticked)
    else:
        query.pop("cursor", None)
        chosen = {} if which == "everything" else chosen_by(query)
        # As the inbox lists them: without spam unless it is asked for.
        shown = chosen if "status" in chosen else {**chosen, "spam": "no"}
        done = await change_all(request, person, change, shown, fields.get("next"))
    going_on = next_of(done)
    rest = {"which": str(which), "next": going_on, **asked} if going_on else None
    return _back(request, _known(query), "changed", done, rest)


@needs(Role.REVIEWER)
async def post_undo(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/undo: take back what one changed last."""
    media_type(request, FORM)
    fields = decode_form(await read_body(request, _BODY_LIMIT), ("query",))
    undone = entry(request, person, Action.FEEDBACK_CHANGED)
    done = await request.state["store"].changes.undo(person.scope, undone)
    return _back(request, _known(list_query(str(fields.get("query", "")))), "undone", done)


def inbox_filters(asked: dict[str, str], person: Person) -> Filters:
    """The filters of an inbox's address; raises InvalidQuery. Spam is hidden unless it is asked for."""
    filters = parse_filters(own(asked, person))
    return replace(filters, hide_spam="status" not in filters.equals)


def _known(query: Mapping[str, str]) -> dict[str, str]:
    """The filters of the list that a form was sent from."""
    return {name: value for name, value in query.items() if name in NAMES and name != "limit"}


def _rest(request: ServiceRequest, last: Changed) -> dict[str, str]:
    """The fields that go on with a change of many; none unless it is what the person changed last."""
    fields = list_query(request.query_params.get("rest", ""))
    if not last.action or fields.get("next", "").partition(".")[2] != last.action:
        return {}
    return {name: fields[name] for name in _GOES_ON if name in fields}


def _back(
    request: ServiceRequest,
    query: dict[str, str],
    told: str,
    done: Changed,
    rest: Mapping[str, str] | None = None,
) -> Response:
    shown = query | {told: str(done.submissions)} | ({"rest": urlencode(rest)} if rest else {})
    return RedirectResponse(address(request, "/admin/feedback", shown), 303)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else None
