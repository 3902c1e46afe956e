"""The store: what it keeps, in which order, and what it refuses to open."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.errors import StartError, Unavailable
from feedback.ids import new_id
from feedback.model import Feedback, Filters, Removed, Role, ScrubbedFeedback, Spam, Status, Useful
from feedback.store import Store, schema_sql
from feedback.store.database import DatabaseError
from scrubbers import RULES_VERSION, Scrubber

SCRUBBER = Scrubber()


def some_feedback(comment: str = "hello", received_at: int = 1_700_000_000_000) -> ScrubbedFeedback:
    scrub = SCRUBBER.scrub
    return ScrubbedFeedback(
        id=str(new_id()),
        received_at=received_at,
        site=scrub("https://www.example.gov.uk"),
        path=scrub("/bins"),
        title=None,
        lang="en",
        useful=Useful.NO,
        doing=None,
        comment=scrub(comment),
        status=Status.NEW,
        spam=Spam(),
        removed=(Removed("comment", "UK_NINO", 2),),
        scrub_version=RULES_VERSION,
    )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{folder}/data/feedback.db")
    try:
        yield store
    finally:
        await store.close()


def test_what_was_stored_is_there_after_opening_again(tmp_path: Path):
    async def go() -> None:
        one = some_feedback()
        async with opened(tmp_path) as store:
            assert (await store.add(one)).id == one.id
        async with opened(tmp_path) as store:
            found = await store.find_one(one.id)
            assert found is not None
            assert (found.comment, found.removed, found.useful) == ("hello", one.removed, Useful.NO)

    asyncio.run(go())


def test_a_commit_reaches_the_disk_and_deleted_words_are_overwritten(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path) as store:
            database = store._database  # what is set on the connection shows nowhere else
            async with database.transaction() as writing:
                for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)):
                    rows = await writing.fetch(f"PRAGMA {pragma}")
                    assert rows[0][0] == value  # type: ignore[index]  # a pragma's column has no fixed name

    asyncio.run(go())


def test_readers_cannot_write(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path) as store:
            with pytest.raises(DatabaseError):
                await store._database.fetch("DELETE FROM feedback")

    asyncio.run(go())


def test_all_that_wait_share_one_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def go() -> None:
        async with opened(tmp_path) as store:
            begun = 0
            transaction = type(store._database).transaction

            def counted(self: object) -> object:
                nonlocal begun
                begun += 1
                return transaction(self)  # type: ignore[arg-type]

            monkeypatch.setattr(type(store._database), "transaction", counted)
            await asyncio.gather(*(store.add(some_feedback(str(number))) for number in range(100)))
            assert begun <= 2
            assert len((await store.find(Filters(limit=200))).items) == 100

    asyncio.run(go())


def test_a_request_that_goes_away_leaves_nothing_half_done(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path) as store:
            gone = [asyncio.create_task(store.add(some_feedback(str(number)))) for number in range(50)]
            await asyncio.sleep(0)
            for task in gone[::2]:
                task.cancel()
            results = await asyncio.gather(*gone, return_exceptions=True)
            assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 25
            await store.add(some_feedback("after"))
            assert len((await store.find(Filters(limit=200))).items) == 51

    asyncio.run(go())


def test_a_failing_database_turns_writes_away_and_recovers(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path) as store:
            await store.add(some_feedback())
            holder = sqlite3.connect(tmp_path / "data" / "feedback.db", isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable):
                await asyncio.wait_for(store.add(some_feedback()), 3)
            holder.execute("ROLLBACK")
            holder.close()
            await store.add(some_feedback())
            assert len((await store.find(Filters())).items) == 2

    asyncio.run(go())


def test_rows_of_one_moment_have_one_order(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path) as store:
            for number in range(5):
                await store.add(some_feedback(str(number), received_at=1))
            everything = (await store.find(Filters())).items
            paged: list[Feedback] = []
            filters = Filters(limit=2)
            while True:
                page = await store.find(filters)
                paged += page.items
                if page.next is None:
                    break
                filters = replace(filters, after=page.next)
            assert tuple(paged) == everything

    asyncio.run(go())


def test_a_link_is_traded_once(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path) as store:
            await store.add_link("link", Role.ADMIN, now=10, expires_at=20)
            both = await asyncio.gather(*(store.use_link("link", f"cookie{n}", 15, 0) for n in range(2)))
            assert sorted(map(str, both)) == ["None", "admin"]

    asyncio.run(go())


def test_a_second_process_is_turned_away_with_a_sentence(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path):
            with pytest.raises(
                StartError, match=r"Another process uses the database .* FEEDBACK_DATABASE_URL=postgresql"
            ):
                await Store.open(f"sqlite:///{tmp_path}/data/feedback.db")

    asyncio.run(go())


def test_what_is_no_database_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "feedback.db").write_bytes(
        b"not a database, but long enough to be read as one" * 100
    )
    with pytest.raises(StartError, match="is not a SQLite database"):
        asyncio.run(Store.open(f"sqlite:///{tmp_path}/data/feedback.db"))


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="cannot be opened"):
        asyncio.run(Store.open(f"sqlite:///{tmp_path}/file/feedback.db"))


def test_a_newer_database_is_refused(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path):
            pass
        with sqlite3.connect(tmp_path / "data" / "feedback.db") as other:
            other.execute("UPDATE schema_version SET version = 1000")
        other.close()
        with pytest.raises(StartError, match="newer version"):
            await Store.open(f"sqlite:///{tmp_path}/data/feedback.db")

    asyncio.run(go())


def test_the_database_is_for_its_owner_alone(tmp_path: Path):
    async def go() -> None:
        async with opened(tmp_path):
            for path in (tmp_path / "data").iterdir():
                assert path.stat().st_mode & 0o077 == 0, path

    asyncio.run(go())


def test_the_schema_is_one_script():
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema_sql())
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables == {"schema_version", "feedback", "sign_in_link", "session"}
    connection.close()
