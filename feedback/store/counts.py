"""Counts by page and day, kept in the transaction of each submission, so that no question scans the rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from feedback.model import (
    Counts,
    DayCounts,
    Feedback,
    PageCounts,
    PageFilters,
    PageOrder,
    Removed,
    Scope,
    ScrubbedFeedback,
    TrendFilters,
    Useful,
)
from feedback.store.database import Database, Row, Transaction

_DAY: Final = 86_400_000  # milliseconds
_EPOCH: Final = date(1970, 1, 1)
_COUNTED: Final = ("submissions", "yes_votes", "no_votes", "comments")
_SUMS: Final = ", ".join(f"sum({column}) AS {column}" for column in _COUNTED)
# Rows that one statement writes; more are written by the next.
_AT_ONCE: Final = 64
_RECENT_DAYS: Final = (7, 30, 90)
_ORDERS: Final = {
    PageOrder.SUBMISSIONS: "submissions",
    PageOrder.NO_VOTES: "no_votes",
    PageOrder.COMMENTS: "comments",
}

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one submission adds to the counts (`times` 1) or takes from them (`times` -1)."""

    site: str
    path: str
    received_at: int  # epoch milliseconds
    useful: Useful | None
    words: bool
    removed: Sequence[Removed]
    times: int = 1

    @classmethod
    def of(cls, feedback: ScrubbedFeedback) -> "Counted":
        """A submission that is new."""
        words = bool(feedback.doing or feedback.comment)
        site, path = feedback.site.text, feedback.path.text
        return cls(site, path, feedback.received_at, feedback.useful, words, feedback.removed)

    @classmethod
    def moved(cls, feedback: Feedback, times: int) -> "Counted":
        """A stored submission that becomes spam (-1), or is none after all (1)."""
        words = bool(feedback.doing or feedback.comment)
        return cls(
            feedback.site,
            feedback.path,
            feedback.received_at,
            feedback.useful,
            words,
            feedback.removed,
            times,
        )


@dataclass
class _Sums:
    """What a transaction adds, one row for each key."""

    pages: dict[Key, list[int]] = field(default_factory=dict)
    page_days: dict[Key, list[int]] = field(default_factory=dict)
    site_days: dict[Key, list[int]] = field(default_factory=dict)
    removed: Counter[Key] = field(default_factory=Counter)

    def add(self, one: Counted) -> None:
        day = one.received_at // _DAY
        page = page_id(one.site, one.path)
        values = (1, one.useful is Useful.YES, one.useful is Useful.NO, one.words)
        for rows, key in (
            (self.pages, (page, one.site, one.path)),
            (self.page_days, (page, day)),
            (self.site_days, (one.site, day)),
        ):
            row = rows.setdefault(key, [0] * len(_COUNTED))
            for place, value in enumerate(values):
                row[place] += one.times * value
        for each in one.removed:
            self.removed[one.site, day, page, each.kind] += one.times * each.count


async def count(transaction: Transaction, submissions: Iterable[Counted]) -> None:
    """Add submissions to the counts."""
    sums = _Sums()
    for one in submissions:
        sums.add(one)
    removed = {key: [value] for key, value in sums.removed.items()}
    for table, keys, names, columns, rows in (
        ("page", "id", ", site, path", _COUNTED, sums.pages),
        ("page_day", "page, day", "", _COUNTED, sums.page_days),
        ("removed_day", "site, day, page, kind", "", ("count",), removed),
        # Last: rows that all processes write are held only for the rest of the transaction.
        ("site_day", "site, day", "", _COUNTED, sums.site_days),
    ):
        # In the order of the keys, so that two processes never wait for each other's rows.
        ordered = sorted(rows.items())
        for start in range(0, len(ordered), _AT_ONCE):
            part = ordered[start : start + _AT_ONCE]
            await transaction.fetch(
                _upsert(table, keys, names, columns, len(part)),
                *(value for key, values in part for value in (*key, *values)),
            )


async def count_removed(transaction: Transaction, removed: Counter[Key]) -> None:
    """Add numbers removed later than in the transaction of their submission, by `removed_key`."""
    ordered = sorted(removed.items())
    for start in range(0, len(ordered), _AT_ONCE):
        part = ordered[start : start + _AT_ONCE]
        await transaction.fetch(
            _upsert("removed_day", "site, day, page, kind", "", ("count",), len(part)),
            *(value for key, count in part for value in (*key, count)),
        )


def removed_key(site: str, path: str, received_at: int, kind: str) -> Key:
    """Where `removed_day` counts a kind that was removed from a submission."""
    return (site, received_at // _DAY, page_id(site, path), kind)


async def move_page(transaction: Transaction, old: Row, site: str, path: str) -> None:
    """Give the counts of a page (`old`: id, site) to the page that newer rules make of its address."""
    page, new = old["id"], page_id(site, path)
    days = await transaction.fetch(
        f"DELETE FROM page_day WHERE page = $1 RETURNING day, {', '.join(_COUNTED)}", page
    )
    counted = [(row["day"], [row[column] for column in _COUNTED]) for row in days]
    whole = await transaction.fetch(f"DELETE FROM page WHERE id = $1 RETURNING {', '.join(_COUNTED)}", page)
    if not whole:
        return
    tables: list[tuple[str, str, str, list[tuple[Key, list[int]]]]] = [
        ("page", "id", ", site, path", [((new, site, path), [whole[0][column] for column in _COUNTED])]),
        ("page_day", "page, day", "", [((new, day), values) for day, values in counted]),
    ]
    if site != old["site"]:
        added = [((site, day), values) for day, values in counted]
        taken = [((old["site"], day), [-value for value in values]) for day, values in counted]
        tables.append(("site_day", "site, day", "", sorted(added + taken)))
    for table, keys, names, rows in tables:
        for key, values in rows:
            await transaction.fetch(_upsert(table, keys, names, _COUNTED, 1), *key, *values)
    removed = await transaction.fetch(
        "DELETE FROM removed_day WHERE site = $1 AND page = $2 RETURNING day, kind, count", old["site"], page
    )
    await count_removed(
        transaction, Counter({(site, row["day"], new, row["kind"]): row["count"] for row in removed})
    )
    if site != old["site"]:
        # A site that has nothing left to count would keep its name.
        nothing = " AND ".join(f"{column} = 0" for column in _COUNTED)
        await transaction.fetch(f"DELETE FROM site_day WHERE site = $1 AND {nothing}", old["site"])


@lru_cache(maxsize=512)
def _upsert(table: str, keys: str, names: str, columns: tuple[str, ...], rows: int) -> str:
    """A statement that adds so many rows to a table of counts; `names` are columns that the keys imply."""
    width = (keys + names).count(",") + 1 + len(columns)
    added = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns)
    return (
        f"INSERT INTO {table} ({keys}{names}, {', '.join(columns)}) VALUES {placeholders(rows, width)} "
        f"ON CONFLICT ({keys}) DO UPDATE SET {added}"
    )


@lru_cache(maxsize=512)
def placeholders(rows: int, width: int, first: int = 1) -> str:
    """`($1, $2), ($3, $4)`: so many rows of so many values."""
    return ", ".join(
        f"({', '.join(f'${first + row * width + column}' for column in range(width))})" for row in range(rows)
    )


async def pages(database: Database, filters: PageFilters, scope: Scope) -> tuple[PageCounts, ...]:
    """The pages in scope with the most of what is asked for, with their words of late."""
    sites = scope.narrowed(filters.site).sites
    if sites is not None and not sites:
        return ()
    values: list[object] = []

    def parameter(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    days = [
        f"day {comparison} {parameter(_number(day))}"
        for comparison, day in ((">=", filters.since), ("<", filters.until))
        if day is not None
    ]
    counted, source = "page", "page"
    if days:
        # By number of the page first, and its name afterwards: names are long to sort.
        counted = "days"
        source = (
            f"(SELECT page, {_SUMS} FROM page_day WHERE {' AND '.join(days)} GROUP BY page) AS days "
            "JOIN page ON page.id = days.page"
        )
    where = f"WHERE page.site IN ({', '.join(map(parameter, sorted(sites)))})" if sites is not None else ""
    columns = ", ".join(f"{counted}.{column} AS {column}" for column in _COUNTED)
    rows = await database.fetch(
        f"SELECT page.id AS id, page.site AS site, page.path AS path, {columns} FROM {source} {where} "
        f"ORDER BY {counted}.{_ORDERS[filters.order]} DESC, page.site, page.path "
        f"LIMIT {parameter(filters.limit)} OFFSET {parameter(filters.offset)}",
        *values,
    )
    recent = await _recent(database, [row["id"] for row in rows], _number(filters.today))
    return tuple(
        PageCounts(row["site"], row["path"], _counts(row), *recent.get(row["id"], (0, 0, 0))) for row in rows
    )


async def _recent(database: Database, ids: Sequence[int], today: int) -> dict[int, tuple[int, ...]]:
    """Submissions with words of each page in the last 7, 30 and 90 days, today included."""
    if not ids:
        return {}
    last = len(ids) + 1
    sums = ", ".join(
        f"sum(CASE WHEN day > ${last + place} THEN comments ELSE 0 END) AS comments_{days}"
        for place, days in enumerate(_RECENT_DAYS, 1)
    )
    rows = await database.fetch(
        f"SELECT page, {sums} FROM page_day WHERE page IN {placeholders(1, len(ids))} "
        f"AND day <= ${last} AND day > ${last + len(_RECENT_DAYS)} GROUP BY page",
        *ids,
        today,
        *(today - days for days in _RECENT_DAYS),
    )
    return {row["page"]: tuple(int(row[f"comments_{days}"]) for days in _RECENT_DAYS) for row in rows}


async def trend(database: Database, filters: TrendFilters, scope: Scope) -> tuple[DayCounts, ...]:
    """The days on which something in scope came, oldest first: of one page, one site or everything."""
    sites = scope.narrowed(filters.site).sites
    if sites is not None and not sites:
        return ()
    period = (_number(filters.since), _number(filters.until))
    in_period = "WHERE day >= $1 AND day < $2"
    of: tuple[object, ...] = period
    table, which = "site_day", ""
    if sites is not None:
        of = (*period, *sorted(sites))
        which = f" AND site IN {placeholders(1, len(sites), first=3)}"
    removed_which, removed_of = which, of
    if filters.site is not None and filters.path is not None:
        page = page_id(filters.site, filters.path)
        table, which, of = "page_day", " AND page = $3", (*period, page)
        removed_which, removed_of = " AND site = $3 AND page = $4", (*period, filters.site, page)
    days = await database.fetch(
        f"SELECT day, {_SUMS} FROM {table} {in_period}{which} GROUP BY day ORDER BY day", *of
    )
    removed = await database.fetch(
        f"SELECT day, kind, sum(count) AS count FROM removed_day {in_period}{removed_which} "
        "GROUP BY day, kind ORDER BY day, kind",
        *removed_of,
    )
    kinds: dict[int, dict[str, int]] = {}
    for row in removed:
        if row["count"]:
            kinds.setdefault(row["day"], {})[row["kind"]] = int(row["count"])
    return tuple(
        DayCounts(_EPOCH + timedelta(days=row["day"]), _counts(row), kinds.get(row["day"], {}))
        for row in days
    )


def page_id(site: str, path: str) -> int:
    """A page's number, the same in every process: 63 bits of a hash, far too many for two pages to meet."""
    return int.from_bytes(blake2b(f"{site}\0{path}".encode(), digest_size=8).digest()) >> 1


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _counts(row: Row) -> Counts:
    # sum() of BIGINT is NUMERIC in PostgreSQL.
    return Counts(*(int(row[column]) for column in _COUNTED))
