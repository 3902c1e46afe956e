"""No statement of the store reads a table from one end to the other: each has an index that serves it."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from feedback.model import (
    EVERYTHING,
    Cursor,
    Feedback,
    Filters,
    PageFilters,
    PageOrder,
    Person,
    Removed,
    Role,
    Scope,
    ScrubbedNote,
    ScrubbedPageChange,
    Status,
    TrendFilters,
)
from feedback.model.access import ApiToken, Purpose, Session, Ticket
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.model.desk import AllowedValue, Change, SavedView
from feedback.model.subscription import Every, Subscription, Way
from feedback.store import Rules, Store
from feedback.store.database import Row, Transaction
from feedback.store.rates import Count
from feedback.store.sessions import Limit
from feedback.upkeep.rescrub import rules_of
from tests.store.samples import ERASE, NOON, SCRUBBER, SITE, day_of, opened, some_account, some_feedback

TODAY = day_of(NOON)
# One row a page (`days` sums them up by an index), a person or a token, one row at all, or a list with a
# limit of its own: nothing that grows with what comes in.
SMALL = (
    r"page|person|api_token|allowed_value|subscription|days|upkeep|schema_version|newer|older|alike|"
    r"(?:\d+ )?CONSTANT ROWS?"
)

SCOPES = (EVERYTHING, Scope(frozenset((SITE, "https://b.gov.uk", "https://c.gov.uk"))))

Asked = list[tuple[str, tuple[object, ...]]]


async def ask_everything(store: Store) -> None:
    """Call every method with every kind of filter."""
    rows = [some_feedback(f"words {number}", NOON + number) for number in range(20)]
    await asyncio.gather(*map(store.add, rows))
    await store.add(rows[0])
    page = {"site": SITE, "path": "/bins"}
    for wanted in (
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
        Filters(tag="parking", hide_spam=True),
        Filters({"useful": "no"}, assignee="ann", since=1),
        Filters(assignee="", tag="parking"),
        Filters(urgent=True, hide_spam=True),
        Filters({"status": "open", "lang": "cy"}, kind="UK_NINO", urgent=True),
        Filters(kind="any", q="words", assignee="ann", tag="parking"),
    ):
        for scope in SCOPES:
            await store.find(wanted, scope)
            await store.facets(wanted, scope)
    item = await store.find_one(rows[0].id, EVERYTHING)
    assert item is not None
    for scope in SCOPES:
        await store.around(item, Filters({"status": "new"}, hide_spam=True), scope)
        await store.around(replace(item, comment="several longer words"), Filters(q="words"), scope)
    await ask_of_the_desk(store, item)
    await store.change_one(rows[0].id, Change(Status.SPAM), EVERYTHING)
    month = TODAY - timedelta(days=30)
    await store.pages(PageFilters(TODAY), SCOPES[1])
    await store.pages(PageFilters(TODAY, since=month, until=TODAY), SCOPES[1])
    for order in PageOrder:
        await store.pages(PageFilters(TODAY, order=order), EVERYTHING)
        await store.pages(PageFilters(TODAY, SITE, order=order), EVERYTHING)
        await store.pages(PageFilters(TODAY, since=month, until=TODAY, order=order), EVERYTHING)
        await store.pages(PageFilters(TODAY, SITE, month, order=order), EVERYTHING)
        await store.pages(PageFilters(TODAY, SITE, month, TODAY, order=order, prefix="/b"), SCOPES[1])
    for which in ({}, {"site": SITE}, {"site": SITE, "path": "/bins"}, {"site": SITE, "section": "/bins"}):
        filters = TrendFilters(month, TODAY, **which)
        for scope in SCOPES:
            await store.trend(filters, scope)
            await store.days(filters, scope)
            await store.trends_by_site(filters, scope, 7)
            await store.trends_by_section(filters, scope, 7)
            await store.trends_by_kind(filters, scope, 7)
    noted = AuditEntry("1", "Ann", Action.PAGE_CHANGE_ADDED)
    change = ScrubbedPageChange("1", TODAY, SCRUBBER.scrub("new title"), "Ann")
    await store.add_page_change(SITE, "/bins", change, EVERYTHING, noted)
    await store.page_changes(SITE, "/bins", EVERYTHING)
    await store.remove_page_change(SITE, "/bins", "1", EVERYTHING, noted)
    await ask_of_people(store)
    entry = AuditEntry("1", "Ann", Action.FEEDBACK_VIEWED, rows[0].id)
    await store.audit(entry)
    await store.audit_news(entry)
    for sought in (
        AuditFilters(),
        AuditFilters(who="Ann", after=2**62),
        AuditFilters(action=Action.SIGNED_IN),
        AuditFilters("1", Action.SIGNED_IN, 1, NOON),
    ):
        await store.audited(sought)
    run = await store.rescrubs.begin("3", entry)
    assert run is not None
    scrub = SCRUBBER.scrub
    rules = Rules(
        "3",
        rules_of(SCRUBBER).scrub,
        lambda site, path: (scrub(f"{site}.uk"), scrub(path)),
        lambda text: scrub(f"{text} anew"),
    )
    async for _ in store.rescrubs.steps(run, rules, entry):
        pass
    await store.rescrubs.last("3")
    await store.rates.count({"a": Count(1, NOON), "b": Count(2, NOON)}, NOON)
    await store.rates.forget(NOON)
    await store.rates.secret(1, "secret")
    told = Subscription("one", Way.WEBHOOK, Every.MINUTE, 1)
    await store.subscriptions.put(told, noted)
    await store.subscriptions.all()
    await store.subscriptions.find("one")
    await store.subscriptions.claim(NOON)
    await store.subscriptions.begin("one", 2)
    await store.subscriptions.failed("one", 2)
    await store.subscriptions.told("one", 2, 3)
    await store.subscriptions.remove("one", noted)
    await store.check()
    await store.retain(1, NOON)
    await store.purge(NOON + 5, ERASE)
    await store.erasures.erase([rows[7].id, rows[8].id], EVERYTHING, ERASE)
    await store.erasures.erase([rows[9].id], SCOPES[1], ERASE)
    await store.due(NOON)
    await store.count_before(NOON)
    await store.retain_audited(1, NOON)
    await store.forgetting.forget(some_account("gone@example.gov.uk"), NOON, entry)


async def ask_of_the_desk(store: Store, item: Feedback) -> None:
    """Call every method of what the team does with submissions."""
    entry = AuditEntry("1", "Ann", Action.FEEDBACK_CHANGED)
    await store.people.add(replace(some_account("given@example.gov.uk"), id="1"))
    tagged = Change(Status.OPEN, "1", add_tag="parking")
    await store.changes.change([item.id], tagged, EVERYTHING, entry)
    await store.changes.change_all(Filters(q="words"), Change(Status.SPAM), EVERYTHING, entry)
    await store.changes.last_action("1")
    assert await store.urgent.marked_by() is None
    assert [changed async for changed in store.urgent.mark("1", lambda _: True)]
    await store.changes.undo(EVERYTHING, entry)
    note = ScrubbedNote("1", NOON, "Ann", SCRUBBER.scrub("asked the team"))
    await store.add_note(item.id, note, EVERYTHING, entry)
    await store.marks.redact(item, {"comment": SCRUBBER.scrub("x")}, [Removed("comment", "PERSON", 1)], entry)
    await store.marks.note_wrong(item.id, "comment", "UK_NINO", EVERYTHING, entry)
    for scope in (EVERYTHING, Scope(frozenset((SITE,)))):
        await store.marks.wrong(scope)
    await store.marks.wrong_of(item.id)
    await store.marks.allow(AllowedValue("1", "01632 960000", "PHONE_NUMBER", NOON, "Ann"), entry)
    await store.marks.allowed()
    await store.marks.disallow("1", entry)
    for whose in ("1", None):
        await store.views.add(SavedView(whose or "2", "Mine", "status=open", whose, "Ann"))
    person = Person("1", "Ann", Role.REVIEWER)
    await store.views.of(person)
    await store.views.remove("1", person)
    await store.history(item.id)


async def ask_of_people(store: Store) -> None:
    """Call every method of what people sign in by."""
    ann = some_account()
    await store.people.add(ann)
    await store.people.all()
    await store.people.find(ann.id)
    await store.people.find_by_email(ann.email)
    await store.people.find_by_sso_subject("issuer ann")
    await store.people.change(ann.id, "Ann", Role.ADMIN, Scope(frozenset((SITE,))))
    await store.people.set_second_factor(ann.id, "SECRET", 1, ["code"])
    await store.people.use_totp_step(ann.id, 2)
    await store.people.use_recovery_code(ann.id, "code")
    await store.people.recovery_codes_left(ann.id)
    await store.people.set_sso_subject(ann.id, "issuer ann")
    await store.people.rehash_password(ann.id, "one", "two")
    await store.sessions.add_ticket(Ticket("ticket", Purpose.RESET, 2, ann.id), 1)
    await store.sessions.find_ticket("ticket", tuple(Purpose), 1)
    await store.sessions.use_ticket("ticket", tuple(Purpose), 1)
    session = Session("id", ann.person, "", 1, 1)
    await store.sessions.start("cookie", session, instead_of="before", started_since=0)
    await store.sessions.find("cookie")
    await store.sessions.of_person(ann.id)
    await store.sessions.touch("cookie", 1)
    await store.sessions.end("cookie")
    await store.sessions.end_of_person(ann.id, "id")
    await store.sessions.end_of_person(ann.id, None)
    await store.sessions.begin_try({"ann": Limit(5, 60_000)}, 1)
    await store.sessions.forget_try(["ann"], 1)
    await store.people.set_password(ann.id, "hash")
    await store.people.disable(ann.id, 1)
    await store.people.enable(ann.id)
    await store.tokens.add(ApiToken("token", "Report", Role.VIEWER, EVERYTHING, 1))
    await store.tokens.all()
    await store.tokens.find("token")
    await store.tokens.touch("token", 1)
    await store.tokens.revoke("token")


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

        async def execute(self, sql: str, *values: object) -> None:
            asked.append((sql, values))
            await self._real.execute(sql, *values)

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
    bad = r"Seq Scan on (?!(page|person|api_token|allowed_value|subscription|upkeep|schema_version)\b)" + (
        r"|\bSort\b" if listing and "@@" not in sql else ""
    )
    return [line for line in plan if re.search(bad, line)]


def test_a_statement_without_an_index_is_found(url: str):
    async def go() -> None:
        async with opened(url) as store:
            assert await problems(store, "SELECT id FROM feedback WHERE comment = $1", ("x",))
            assert await problems(store, "SELECT f.id FROM feedback AS f ORDER BY f.number + 1", ())

    asyncio.run(go())
