"""No statement of the store reads a table from one end to the other: each has an index that serves it."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from feedback.audit import Action, AuditEntry, AuditFilters
from feedback.model import Cursor, Filters, PageFilters, PageOrder, Role, Status, TrendFilters
from feedback.store import Store
from feedback.store.database import Row, Transaction
from tests.store.samples import NOON, SITE, day_of, opened, some_feedback

TODAY = day_of(NOON)
# One row a page (`days` sums them up by an index), or one row at all: nothing that grows with what comes in.
SMALL = r"page|days|upkeep|schema_version|(?:\d+ )?CONSTANT ROWS?"

Asked = list[tuple[str, tuple[object, ...]]]


async def ask_everything(store: Store) -> None:
    """Call every method with every kind of filter."""
    rows = [some_feedback(f"words {number}", NOON + number) for number in range(20)]
    await asyncio.gather(*map(store.add, rows))
    await store.add(rows[0])
    page = {"site": SITE, "path": "/bins"}
    for filters in (
        Filters(),
        Filters(hide_spam=True),
        Filters(after=Cursor(5), since=1, until=NOON),
        Filters({"status": "open"}),
        Filters(page),
        Filters({**page, "status": "new"}, since=1, after=Cursor(2**62)),
        Filters({"site": SITE, "lang": "cy", "useful": "yes"}, path_prefix="/b"),
        Filters(q="words"),
        Filters(
            {**page, "status": "new"}, q="words 7", since=1, until=NOON, after=Cursor(2**62), hide_spam=True
        ),
    ):
        await store.find(filters)
    await store.find_one(rows[0].id)
    await store.set_status(rows[0].id, Status.SPAM)
    month = TODAY - timedelta(days=30)
    for order in PageOrder:
        await store.pages(PageFilters(TODAY, order=order))
        await store.pages(PageFilters(TODAY, SITE, order=order))
        await store.pages(PageFilters(TODAY, since=month, until=TODAY, order=order))
        await store.pages(PageFilters(TODAY, SITE, month, order=order))
    for site, path in ((None, None), (SITE, None), (SITE, "/bins")):
        await store.trend(TrendFilters(month, TODAY, site, path))
    await store.add_link("link", Role.ADMIN, 1, 2)
    await store.use_link("link", "cookie", 1, 0)
    await store.find_session("cookie")
    await store.touch_session("cookie", 1)
    await store.end_session("cookie")
    entry = AuditEntry("1", "Ann", Action.FEEDBACK_VIEWED, rows[0].id)
    await store.audit(entry)
    for sought in (
        AuditFilters(),
        AuditFilters(who="Ann", after=2**62),
        AuditFilters(action=Action.SIGNED_IN),
        AuditFilters("1", Action.SIGNED_IN, 1, NOON),
    ):
        await store.audited(sought)
    await store.check()
    await store.retain(1, NOON)
    await store.purge(NOON + 5)
    await store.erase([rows[7].id, rows[8].id])
    await store.count_before(NOON)


def record(monkeypatch: pytest.MonkeyPatch, store: Store) -> Asked:
    """Every statement that the store sends from now on, with its values."""
    asked: Asked = []
    database = type(store._database)
    fetch, transaction = database.fetch, database.transaction

    async def fetching(self: Any, sql: str, *values: object) -> Sequence[Row]:
        asked.append((sql, values))
        return await fetch(self, sql, *values)

    class Recording:
        def __init__(self, real: Transaction) -> None:
            self._real = real

        async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
            asked.append((sql, values))
            return await self._real.fetch(sql, *values)

    @asynccontextmanager
    async def writing(self: Any) -> AsyncIterator[Transaction]:
        async with transaction(self) as real:
            yield Recording(real)

    monkeypatch.setattr(database, "fetch", fetching)
    monkeypatch.setattr(database, "transaction", writing)
    return asked


def test_every_statement_is_served_by_an_index(url: str, monkeypatch: pytest.MonkeyPatch):
    async def go() -> None:
        async with opened(url) as store:
            with monkeypatch.context() as recording:
                asked = record(recording, store)
                await ask_everything(store)
            assert len({sql for sql, _ in asked}) > 40
            found = [
                f"{problem}\n    {sql}"
                for sql, values in dict(asked).items()
                for problem in await problems(store, sql, values)
            ]
            assert not found, "\n".join(found)

    asyncio.run(go())


async def problems(store: Store, sql: str, values: tuple[object, ...]) -> list[str]:
    """The lines of the plan that read a whole table, or sort what an order index should give."""
    database = store._database
    listing = "ORDER BY f.number" in sql or "ORDER BY feedback_search.rowid" in sql
    if database.search.engine == "sqlite":
        async with database.transaction() as work:
            plan = [str(row["detail"]) for row in await work.fetch(f"EXPLAIN QUERY PLAN {sql}", *values)]
        bad = r"SCAN (?!.*(INDEX|VIRTUAL TABLE|SUBQUERY))" + ("|TEMP B-TREE" if listing else "")
        return [line for line in plan if re.search(bad, line) and not re.search(rf"SCAN ({SMALL})\b", line)]
    async with database.schema_change() as work:
        # Tables of a test are so small that reading them whole is cheapest; only where there is no other way
        # does the planner still do it.
        for way in ("seqscan", "sort", "bitmapscan") if listing and "@@" not in sql else ("seqscan",):
            await work.fetch(f"SET LOCAL enable_{way} = off")
        plan = [str(row["QUERY PLAN"]) for row in await work.fetch(f"EXPLAIN {sql}", *values)]
    bad = r"Seq Scan on (?!(page|upkeep|schema_version)\b)" + (
        r"|\bSort\b" if listing and "@@" not in sql else ""
    )
    return [line for line in plan if re.search(bad, line)]


def test_a_statement_without_an_index_is_found(url: str):
    async def go() -> None:
        async with opened(url) as store:
            assert await problems(store, "SELECT id FROM feedback WHERE comment = $1", ("x",))
            assert await problems(store, "SELECT f.id FROM feedback AS f ORDER BY f.number + 1", ())

    asyncio.run(go())
