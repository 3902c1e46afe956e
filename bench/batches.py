"""What one transaction costs by its rows, in microseconds: python -m bench.batches.

Submissions as the store writes them and, on PostgreSQL, the counts of rates. Each costs something for itself
and something for each row; `bench.simulate` goes on with both. A busy machine changes how long it takes, and
the processor time by a quarter.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from bench.fill import Sample
from bench.workers import processor
from feedback.model import ScrubbedFeedback, Spam, Status, Useful
from feedback.store.database import Database
from feedback.store.migrate import Schema, migrate
from feedback.store.opening import open_database
from feedback.store.rates import Count, Rates
from feedback.store.submissions import TIE_BITS, insert_all
from feedback.store.writer import Writer
from scrubbers import RULES_VERSION
from tests.postgres import Postgres

ROWS: Final = (1, 4, 16, 64, 256)
SUBMISSIONS: Final = 2_000  # for each size, in so many batches but no fewer than
FEWEST: Final = 40
EPOCH: Final = 1_760_000_000_000  # milliseconds

Work = Callable[[int], Awaitable[object]]


class Source:
    """Submissions with words, about 500 pages, each with an id of its own."""

    def __init__(self) -> None:
        self._rng = random.Random(1)
        self._sample = Sample.of(1)
        self._number = 0

    def batch(self, rows: int) -> list[tuple[int, ScrubbedFeedback]]:
        """So many, numbered."""
        return [self._one() for _ in range(rows)]

    def _one(self) -> tuple[int, ScrubbedFeedback]:
        self._number += 1
        site, path, title = self._rng.choice(self._sample.pages[:500])
        received = EPOCH + self._number
        return received << TIE_BITS, ScrubbedFeedback(
            id=f"{self._rng.getrandbits(128):032x}",
            received_at=received,
            site=site,
            path=path,
            title=title,
            lang="en",
            useful=self._rng.choice(list(Useful)),
            doing=None,
            comment=self._rng.choice(self._sample.texts),
            status=Status.NEW,
            spam=Spam(),
            removed=(),
            scrub_version=RULES_VERSION,
        )


async def measure(url: str, server: Postgres | None) -> None:
    """Print a row for each size."""
    database = await open_database(url)
    writer = Writer(database)
    try:
        await migrate(database, Schema.of_package())
        await table("submissions", writing(database), server)
        if server:
            await table("rates", counting(Rates(database, writer)), server)
    finally:
        await writer.close()
        await database.close()


def writing(database: Database) -> Work:
    """Stores so many submissions in one transaction."""
    source = Source()

    async def work(rows: int) -> None:
        batch = source.batch(rows)
        async with database.transaction() as transaction:
            await insert_all(transaction, batch)

    return work


def counting(rates: Rates) -> Work:
    """Counts so many submissions of as many networks, for one site and for all."""
    rng = random.Random(1)

    async def work(rows: int) -> None:
        keys = [f"{rng.randrange(20_000):032x}" for _ in range(rows)]
        hits = {key: Count(1, EPOCH + 60_000) for key in keys}
        await rates.count({**hits, "site": Count(rows, EPOCH), "all": Count(rows, EPOCH)}, EPOCH)

    return work


async def table(name: str, work: Work, server: Postgres | None) -> None:
    """Measure each size."""
    for rows in ROWS:
        times = max(FEWEST, SUBMISSIONS // rows)
        seconds = []
        ours, theirs = time.process_time(), processor(server.pid) if server else 0.0
        for _ in range(times):
            began = time.perf_counter()
            await work(rows)
            seconds.append(time.perf_counter() - began)
        ours = time.process_time() - ours
        theirs = processor(server.pid) - theirs if server else 0.0
        print(
            f"{'PostgreSQL' if server else 'SQLite':<12}{name:<14}{rows:>5}{ours / times * 1e6:>10.0f}"
            f"{theirs / times * 1e6:>10.0f}{statistics.median(seconds) * 1e6:>10.0f}",
            flush=True,
        )


def main() -> None:
    """Measure both engines."""
    print(f"{'':<26}{'rows':>5}{'ours us':>10}{'its us':>10}{'takes us':>10}")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(f"sqlite:///{Path(folder)}/bench.db", None))
    with Postgres() as server:
        asyncio.run(measure(server.fresh(), server))


if __name__ == "__main__":
    main()
