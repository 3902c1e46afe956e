"""What the counts say: pages in order, days, weeks by site, section and kind; every question once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from feedback.model import (
    Counts,
    DayCounts,
    PageCounts,
    PageFilters,
    PageOrder,
    Scope,
    Trend,
    TrendFilters,
)
from feedback.model.share import Z
from feedback.store.counts import COUNTED, page_id
from feedback.store.database import Database, Row

_EPOCH: Final = date(1970, 1, 1)
_SUMS: Final = ", ".join(f"sum({column}) AS {column}" for column in COUNTED)
_WEEK: Final = 7
WEEKS: Final = 13
# What is compared with as many days before where nobody says since when.
_COMPARED_DAYS: Final = 28
_RECENT_DAYS: Final = (7, 30, 90)


def _bound(yes: str, no: str, sign: str) -> str:
    """The lower (`-`) or upper (`+`) bound of a share, as `Share.of` reckons it."""
    votes = f"CAST({yes} + {no} AS DOUBLE PRECISION)"
    return (
        f"(({yes} + {Z * Z / 2} {sign} {Z} * sqrt({yes} * {no} / {votes} + {Z * Z / 4})) "
        f"/ ({votes} + {Z * Z}))"
    )


def _share(yes: str, no: str) -> str:
    return f"({yes} / CAST({yes} + {no} AS DOUBLE PRECISION))"


def _fall() -> str:
    """How far the share has fallen at least, as `Change.between` reckons its upper bound."""
    before, now = _share("yes_before", "no_before"), _share("yes_votes", "no_votes")
    over = f"({_bound('yes_votes', 'no_votes', '+')} - {now})"
    under = f"({before} - {_bound('yes_before', 'no_before', '-')})"
    return f"{before} - {now} - sqrt({over} * {over} + {under} * {under})"


_ORDERS: Final = {
    # Without votes nothing is known: the bound would be 1.
    PageOrder.WORST: f"CASE WHEN yes_votes + no_votes > 0 THEN {_bound('yes_votes', 'no_votes', '+')} "
    "ELSE 2 END",
    PageOrder.WORSENING: f"{_fall()} DESC",
    PageOrder.SUBMISSIONS: "submissions DESC",
    PageOrder.NO_VOTES: "no_votes DESC",
    PageOrder.COMMENTS: "comments DESC",
}


class _Values:
    """The values of a statement in the order of their `$n`."""

    def __init__(self) -> None:
        self.all: list[object] = []

    def __call__(self, value: object) -> str:
        self.all.append(value)
        return f"${len(self.all)}"


async def pages(database: Database, filters: PageFilters, scope: Scope) -> tuple[PageCounts, ...]:
    """The pages in scope of the filters in their order, with their words of late and their last weeks."""
    values = _Values()
    compared = filters.order is PageOrder.WORSENING
    conditions = _in_scope(scope, filters.site, values)
    if filters.prefix is not None:
        conditions.append(f"substr(path, 1, {values(len(filters.prefix))}) = {values(filters.prefix)}")
    if compared:
        conditions.append("yes_votes + no_votes > 0 AND yes_before + no_before > 0")
    columns = ", ".join((*COUNTED, *(("yes_before", "no_before") if compared else ())))
    rows = await database.fetch(
        f"SELECT id, site, path, {columns} FROM {_source(filters, values)} "
        + (f"WHERE {' AND '.join(conditions)} " if conditions else "")
        + f"ORDER BY {_ORDERS[filters.order]}, site, path "
        f"LIMIT {values(filters.limit)} OFFSET {values(filters.offset)}",
        *values.all,
    )
    recent = await _recent(database, [row["id"] for row in rows], _number(filters.today))
    return tuple(
        PageCounts(
            row["site"],
            row["path"],
            _counts(row),
            Counts(0, int(row["yes_before"]), int(row["no_before"]), 0) if compared else None,
            *recent.get(row["id"], (0, 0, 0, (Counts(),) * WEEKS)),
        )
        for row in rows
    )


def _source(filters: PageFilters, values: _Values) -> str:
    """All that was ever counted of each page, or what was counted on the days asked for."""
    if filters.since is None and filters.until is None and filters.order is not PageOrder.WORSENING:
        return "page"
    # The counts of `page` itself would stand in the way.
    names = "JOIN (SELECT id, site, path FROM page) AS page ON page.id = days.page"
    if filters.order is not PageOrder.WORSENING:
        days = [
            f"day {comparison} {values(_number(day))}"
            for comparison, day in ((">=", filters.since), ("<", filters.until))
            if day is not None
        ]
        return (
            f"(SELECT page, {_SUMS} FROM page_day WHERE {' AND '.join(days)} GROUP BY page) AS days {names}"
        )
    until = _number(filters.until or filters.today) + (filters.until is None)
    since = _number(filters.since) if filters.since is not None else until - _COMPARED_DAYS
    before = _number(filters.before) if filters.before is not None else since - (until - since)
    begin, split, end = values(before), values(since), values(until)
    now = f"SELECT page, {_SUMS} FROM page_day WHERE day >= {split} AND day < {end} GROUP BY page"
    earlier = (
        "SELECT page, sum(yes_votes) AS yes_before, sum(no_votes) AS no_before FROM page_day "
        f"WHERE day >= {begin} AND day < {split} GROUP BY page"
    )
    return f"({now}) AS days JOIN ({earlier}) AS earlier ON earlier.page = days.page {names}"


async def _recent(
    database: Database, ids: Sequence[int], today: int
) -> dict[int, tuple[int, int, int, tuple[Counts, ...]]]:
    """Submissions with words of each page in the last 7, 30 and 90 days, and its weeks; today included."""
    if not ids:
        return {}
    values = _Values()
    which = ", ".join(map(values, ids))
    last = values(today)
    recent = ", ".join(
        f"sum(CASE WHEN day > {values(today - days)} THEN comments ELSE 0 END) AS comments_{days}"
        for days in _RECENT_DAYS
    )
    rows = await database.fetch(
        f"SELECT page, ({last} - day) / {_WEEK} AS weeks_ago, {_SUMS}, {recent} FROM page_day "
        f"WHERE page IN ({which}) AND day <= {last} AND day > {values(today - WEEKS * _WEEK)} "
        "GROUP BY page, weeks_ago",
        *values.all,
    )
    weeks: dict[int, list[Counts]] = {key: [Counts()] * WEEKS for key in ids}
    words: dict[int, list[int]] = {key: [0] * len(_RECENT_DAYS) for key in ids}
    for row in rows:
        weeks[row["page"]][WEEKS - 1 - row["weeks_ago"]] = _counts(row)
        for place, days in enumerate(_RECENT_DAYS):
            words[row["page"]][place] += int(row[f"comments_{days}"])
    return {key: (words[key][0], words[key][1], words[key][2], tuple(weeks[key])) for key in ids}


async def days(database: Database, filters: TrendFilters, scope: Scope) -> tuple[DayCounts, ...]:
    """The days on which something in scope came, oldest first, without what was removed."""
    values = _Values()
    table, conditions = "site_day", _of_period(filters, values)
    if filters.site is not None and filters.path is not None:
        if not scope.includes(filters.site):
            return ()
        table = "page_day"
        conditions.append(f"page = {values(page_id(filters.site, filters.path))}")
    else:
        conditions += _in_scope(scope, filters.site, values)
    if filters.section is not None:
        table = "section_day"
        conditions.append(f"section = {values(filters.section)}")
    rows = await database.fetch(
        f"SELECT day, {_SUMS} FROM {table} WHERE {' AND '.join(conditions)} GROUP BY day ORDER BY day",
        *values.all,
    )
    return tuple(DayCounts(_EPOCH + timedelta(days=row["day"]), _counts(row), {}) for row in rows)


async def trend(database: Database, filters: TrendFilters, scope: Scope) -> tuple[DayCounts, ...]:
    """The days on which something in scope came, oldest first, with what was removed by kind."""
    values = _Values()
    rows = await database.fetch(
        "SELECT day, kind, sum(count) AS count FROM removed_day "
        f"WHERE {' AND '.join(_of_removed(filters, scope, values))} GROUP BY day, kind ORDER BY day, kind",
        *values.all,
    )
    kinds: dict[date, dict[str, int]] = {}
    for row in rows:
        if row["count"]:
            kinds.setdefault(_EPOCH + timedelta(days=row["day"]), {})[row["kind"]] = int(row["count"])
    return tuple(
        DayCounts(each.day, each.counts, kinds.get(each.day, {}))
        for each in await days(database, filters, scope)
    )


async def by_site(database: Database, filters: TrendFilters, scope: Scope, step: int) -> tuple[Trend, ...]:
    """Each site in steps of so many days; the last step ends with the period."""
    return await _by(database, "site_day", "site", filters, scope, step)


async def by_section(database: Database, filters: TrendFilters, scope: Scope, step: int) -> tuple[Trend, ...]:
    """Each section (first part of the path) of each site in steps of so many days."""
    return await _by(database, "section_day", "site, section", filters, scope, step)


async def _by(
    database: Database, table: str, keys: str, filters: TrendFilters, scope: Scope, step: int
) -> tuple[Trend, ...]:
    values = _Values()
    ago = _steps_ago(filters, step, values)
    which = [*_of_period(filters, values), *_in_scope(scope, filters.site, values)]
    rows = await database.fetch(
        f"SELECT {keys}, {ago} AS ago, {_SUMS} FROM {table} WHERE {' AND '.join(which)} GROUP BY {keys}, ago",
        *values.all,
    )
    size = steps_in(filters, step)
    found: dict[tuple[str, ...], list[Counts]] = {}
    for row in rows:
        key = tuple(row[name] for name in keys.split(", "))
        found.setdefault(key, [Counts()] * size)[size - 1 - row["ago"]] = _counts(row)
    return tuple(
        Trend(key[0], key[1] if len(key) > 1 else None, tuple(steps)) for key, steps in sorted(found.items())
    )


async def by_kind(
    database: Database, filters: TrendFilters, scope: Scope, step: int
) -> dict[str, tuple[int, ...]]:
    """How many numbers of each kind were removed, in steps of so many days."""
    values = _Values()
    ago = _steps_ago(filters, step, values)
    rows = await database.fetch(
        f"SELECT kind, {ago} AS ago, sum(count) AS count FROM removed_day "
        f"WHERE {' AND '.join(_of_removed(filters, scope, values))} "
        "GROUP BY kind, ago",
        *values.all,
    )
    size = steps_in(filters, step)
    kinds: dict[str, list[int]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], [0] * size)[size - 1 - row["ago"]] = int(row["count"])
    return {kind: tuple(counts) for kind, counts in sorted(kinds.items()) if any(counts)}


def steps_in(filters: TrendFilters, step: int) -> int:
    """How many steps a period has; the first one may be short."""
    return -((filters.since - filters.until).days // step)


def _of_removed(filters: TrendFilters, scope: Scope, values: _Values) -> list[str]:
    conditions = [*_of_period(filters, values), *_in_scope(scope, filters.site, values)]
    if filters.site is not None and filters.path is not None:
        conditions.append(f"page = {values(page_id(filters.site, filters.path))}")
    return conditions


def _of_period(filters: TrendFilters, values: _Values) -> list[str]:
    return [f"day >= {values(_number(filters.since))}", f"day < {values(_number(filters.until))}"]


def _in_scope(scope: Scope, site: str | None, values: _Values) -> list[str]:
    sites = scope.narrowed(site).sites
    if sites is None:
        return []
    # No site is NULL: nothing is found, and without looking.
    return [f"site IN ({', '.join(map(values, sorted(sites)))})" if sites else "site IS NULL"]


def _steps_ago(filters: TrendFilters, step: int, values: _Values) -> str:
    return f"({values(_number(filters.until) - 1)} - day) / {step}"


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _counts(row: Row) -> Counts:
    # sum() of BIGINT is NUMERIC in PostgreSQL.
    return Counts(*(int(row[column]) for column in COUNTED))
