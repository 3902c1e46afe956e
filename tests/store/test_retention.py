"""What is old or erased goes without a trace, its counts stay, and a clock that jumps deletes nothing."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from feedback.model import EVERYTHING, Filters, PageFilters
from feedback.store.retention import AT_ONCE
from tests.store.samples import DAY, NOON, day_of, opened, some_feedback

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
            assert await store.purge(NOON) == len(rows)
            assert not (await store.find(Filters(), EVERYTHING)).items

    asyncio.run(go())


def test_submissions_are_erased_by_id_and_an_unknown_id_is_not_counted(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [some_feedback(str(number)) for number in range(3)]
            for row in rows:
                await store.add(row)
            assert await store.erase([rows[0].id, rows[2].id, "unknown"], EVERYTHING) == 2
            assert [item.comment for item in (await store.find(Filters(), EVERYTHING)).items] == ["1"]
            assert await store.erase([], EVERYTHING) == 0

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


@pytest.mark.parametrize("how", ["erase", "purge"])
def test_no_byte_of_deleted_words_is_left_in_database_index_and_log(tmp_path: Path, how: str):
    folder = tmp_path / "data"

    async def go() -> None:
        async with opened(f"sqlite:///{folder}/feedback.db") as store:
            gone = [
                some_feedback(f"Zyxwvut{number} qwertzuiop", NOON - DAY, title="Plonkington", doing="Floop")
                for number in range(300)
            ]
            kept = [some_feedback(f"kept{number} qwertzuiop") for number in range(300)]
            for rows in (gone[:100], kept, gone[100:]):
                await asyncio.gather(*map(store.add, rows))
            for word in (b"Zyxwvut7", b"zyxwvut", b"plonkington"):
                assert word in files(folder), "the scan must be able to find the words"
            if how == "erase":
                assert await store.erase([row.id for row in gone], EVERYTHING) == 300
            else:
                assert await store.purge(NOON - 1) == 300
            found = files(folder)
            assert b"kept299" in found
            for word in (b"Zyxwvut", b"zyxwvut", b"Plonk", b"plonk", b"Floop", b"floop", gone[7].id.encode()):
                assert word not in found
            assert len((await store.find(Filters(q="qwertzuiop", limit=200), EVERYTHING)).items) == 200

    asyncio.run(go())
    connection = sqlite3.connect(folder / "feedback.db")
    connection.execute("INSERT INTO feedback_search (feedback_search) VALUES ('integrity-check')")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
