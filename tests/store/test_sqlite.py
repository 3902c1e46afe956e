"""What only SQLite does: one writer, one process, a file for its owner alone."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from feedback.errors import StartError, Unavailable
from feedback.model import EVERYTHING, Filters
from feedback.store import Store
from feedback.store.database import DatabaseError
from tests.store.samples import opened, some_feedback


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "feedback.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


def test_a_commit_reaches_the_disk_and_deleted_words_are_overwritten(url: str):
    async def go() -> None:
        async with opened(url) as store:
            database = store._database  # what is set on the connection shows nowhere else
            async with database.transaction() as writing:
                for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)):
                    rows = await writing.fetch(f"PRAGMA {pragma}")
                    assert rows[0][0] == value  # type: ignore[index]  # a pragma's column has no fixed name

    asyncio.run(go())


def test_readers_cannot_write(url: str):
    async def go() -> None:
        async with opened(url) as store:
            with pytest.raises(DatabaseError):
                await store._database.fetch("DELETE FROM feedback")

    asyncio.run(go())


def test_a_held_lock_turns_writes_away_within_two_seconds_and_passes(url: str, file: Path):
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback())
            holder = sqlite3.connect(file, isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await asyncio.wait_for(store.add(some_feedback()), 2)
            assert len((await store.find(Filters(), EVERYTHING)).items) == 1
            holder.execute("ROLLBACK")
            holder.close()
            await store.add(some_feedback())
            assert len((await store.find(Filters(), EVERYTHING)).items) == 2

    asyncio.run(go())


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_answered(url: str):
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    async def go() -> None:
        async with opened(url) as store:
            with pytest.raises(DatabaseError):
                await asyncio.wait_for(store._database.fetch(endless), 2)
            assert await asyncio.wait_for(store._database.fetch("SELECT 1 AS one"), 1)

    asyncio.run(go())


def test_a_second_process_is_turned_away_with_a_sentence(url: str):
    async def go() -> None:
        async with opened(url):
            with pytest.raises(
                StartError, match=r"Another process uses the database .* FEEDBACK_DATABASE_URL=postgresql"
            ):
                await Store.open(url)

    asyncio.run(go())


def test_what_is_no_database_is_refused_with_a_sentence(url: str, file: Path):
    file.parent.mkdir()
    file.write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(StartError, match="is not a SQLite database"):
        asyncio.run(Store.open(url))


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="cannot be opened"):
        asyncio.run(Store.open(f"sqlite:///{tmp_path}/file/feedback.db"))


def test_a_folder_in_place_of_the_file_is_refused_with_a_sentence(tmp_path: Path):
    with pytest.raises(StartError, match="cannot be opened: Is a directory"):
        asyncio.run(Store.open(f"sqlite:///{tmp_path}"))


def test_the_database_is_for_its_owner_alone(url: str, file: Path):
    async def go() -> None:
        async with opened(url):
            for path in file.parent.iterdir():
                assert path.stat().st_mode & 0o077 == 0, path

    asyncio.run(go())
