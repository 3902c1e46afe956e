"""A disk that is full, a lock that is held, a PostgreSQL that is gone: 503 in time, and no restart."""

import asyncio
import os
import resource
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.crash.load import Load, get, rounds
from tests.postgres import Postgres
from tests.service import Service


async def expect_away(service: Service, load: Load, seconds: float) -> None:
    """While the fault lasts: only 503, each in time; the process lives and says that it is not ready."""
    await asyncio.sleep(2)  # what was under way
    load.statuses.clear()
    load.slowest = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status, took = await get(service.origin, "/health/live")
        assert status == 200
        assert took < 1
        status, took = await get(service.origin, "/health/ready")
        assert status == 503
        assert took < 2.5
        await asyncio.sleep(0.2)
    assert load.statuses
    assert set(load.statuses) == {503}
    # Two seconds are ours; the rest is for clients and a server that share a busy machine.
    assert load.slowest < 2.5


async def expect_back(load: Load) -> None:
    """Once the fault is gone, submissions are taken again without a restart."""
    await load.until(acknowledged=20, seconds=5)


def stored(service: Service) -> set[str]:
    with closing(sqlite3.connect(f"file:{service.data}/feedback.db?mode=ro", uri=True)) as database:
        return {key for (key,) in database.execute("SELECT id FROM feedback")}


class SmallDisk:
    """A disk that is full once its ballast lies on it; without root a limit on the size of files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.mounted = (
            os.geteuid() == 0
            and subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)],
                check=False,
                stderr=subprocess.DEVNULL,
            ).returncode
            == 0
        )

    def fill(self, pid: int) -> None:
        if self.mounted:
            with (self.folder / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
                while True:
                    ballast.write(bytes(65_536))
        else:
            self.limit(pid, max(path.stat().st_size for path in self.folder.iterdir()))

    def empty(self, pid: int) -> None:
        if self.mounted:
            (self.folder / "ballast").unlink()
        else:
            self.limit(pid, resource.RLIM_INFINITY)

    def limit(self, pid: int, size: int) -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


def test_a_full_disk_is_503_until_there_is_room(tmp_path: Path):
    disk = SmallDisk(tmp_path / "data")
    try:
        with Service(tmp_path) as service:

            async def go() -> None:
                async with Load(service.origin, clients=4) as load:
                    await load.until(acknowledged=50)
                    disk.fill(service.process.pid)
                    # What is left of the log may take some more.
                    async with asyncio.timeout(60):
                        while 503 not in load.statuses[-20:] or 201 in load.statuses[-20:]:
                            await asyncio.sleep(0.1)
                    await expect_away(service, load, rounds(2, 10))
                    disk.empty(service.process.pid)
                    await expect_back(load)
                assert load.acknowledged <= stored(service)

            asyncio.run(go())
    finally:
        disk.close()


def test_a_lock_that_is_held_is_503_until_it_is_let_go(tmp_path: Path):
    with Service(tmp_path) as service:

        async def go() -> None:
            async with Load(service.origin, clients=4) as load:
                await load.until(acknowledged=20)
                with closing(
                    sqlite3.connect(service.data / "feedback.db", isolation_level=None, timeout=10)
                ) as holder:
                    holder.execute("BEGIN IMMEDIATE")
                    await expect_away(service, load, rounds(3, 30))
                    holder.execute("ROLLBACK")
                await expect_back(load)
            assert load.acknowledged <= stored(service)

        asyncio.run(go())


@pytest.mark.parametrize("how", ["immediate", "fast"])
def test_postgresql_that_is_gone_is_503_until_it_is_back(tmp_path: Path, how: str):
    with Postgres() as server:
        url = server.fresh()
        with Service(tmp_path, FEEDBACK_DATABASE_URL=url) as service:

            async def go() -> None:
                async with Load(service.origin, clients=4) as load:
                    await load.until(acknowledged=20)
                    await asyncio.to_thread(server.stop, how)
                    await expect_away(service, load, rounds(2, 30))
                    await asyncio.to_thread(server.start)
                    await expect_back(load)
                await asyncio.to_thread(check, load.acknowledged)

            def check(acknowledged: set[str]) -> None:
                assert acknowledged <= {row["id"] for row in server.execute("SELECT id FROM feedback", url)}

            asyncio.run(go())
