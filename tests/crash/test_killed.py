"""A service that is killed or stopped under load loses nothing that it acknowledged."""

import asyncio
import random
import shutil
import signal
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.load import FULL, Load, get, rounds
from tests.service import Service


def check(folder: Path, copy: Path) -> set[str]:
    """The ids in a copy of the database as the crash left it, which must be whole, with counts that agree."""
    shutil.copytree(folder, copy)
    with closing(sqlite3.connect(copy / "feedback.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.execute("INSERT INTO feedback_search (feedback_search) VALUES ('integrity-check')")
        keys = [key for (key,) in database.execute("SELECT id FROM feedback")]
        for table in ("page", "page_day", "section_day", "site_day"):
            assert database.execute(f"SELECT sum(submissions) FROM {table}").fetchone() == (len(keys),)
    shutil.rmtree(copy)
    assert len(keys) == len(set(keys))
    return set(keys)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=lambda how: how.name)
def test_nothing_acknowledged_is_lost_and_nothing_stored_twice(tmp_path: Path, how: signal.Signals):
    rng = random.Random(5)
    begin = time.monotonic()
    service = Service(tmp_path)
    first_start = time.monotonic() - begin
    load = Load(service.origin)
    starts: list[float] = []

    async def one_round() -> None:
        async with load:
            await load.until(acknowledged=rng.randrange(1, 60))
            await asyncio.sleep(rng.random() / 20)
            begin = time.monotonic()
            await asyncio.to_thread(service.stop, how)
            assert time.monotonic() - begin < 10
        assert load.acknowledged <= check(service.data, tmp_path / "copy")
        begin = time.monotonic()
        await asyncio.to_thread(service.start)
        assert (await get(service.origin, "/health/ready"))[0] == 200
        starts.append(time.monotonic() - begin)
        await load.send_again()

    try:
        for _ in range(rounds(3, 200 if how is signal.SIGKILL else 20)):
            asyncio.run(one_round())
    finally:
        service.stop()
    assert load.acknowledged <= check(service.data, tmp_path / "copy")
    assert set(load.statuses) <= {201, 503}
    # A machine that is busy with other things was slow at the first start, too, with nothing to be mended.
    assert statistics.median(starts) < max(5, 2 * first_start)
    if FULL:
        print(  # noqa: T201  # the figures of docs/performance.md
            f"{how.name}: {len(starts)} rounds, {len(load.acknowledged)} acknowledged, "
            f"ready in {statistics.median(starts):.1f} s, at most {max(starts):.1f} s"
        )
