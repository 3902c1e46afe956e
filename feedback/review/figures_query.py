"""The query of pages and trends to their filters: known names, bounded spans of days, the rest refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from feedback.model import PageFilters, PageOrder, TrendFilters
from feedback.review.query import Query

# Days of all pages are summed up at most so many at a time: what answers within 100 ms on SQLite.
MAX_DAYS: Final = 92
STEP: Final = 7  # days
PERIODS: Final = {"4w": 28, "13w": 91, "52w": 364}
MAX_PAGE: Final = 1000
MAX_LIMIT: Final = 200
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(T[0-9:.]{2,15}(Z|[+ -]\d\d:\d\d)?)?", re.ASCII)
_PAGE_NAMES: Final = frozenset(("site", "path", "sort", "period", "since", "until", "page", "limit"))
_TREND_NAMES: Final = frozenset(("site", "section", "by", "period"))
_PAGE_PERIODS: Final = ("4w", "13w", "all")
BY: Final = ("site", "section", "kind")


def today() -> date:
    """The day that it is, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class PagesQuery:
    """What a list of pages was asked for."""

    filters: PageFilters
    period: str | None  # None: days of their own
    number: int  # of the page of the list, from 1


def parse_pages(query: Mapping[str, str], today: date, period: str | None = None) -> PagesQuery:
    """Read what pages are asked for; `period` stands where the query names no days.

    Raises InvalidQuery with a fault for each name that is not known and each value that breaks its rule.
    """
    read = Query(query, _PAGE_NAMES)
    order = read.choice("sort", tuple(PageOrder)) or PageOrder.WORST
    since, until = _day(read, "since"), _day(read, "until")
    end, before = today + timedelta(days=1), None
    if since is None and until is None:
        period = read.choice("period", _PAGE_PERIODS) or period or "all"
        if period != "all":
            since, until = end - timedelta(days=PERIODS[period]), end
        if order == PageOrder.WORSENING:
            # The last four weeks, compared with the rest of the time or, where there is none, as many.
            since, until = end - timedelta(days=PERIODS["4w"]), end
            before = until - timedelta(days=PERIODS["13w"] if period == "13w" else 2 * PERIODS["4w"])
    else:
        period = None
        until = until or end
        worsening = order == PageOrder.WORSENING
        since = since or until - timedelta(days=PERIODS["4w" if worsening else "13w"])
        most = MAX_DAYS // 2 if worsening else MAX_DAYS
        before = since - (until - since) if worsening else None
        if not 0 < (until - since).days <= most:
            read.note("until", "not_in_span", most)
    number = read.number("page", MAX_PAGE, 1)
    limit = read.number("limit", MAX_LIMIT, 50)
    site, path = read.text("site"), read.text("path")
    read.refuse()
    filters = PageFilters(
        today,
        site,
        since,
        until,
        PageOrder(order),
        limit,
        (number - 1) * limit,
        # A star is how the list of feedback says "begins with"; here every path is a beginning.
        path.removesuffix("*") if path else None,
        before,
    )
    return PagesQuery(filters, period, number)


@dataclass(frozen=True, slots=True)
class TrendsQuery:
    """What trends were asked for."""

    filters: TrendFilters
    by: str
    period: str


def parse_trends(query: Mapping[str, str], today: date) -> TrendsQuery:
    """Read what trends are asked for; raises InvalidQuery as `parse_pages` does."""
    read = Query(query, _TREND_NAMES)
    by = read.choice("by", BY) or "site"
    site, section = read.text("site"), read.text("section")
    period = read.choice("period", tuple(PERIODS)) or "13w"
    # Many sections by the day of a year are more than 100 ms; one section is not.
    if by == "section" and not section and period == "52w":
        read.note("period", "too_long_for_sections")
    if section and not site:
        read.note("site", "required")
    read.refuse()
    return TrendsQuery(trend_filters(today, period, site, section), by, period)


def trend_filters(
    today: date, period: str, site: str | None = None, section: str | None = None, path: str | None = None
) -> TrendFilters:
    """The days of a period that ends today."""
    until = today + timedelta(days=1)
    return TrendFilters(until - timedelta(days=PERIODS[period]), until, site, path, section)


def parse_day(text: object) -> date | None:
    """The day of an ISO 8601 date or time; None for anything else."""
    match = _DAY.fullmatch(text) if isinstance(text, str) else None
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _day(read: Query, name: str) -> date | None:
    value = read.text(name)
    day = parse_day(value)
    if day is not None and not date(1970, 1, 1) <= day < date(9000, 1, 1):
        day = None
    if value and day is None:
        read.note(name, "not_time")
    return day
