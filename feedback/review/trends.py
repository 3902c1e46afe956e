"""How feedback goes over time: by site, by section and by kind of what was removed; as pages and as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from feedback.model import Counts, Person, Role, Trend
from feedback.review.figures_query import (
    BY,
    PERIODS,
    STEP,
    TrendsQuery,
    parse_trends,
    today,
)
from feedback.review.guard import needs
from feedback.review.page_figures import counts_json, known_sites, show
from feedback.review.steps import first_days, steps_of, weekly
from feedback.state import ServiceRequest
from feedback.store import Store

T = TypeVar("T")

# Sections that a page shows; those with the most votes.
_SHOWN: Final = 50


@needs(Role.VIEWER)
async def get_trends(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/trends?by=site|section|kind: what came in week by week."""
    query = parse_trends(request.query_params, today())
    filters = query.filters
    store, size = request.state["store"], len(first_days(filters))
    trends: Sequence[Trend] = ()
    kinds: dict[str, tuple[int, ...]] = {}
    if query.by == "kind":
        kinds = await store.trends_by_kind(filters, person.scope, STEP)
        steps = steps_of(filters, [Counts(sum(step)) for step in _across(kinds.values(), size)])
    elif filters.section is not None:
        steps = weekly(filters, await store.days(filters, person.scope))
    else:
        trends = await _trends(store, query, person)
        steps = steps_of(
            filters, [sum(step, Counts()) for step in _across((one.steps for one in trends), size)]
        )
    kept = {name: value for name, value in request.query_params.items() if value}
    return show(
        request,
        "review/trends.html",
        person,
        {
            "query": query,
            "steps": steps,
            "total": sum((step.counts for step in steps), Counts()),
            "trends": sorted(trends, key=lambda one: -one.total.submissions)[:_SHOWN],
            "kinds": sorted(kinds.items(), key=lambda one: -sum(one[1])),
            "ways": BY,
            "periods": [
                each for each in PERIODS if each != "52w" or query.by != "section" or filters.section
            ],
            "sites": known_sites(request, person),
            "with_query": lambda **changed: urlencode(
                {name: value for name, value in (kept | changed).items() if value}
            ),
        },
    )


@needs(Role.VIEWER)
async def get_trends_json(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/trends?by=site|section|kind: the same for scripts."""
    query = parse_trends(request.query_params, today())
    store, filters = request.state["store"], query.filters
    items: list[dict[str, Any]]
    if query.by == "kind":
        kinds = await store.trends_by_kind(filters, person.scope, STEP)
        items = [{"kind": kind, "total": sum(steps), "steps": steps} for kind, steps in kinds.items()]
    elif filters.section is not None:
        steps = weekly(filters, await store.days(filters, person.scope))
        items = [_trend_json(Trend(filters.site or "", filters.section, tuple(s.counts for s in steps)))]
    else:
        items = [_trend_json(one) for one in await _trends(store, query, person)]
    return JSONResponse(
        {
            "by": query.by,
            "step_days": STEP,
            "steps": [day.isoformat() for day in first_days(filters)],
            "items": items,
        }
    )


async def _trends(store: Store, query: TrendsQuery, person: Person) -> Sequence[Trend]:
    ask = store.trends_by_section if query.by == "section" else store.trends_by_site
    return await ask(query.filters, person.scope, STEP)


def _trend_json(trend: Trend) -> dict[str, Any]:
    return {
        "site": trend.site,
        "section": trend.section,
        "total": counts_json(trend.total),
        "steps": [counts_json(step) for step in trend.steps],
    }


def _across(rows: Iterable[Sequence[T]], steps: int) -> list[tuple[T, ...]]:
    """The first of all rows, the second of all rows...; as many as there are steps, without rows too."""
    rows = list(rows)
    return list(zip(*rows, strict=True)) if rows else [()] * steps
