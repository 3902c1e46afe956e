"""Pages by their votes, and one page with its trend and its changes; as pages and as JSON."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from feedback.errors import Fault, Invalid, InvalidQuery, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import FORM, decode_form
from feedback.ids import new_id
from feedback.model import Counts, PageCounts, PageOrder, Person, Role, ScrubbedPageChange
from feedback.model.audit import Action
from feedback.model.share import Change, Share
from feedback.review import charts
from feedback.review.audited import entry
from feedback.review.figures_query import STEP, parse_day, parse_pages, today, trend_filters
from feedback.review.guard import needs
from feedback.review.own_words import scrub_own
from feedback.review.steps import COMPARED_DAYS, effects, marks, weekly
from feedback.state import ServiceRequest

_BODY_LIMIT: Final = 16_384  # bytes
_MAX_NOTE: Final = 200  # characters
_SHOWN: Final = 50  # pages of a site on one page of the list
_PAGE_PERIODS: Final = ("13w", "52w")


@needs(Role.VIEWER)
async def get_pages(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/pages?...: the pages of the last weeks, worst first."""
    query = parse_pages(request.query_params, today(), period="13w")
    filters = replace(query.filters, limit=_SHOWN + 1, offset=(query.number - 1) * _SHOWN)
    found = await request.state["store"].pages(filters, person.scope)
    kept = {name: value for name, value in request.query_params.items() if value and name != "page"}
    return show(
        request,
        "review/pages.html",
        person,
        {
            "pages": found[:_SHOWN],
            "last_day": (filters.until or today()) - timedelta(days=1),
            "query": query,
            "asked": request.query_params,
            "orders": (PageOrder.WORST, PageOrder.WORSENING, PageOrder.SUBMISSIONS, PageOrder.COMMENTS),
            "sites": known_sites(request, person),
            "previous": urlencode(kept | {"page": query.number - 1}) if query.number > 1 else None,
            "next": urlencode(kept | {"page": query.number + 1}) if len(found) > _SHOWN else None,
            "change": lambda page: Change.between(page.before.share, page.counts.share),
        },
    )


@needs(Role.VIEWER)
async def get_page(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/page?site=&path=: one page, week by week, and what its changes did."""
    site, path = _page_asked(request.query_params, person)
    period = request.query_params.get("period") or _PAGE_PERIODS[0]
    if period not in _PAGE_PERIODS:
        raise InvalidQuery(Fault("period", "not_choice"))
    store = request.state["store"]
    filters = trend_filters(today(), period, site, path=path)
    changes = await store.page_changes(site, path, person.scope)
    earliest = min([filters.since, *(change.day - timedelta(days=COMPARED_DAYS) for change in changes)])
    days = await store.days(replace(filters, since=earliest), person.scope)
    return show(
        request,
        "review/page.html",
        person,
        {
            "site": site,
            "path": path,
            "address": urlencode({"site": site, "path": path}),
            "period": period,
            "periods": _PAGE_PERIODS,
            "steps": (steps := weekly(filters, days)),
            "total": sum((step.counts for step in steps), Counts()),
            "marks": marks(filters, changes),
            "effects": effects(changes, days, filters.until),
            "today": today(),
            "max_note": _MAX_NOTE,
        },
    )


@needs(Role.REVIEWER)
async def post_change(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/page/changes: note that a page was changed on a day."""
    media_type(request, FORM)
    fields = decode_form(await read_body(request, _BODY_LIMIT), ("site", "path", "day", "note"))
    site, path = _page_asked(fields, person)
    day = parse_day(fields.get("day"))
    if day is None or not today() - timedelta(days=3650) <= day <= today():
        raise Invalid(Fault("day", "not_past_day"))
    note = scrub_own("note", fields.get("note"), _MAX_NOTE, request.state["scrubber"])
    change = ScrubbedPageChange(str(new_id()), day, note, person.name)
    added = entry(request, person, Action.PAGE_CHANGE_ADDED, change.id)
    if not await request.state["store"].add_page_change(site, path, change, person.scope, added):
        raise NotFound
    return _back(request, site, path)


@needs(Role.REVIEWER)
async def post_change_removed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/page/changes/{id}/remove: take such a note back."""
    media_type(request, FORM)
    site, path = _page_asked(decode_form(await read_body(request, _BODY_LIMIT), ("site", "path")), person)
    key = request.path_params["id"]
    removed = entry(request, person, Action.PAGE_CHANGE_REMOVED, key)
    if not await request.state["store"].remove_page_change(site, path, key, person.scope, removed):
        raise NotFound
    return _back(request, site, path)


@needs(Role.VIEWER)
async def get_pages_json(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/pages: the same list for scripts; without days all that was ever counted."""
    query = parse_pages(request.query_params, today())
    limit = query.filters.limit
    found = await request.state["store"].pages(replace(query.filters, limit=limit + 1), person.scope)
    return JSONResponse(
        {
            "items": [_page_json(page) for page in found[:limit]],
            "step_days": STEP,
            "next": query.number + 1 if len(found) > limit else None,
        }
    )


def show(request: ServiceRequest, name: str, person: Person, values: Mapping[str, object]) -> Response:
    """A page of figures."""
    templates = request.state["templates"]
    lang = templates.words.language(request.headers.get("accept-language"))
    months = templates.words.say(lang, "figures.months").split()

    def day_name(day: date, *, year: bool = False) -> str:
        return f"{day.day} {months[day.month - 1]}" + (f" {day.year}" if year else "")

    shared = {
        "person": person,
        "may_change": person.role.includes(Role.REVIEWER),
        "charts": charts,
        "day_name": day_name,
    }
    return templates.page(request, name, {**shared, **values}, lang=lang)


def known_sites(request: ServiceRequest, person: Person) -> list[str]:
    """The sites that somebody may look at, as far as the settings name them."""
    sites = person.scope.sites
    return sorted(request.state["sites"].origins if sites is None else sites)


def counts_json(counts: Counts) -> dict[str, Any]:
    """Counts as scripts see them."""
    return {
        "submissions": counts.submissions,
        "yes": counts.yes,
        "no": counts.no,
        "comments": counts.comments,
        "useful": _share_json(counts.share),
    }


def _share_json(share: Share | None) -> dict[str, float] | None:
    if share is None:
        return None
    return {
        "share": round(share.value, 4),
        "low": round(share.low, 4),
        "high": round(share.high, 4),
        "votes": share.votes,
    }


def _page_json(page: PageCounts) -> dict[str, Any]:
    change = Change.between(page.before.share, page.counts.share) if page.before else None
    return {
        "site": page.site,
        "path": page.path,
        **counts_json(page.counts),
        "change": change
        and {"share": round(change.value, 4), "low": round(change.low, 4), "high": round(change.high, 4)},
        "comments_7": page.comments_7,
        "comments_30": page.comments_30,
        "comments_90": page.comments_90,
        "trend": [counts_json(week) for week in page.weeks],
    }


def _page_asked(fields: Mapping[str, object], person: Person) -> tuple[str, str]:
    site, path = fields.get("site"), fields.get("path")
    if not isinstance(site, str) or not isinstance(path, str) or not site or not path:
        raise InvalidQuery(Fault("site" if not site else "path", "required"))
    if not person.scope.includes(site):
        raise NotFound
    return site, path


def _back(request: ServiceRequest, site: str, path: str) -> Response:
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/admin/page?{urlencode({'site': site, 'path': path})}#changes", 303)
