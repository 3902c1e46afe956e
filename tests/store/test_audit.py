"""The audit log: written with what it tells of or not at all, never changed, found by who, what and when."""

import asyncio
import time
from pathlib import Path

import pytest

from feedback.errors import Unavailable
from feedback.model import EVERYTHING, Status
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.model.desk import Change
from feedback.store import Store, retention
from feedback.store.audit import record
from feedback.store.database import DatabaseError
from feedback.upkeep import retention as upkeep
from tests.store.samples import opened, some_feedback

ANN = AuditEntry("1", "Ann", Action.FEEDBACK_VIEWED, "a", {"n": 1}, "r1")
BEN = AuditEntry("2", "Ben", Action.FEEDBACK_VIEWED)
ANNS_EXPORT = AuditEntry("1", "Ann Two", Action.FEEDBACK_EXPORTED, detail={"format": "csv"})


async def entries(store: Store, **filters: object) -> list[AuditEntry]:
    return [each.entry for each in await store.audited(AuditFilters(**filters))]  # type: ignore[arg-type]


def test_entries_are_found_by_who_and_what_newest_first(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.audit(ANN, BEN)
            await store.audit(ANNS_EXPORT)
            assert await entries(store) == [ANNS_EXPORT, BEN, ANN]
            assert await entries(store, who="1") == [ANNS_EXPORT, ANN]
            assert await entries(store, who="Ann") == [ANN]
            assert await entries(store, action=Action.FEEDBACK_VIEWED) == [BEN, ANN]
            assert await entries(store, who="2", action=Action.FEEDBACK_EXPORTED) == []

    asyncio.run(go())


def test_entries_are_found_by_when_and_page_by_page(url: str):
    async def go() -> None:
        async with opened(url) as store:
            before = time.time_ns() // 1_000_000
            await store.audit(ANN)
            await asyncio.sleep(0.01)
            between = time.time_ns() // 1_000_000
            await store.audit(BEN)
            assert await entries(store, since=between) == [BEN]
            assert await entries(store, since=before, until=between) == [ANN]
            assert await entries(store, since=-(2**70), until=2**70) == [BEN, ANN]
            (newest,) = await store.audited(AuditFilters(limit=1))
            assert await entries(store, limit=1, after=newest.number) == [ANN]
            assert abs(newest.at.timestamp() * 1000 - between) < 10_000

    asyncio.run(go())


def test_an_export_gives_every_entry_once(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.audit(*[AuditEntry(str(n), "Ann", Action.SIGNED_IN) for n in range(1001)])
            parts = [part async for part in store.export_audit(AuditFilters(limit=1))]
            assert [each.entry.who for part in parts for each in part] == [
                str(n) for n in reversed(range(1001))
            ]
            assert [len(part) for part in parts] == [500, 500, 1]

    asyncio.run(go())


REPLACE = "REPLACE INTO audit SELECT number, 'x', name, action, thing, detail, request FROM audit"
UPSERT = "INSERT INTO audit SELECT * FROM audit ON CONFLICT (number) DO UPDATE SET who = 'x'"


@pytest.mark.parametrize(
    ("sqlite", "postgresql"),
    [
        ("UPDATE audit SET who = 'nobody'", "UPDATE audit SET who = 'nobody'"),
        ("DELETE FROM audit WHERE number > 0", "DELETE FROM audit WHERE number > 0"),
        ("DELETE FROM audit", "TRUNCATE audit"),
        (REPLACE, UPSERT),
    ],
)
def test_no_statement_changes_or_removes_an_entry(url: str, sqlite: str, postgresql: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.audit(ANN)
            with pytest.raises(DatabaseError):
                async with store._database.transaction() as work:
                    await work.fetch(sqlite if url.startswith("sqlite:") else postgresql)
            assert await entries(store) == [ANN]

    asyncio.run(go())


def test_a_change_and_its_entry_are_kept_together_or_not_at_all(url: str):
    changed = AuditEntry("1", "Ann", Action.FEEDBACK_CHANGED, "a", {"status": "done"})

    async def go() -> None:
        async with opened(url) as store:
            one = some_feedback()
            await store.add(one)
            assert await store.change_one("unknown", Change(Status.DONE), EVERYTHING, changed) is None
            assert await entries(store) == []
            await store.change_one(one.id, Change(Status.DONE), EVERYTHING, changed)
            assert await entries(store) == [changed]
            broken = AuditEntry(None, "Ann", Action.FEEDBACK_CHANGED)  # type: ignore[arg-type]
            with pytest.raises(Unavailable):
                await store.change_one(one.id, Change(Status.OPEN), EVERYTHING, broken)
            item = await store.find_one(one.id, EVERYTHING)
            assert item is not None
            assert item.status is Status.DONE

            async def fail_afterwards(work: object) -> None:
                await record(work, ANN)  # type: ignore[arg-type]
                raise ZeroDivisionError

            with pytest.raises(Unavailable):
                await store._writer.change(fail_afterwards)
            assert await entries(store) == [changed]

    asyncio.run(go())


def test_what_is_too_old_goes_in_steps_and_nothing_younger_can(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "_AUDITED_AT_ONCE", 2)
    old = "INSERT INTO audit (number, who, name, action, detail) VALUES ($1, '3', 'Cat', 'signed_in', '{}')"

    async def go() -> None:
        async with opened(url) as store:
            now = time.time_ns() // 1_000_000
            await store.audit(ANN)
            async with store._database.transaction() as work:
                for place in range(3):
                    await work.fetch(old, place)
            with pytest.raises(Unavailable):
                await store._writer.change(lambda work: work.fetch("DELETE FROM audit WHERE who = '3'"))
            assert await store.retain_audited(now // retention.DAY + 1, now) == 0
            assert await store.retain_audited(1, now) == 3
            assert await entries(store, who="3") == []
            assert [dict(each.detail) for each in await entries(store, who="service")] == [
                {"entries": 1},
                {"entries": 2},
            ]
            all_of_it = f"UPDATE upkeep SET audit_before = {2**62}"
            await store._writer.change(lambda work: work.fetch(all_of_it))
            with pytest.raises(Unavailable):
                await store._writer.change(lambda work: work.fetch("DELETE FROM audit WHERE who = '1'"))

    asyncio.run(go())


def test_the_running_service_deletes_what_is_too_old_and_its_bytes(tmp_path: Path):
    old = (
        "INSERT INTO audit (number, who, name, action, detail) VALUES (1, '3', 'Cat Quux', 'signed_in', '{}')"
    )

    def held() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    async def go() -> None:
        async with opened(f"sqlite:///{tmp_path}/x.db") as store:
            await store._writer.change(lambda work: work.fetch(old))
            assert b"Cat Quux" in held()
            async with upkeep.retention(store, days=0, audit_days=180), asyncio.timeout(60):
                while b"Cat Quux" in held():
                    await asyncio.sleep(0.05)
            assert await entries(store, who="3") == []

    asyncio.run(go())
