"""`feedback rescrub`: what it says, and that killing it half way loses and doubles nothing."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing

from feedback.model import EVERYTHING, Filters, TrendFilters
from feedback.store import runs
from feedback.store.database import Row
from feedback.store.opening import open_database
from tests.feedback.conftest import Command
from tests.service import wait_until
from tests.store.samples import DAY, NOON, day_of, opened
from tests.store.test_rescrub import CARD, NINO, old_feedback


def fill(url: str, rows: int) -> None:
    async def go() -> None:
        async with opened(url) as store:
            await asyncio.gather(
                *(store.add(old_feedback(f"{n} {NINO} {CARD}", NOON + n)) for n in range(rows))
            )

    asyncio.run(go())


def seen(url: str) -> int:
    """How far a run has come, asked beside the process that is at it."""
    if url.startswith("postgresql:"):

        async def go() -> Sequence[Row]:
            database = await open_database(url)
            try:
                return await database.fetch("SELECT seen FROM rescrub")
            finally:
                await database.close()

        return sum(row["seen"] for row in asyncio.run(go()))
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return sum(seen for (seen,) in connection.execute("SELECT seen FROM rescrub"))


def left(url: str) -> int:
    """How many submissions still hold what the rules would take out."""

    async def go() -> int:
        async with opened(url) as store:
            parts = [part async for part in store.export(Filters(q=NINO), EVERYTHING)]
            return sum(map(len, parts))

    return asyncio.run(go())


def test_it_reports_by_kind_and_finds_nothing_the_second_time(url: str, command: Command):
    fill(url, 120)
    code, said = command("rescrub")
    assert (code, said.splitlines()[-3:]) == (
        0,
        [
            "Looked at 120 submissions; 120 held what older rules had let through.",
            "     120  CREDIT_CARD",
            "     240  UK_NINO",
        ],
    )
    assert left(url) == 0
    code, said = command("rescrub")
    assert said.splitlines()[-1] == "Looked at 120 submissions; 0 held what older rules had let through."


def test_killed_half_way_it_goes_on_and_counts_each_number_once(url: str, command: Command):
    fill(url, 3000)
    process = subprocess.Popen(
        [sys.executable, "-m", "feedback", "rescrub"], env=os.environ, stdout=subprocess.DEVNULL
    )

    wait_until(lambda: seen(url) > 0)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert seen(url) < 3000, "it was killed too late to tell"
    code, said = command("rescrub")
    assert (code, said.partition(",")[0]) == (1, "Somebody else is at it")
    later = runs._now() + runs.STALLED_MS + 1
    command.monkeypatch.setattr(runs, "_now", lambda: later)
    code, said = command("rescrub")
    assert code == 0
    assert left(url) == 0
    assert "3,000 held" in said

    async def removed() -> dict[str, int]:
        async with opened(url) as store:
            (day,) = await store.trend(TrendFilters(day_of(NOON), day_of(NOON + DAY)), EVERYTHING)
            return dict(day.removed)

    assert asyncio.run(removed()) == {"UK_NINO": 3 * 3000, "CREDIT_CARD": 3000}
