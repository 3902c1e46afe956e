"""A backup is whole, holds everything answered before it began, and can be put back."""

import asyncio
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from feedback.errors import StartError
from feedback.model import EVERYTHING, Filters, PageFilters
from feedback.store import Store, back_up_database
from tests.postgres import PASSWORD, Postgres
from tests.store.samples import NOON, day_of, opened, some_feedback


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "feedback.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


def test_a_backup_under_load_holds_what_was_answered_and_can_be_put_back(
    url: str, file: Path, tmp_path: Path
):
    answered: list[str] = []

    async def load(store: Store, stop: asyncio.Event) -> None:
        while not stop.is_set():
            answered.append((await store.add(some_feedback("words to find"))).id)

    async def go() -> None:
        async with opened(url) as store:
            stop = asyncio.Event()
            loading = [asyncio.create_task(load(store, stop)) for _ in range(4)]
            for number in range(3):
                await asyncio.sleep(0.2)
                before = set(answered)
                target = tmp_path / f"backup{number}.db"
                submissions = await asyncio.to_thread(back_up_database, url, target)
                assert submissions >= len(before)
                held = sqlite3.connect(target)
                assert before <= {key for (key,) in held.execute("SELECT id FROM feedback")}
                held.close()
                assert target.stat().st_mode & 0o077 == 0
            stop.set()
            await asyncio.gather(*loading)
        # Put back as docs/operate.md says: the file in place of the old one and of its log.
        for path in file.parent.iterdir():
            path.unlink()
        shutil.copy(tmp_path / "backup2.db", file)
        async with opened(url) as store:
            assert (await store.find(Filters(q="find"), EVERYTHING)).items
            (page,) = await store.pages(PageFilters(day_of(NOON)), EVERYTHING)
            assert page.counts.submissions == submissions
            await store.add(some_feedback())

    asyncio.run(go())


def test_a_backup_without_a_server_reads_what_a_killed_one_left_in_its_log(
    url: str, file: Path, tmp_path: Path
):
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback())
            for path in file.parent.glob("feedback.db*"):
                shutil.copy(path, tmp_path)

    asyncio.run(go())
    assert (tmp_path / "feedback.db-wal").stat().st_size
    assert back_up_database(f"sqlite:///{tmp_path}/feedback.db", tmp_path / "backup.db") == 1


def test_a_backup_overwrites_nothing_and_says_what_is_wrong(url: str, file: Path, tmp_path: Path):
    with pytest.raises(StartError, match="There is no database"):
        back_up_database(url, tmp_path / "backup.db")
    asyncio.run(_made(url))
    (tmp_path / "backup.db").write_text("something")
    with pytest.raises(StartError, match="overwrites nothing"):
        back_up_database(url, tmp_path / "backup.db")
    with pytest.raises(StartError, match=r"cannot be backed up to .*: No such file or directory"):
        back_up_database(url, tmp_path / "nowhere" / "backup.db")


def test_a_damaged_database_gives_no_backup(url: str, file: Path, tmp_path: Path):
    asyncio.run(_made(url))
    whole = bytearray(file.read_bytes())
    whole[8192:12288] = b"\xff" * 4096
    file.write_bytes(whole)
    with pytest.raises(StartError, match="cannot be backed up"):
        back_up_database(url, tmp_path / "backup.db")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_postgresql_is_backed_up_and_put_back_by_its_own_tools(postgres: Postgres, tmp_path: Path):
    url, empty = postgres.fresh(), postgres.fresh()

    async def fill() -> None:
        async with opened(url) as store:
            await asyncio.gather(*(store.add(some_feedback(f"words {n}")) for n in range(50)))

    async def look() -> None:
        async with opened(empty) as store:
            assert len((await store.find(Filters(q="words"), EVERYTHING)).items) == 50
            (page,) = await store.pages(PageFilters(day_of(NOON)), EVERYTHING)
            assert page.counts.submissions == 50

    asyncio.run(fill())
    dump = tmp_path / "dump"
    for command in (
        [postgres.program("pg_dump"), "--format=custom", f"--file={dump}", url],
        [postgres.program("pg_restore"), "--no-owner", f"--dbname={empty}", str(dump)],
    ):
        subprocess.run(command, check=True, timeout=180, env={"PGPASSWORD": PASSWORD})
    asyncio.run(look())


async def _made(url: str) -> None:
    async with opened(url) as store:
        for number in range(50):
            await store.add(some_feedback(f"words {number}"))
