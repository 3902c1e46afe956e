"""What is old or erased goes without a trace, its counts stay, and a clock that jumps deletes nothing."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from feedback.model import EVERYTHING, Filters, PageFilters, Scope, ScrubbedFeedback
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.store import Sought
from feedback.store.erasure import _erase
from feedback.store.retention import AT_ONCE
from feedback.upkeep.retention import retention
from tests.store.samples import DAY, ERASE, NOON, SITE, day_of, opened, some_feedback

TODAY = day_of(NOON)
HOUR = DAY // 24


def test_words_go_after_so_many_days_and_counts_stay(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for days in (0, 9, 10, 11, 300):
                await store.add(some_feedback(f"d{days}", NOON - days * DAY))
            assert await store.count_before(NOON - 10 * DAY) == 2
            assert await store.retain(10, NOON) == 2
            page = await store.find(Filters(), EVERYTHING)
            assert [item.comment for item in page.items] == ["d0", "d9", "d10"]
            assert not (await store.find(Filters(q="d11"), EVERYTHING)).items
            (counted,) = await store.pages(PageFilters(TODAY), EVERYTHING)
            assert (counted.counts.submissions, counted.counts.comments) == (5, 5)
            assert await store.retain(10, NOON) == 0

    asyncio.run(go())


def test_more_than_one_step_of_rows_goes(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [some_feedback("old", NOON - DAY) for _ in range(AT_ONCE + 50)]
            await asyncio.gather(*map(store.add, rows))
            assert await store.purge(NOON, ERASE) == len(rows)
            assert not (await store.find(Filters(), EVERYTHING)).items

    asyncio.run(go())


def test_submissions_are_erased_by_id_and_an_unknown_id_is_not_counted(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [some_feedback(str(number)) for number in range(3)]
            for row in rows:
                await store.add(row)
            assert await store.erasures.erase([rows[0].id, rows[2].id, "unknown"], EVERYTHING, ERASE) == 2
            assert [item.comment for item in (await store.find(Filters(), EVERYTHING)).items] == ["1"]
            assert await store.erasures.erase([], EVERYTHING, ERASE) == 0

    asyncio.run(go())


def test_what_goes_is_what_was_planned_and_each_part_is_written_down(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [some_feedback(f"n{number}", NOON + number) for number in range(AT_ONCE + 10)]
            await asyncio.gather(*map(store.add, rows))
            other = some_feedback("other", NOON, site="https://other.gov.uk")
            await store.add(other)
            here = Scope(frozenset((SITE,)))
            sought = Sought(filters=Filters(since=NOON, until=NOON + DAY))
            plan = await store.erasures.plan(sought, here)
            assert [item.comment for item in plan.shown[:2]] == [f"n{AT_ONCE + 9}", f"n{AT_ONCE + 8}"]
            assert (len(plan.keys), len(plan.shown)) == (AT_ONCE + 10, 20)
            assert (await store.erasures.plan(sought, here)).digest == plan.digest
            await store.add(some_feedback("later", NOON + 1000))
            assert (await store.erasures.plan(sought, here)).digest != plan.digest
            entry = AuditEntry("1", "Ann", Action.FEEDBACK_ERASED, request="r")
            assert await store.erasures.erase(plan.keys, here, entry) == AT_ONCE + 10
            left = (await store.find(Filters(), EVERYTHING)).items
            assert sorted(str(item.comment) for item in left) == ["later", "other"]
            written = [each.entry for each in await store.audited(AuditFilters())]
            assert [(each.thing, dict(each.detail), each.request) for each in written] == [
                (None, {"submissions": 10}, "r"),
                (None, {"submissions": AT_ONCE}, "r"),
            ]
            one = await store.erasures.plan(Sought(keys=(other.id, "unknown", other.id)), EVERYTHING)
            assert one.keys == (other.id,)
            assert (await store.erasures.plan(Sought(keys=(other.id,)), here)).keys == ()
            await store.erasures.erase(one.keys, EVERYTHING, entry)
            assert (await store.audited(AuditFilters(limit=1)))[0].entry.thing == other.id

    asyncio.run(go())


def test_what_is_due_is_counted_by_the_day_on_which_it_came(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for days in (0, 5, 5, 9):
                await store.add(some_feedback("x", NOON - days * DAY))
            today = NOON // DAY
            assert list(await store.due(NOON - DAY)) == [(today - 9, 1), (today - 5, 2)]
            assert list(await store.due(NOON - 20 * DAY)) == []

    asyncio.run(go())


@pytest.mark.parametrize(
    ("moments", "believed"),
    [
        ((0, HOUR, DAY, 3 * DAY), "yyyy"),
        ((0, -HOUR, 0), "yyy"),
        ((0, -900 * DAY, -899 * DAY, 0), "yyyn"),
        ((0, 3650 * DAY), "yn"),
        ((0, 3650 * DAY, 3650 * DAY + HOUR, HOUR), "ynny"),
        ((0, 3650 * DAY, 3650 * DAY - HOUR, 3651 * DAY - 2 * HOUR, 3651 * DAY), "ynnny"),
        ((0, 3 * DAY, 3 * DAY + 23 * HOUR, 4 * DAY, 4 * DAY + HOUR), "ynnyy"),
        ((0, 3 * DAY, 6 * DAY, 6 * DAY + HOUR, 7 * DAY), "ynnny"),
    ],
    ids=str,
)
def test_a_clock_that_jumps_ahead_deletes_nothing_for_a_day(
    url: str, moments: tuple[int, ...], believed: str
):
    async def go() -> None:
        async with opened(url) as store:
            seen = [await store.retain(20_000, NOON + moment) for moment in moments]
            assert "".join("n" if each is None else "y" for each in seen) == believed

    asyncio.run(go())


def test_a_jump_of_ten_years_keeps_every_word(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.retain(180, NOON)
            await store.add(some_feedback("kept", NOON))
            assert await store.retain(180, NOON + 3650 * DAY) is None
            assert await store.retain(180, NOON + HOUR) == 0
            assert (await store.find(Filters(), EVERYTHING)).items

    asyncio.run(go())


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


GONE: dict[str, Callable[[Sequence[ScrubbedFeedback]], Sought] | None] = {
    "by id": lambda gone: Sought(keys=tuple(row.id for row in gone)),
    "by page": lambda gone: Sought(filters=Filters({"site": SITE, "path": "/gone"})),
    "by date": lambda gone: Sought(filters=Filters(since=NOON - DAY, until=NOON)),
    "by search": lambda gone: Sought(filters=Filters(q="plonkington")),
    "by age": None,
}


@pytest.mark.parametrize("how", GONE)
def test_no_byte_of_deleted_words_is_left_in_database_index_and_log(tmp_path: Path, how: str):
    folder = tmp_path / "data"

    async def go() -> None:
        async with opened(f"sqlite:///{folder}/feedback.db") as store:
            gone = [
                some_feedback(
                    f"Zyxwvut{number} qwertzuiop",
                    NOON - DAY,
                    title="Plonkington",
                    doing="Floop",
                    path="/gone",
                )
                for number in range(300)
            ]
            kept = [some_feedback(f"kept{number} qwertzuiop") for number in range(300)]
            for rows in (gone[:100], kept, gone[100:]):
                await asyncio.gather(*map(store.add, rows))
            for word in (b"Zyxwvut7", b"zyxwvut", b"plonkington"):
                assert word in files(folder), "the scan must be able to find the words"
            choose = GONE[how]
            if choose is None:
                assert await store.purge(NOON - 1, ERASE) == 300
            else:
                plan = await store.erasures.plan(choose(gone), EVERYTHING)
                assert await store.erasures.erase(plan.keys, EVERYTHING, ERASE) == 300
            found = files(folder)
            assert b"kept299" in found
            for word in (b"Zyxwvut", b"zyxwvut", b"Plonk", b"plonk", b"Floop", b"floop"):
                assert word not in found
            assert len((await store.find(Filters(q="qwertzuiop", limit=200), EVERYTHING)).items) == 200

    asyncio.run(go())
    connection = sqlite3.connect(folder / "feedback.db")
    connection.execute("INSERT INTO feedback_search (feedback_search) VALUES ('integrity-check')")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_what_a_killed_process_had_no_time_to_overwrite_the_next_one_does(tmp_path: Path):
    folder = tmp_path / "data"
    url = f"sqlite:///{folder}/feedback.db"

    async def go() -> None:
        gone = [some_feedback(f"Zyxwvut{number}") for number in range(200)]
        async with opened(url) as store:
            await asyncio.gather(*(store.add(row) for row in gone))
            assert b"Zyxwvut7" in files(folder), "the scan must be able to find the words"
            # As `erase` does, and killed right after it.
            await store._writer.change(
                partial(_erase, keys=[row.id for row in gone], scope=EVERYTHING, entry=ERASE)
            )
            # Whether a byte is still there is SQLite's to choose; that one may be is noted.
            assert (await store._database.fetch("SELECT traces FROM upkeep"))[0]["traces"]
        async with opened(url) as store, retention(store, days=0, audit_days=0), asyncio.timeout(60):
            while (await store._database.fetch("SELECT traces FROM upkeep"))[0]["traces"]:
                await asyncio.sleep(0.02)
        assert b"zyxwvut" not in files(folder).lower()

    asyncio.run(go())
