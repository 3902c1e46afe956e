"""What the web team waits for, at two sizes on both engines: the store's questions, and pages over HTTP."""

import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from typing import Final

from bench import desk_pages, store_queries
from bench.fill import fill
from bench.measure import Measure, NotRun, Size, Yielded
from bench.store_queries import Taken
from tests.postgres import Postgres

ENGINES: Final = ("SQLite", "PostgreSQL")
STORE: Final = "The store's questions, ms: {}"
STORE_LIMIT_MS: Final = 30.0
PAGES: Final = "Pages over HTTP, ms: {}"
PAGES_LIMIT_MS: Final = 100.0


def measures(size: Size) -> Yielded:
    """Fill four databases, and ask each of them in turn."""
    whos = [f"{rows:,} rows" for rows in size.rows]
    with tempfile.TemporaryDirectory() as folder, Postgres() as server:
        urls = []
        for engine in ENGINES:
            speeds = {}
            for rows, who in zip(size.rows, whos, strict=True):
                url = f"sqlite:///{folder}/{rows}.db" if engine == "SQLite" else server.fresh()
                speeds[who] = rows / asyncio.run(fill(url, rows))
                if engine == "PostgreSQL":
                    server.execute("VACUUM ANALYZE", url)  # as the server does by itself, some time later
                urls.append(url)
            yield Measure("Filling", f"rows a second, {engine}", speeds)
        for name, taken in store_queries.ask(urls, size.times):
            yield from _medians(STORE, name, taken, whos, STORE_LIMIT_MS)
        for name, taken in desk_pages.ask(urls, size.times // 2):
            yield from _medians(PAGES, name, taken, whos, PAGES_LIMIT_MS)


def _medians(table: str, what: str, taken: Taken, whos: Sequence[str], limit: float) -> Yielded:
    """A row of each engine's table; `taken` has both sizes of the first engine, then both of the second."""
    if isinstance(taken, Exception):
        yield NotRun(f"{table.format('both engines')}, {what}", f"{type(taken).__name__}: {taken}")
        return
    for place, engine in enumerate(ENGINES):
        ours = dict(zip(whos, taken[place * len(whos) :], strict=False))
        values = {who: statistics.median(each) for who, each in ours.items()}
        high = {who: statistics.quantiles(each, n=20)[-1] for who, each in ours.items()}
        yield Measure(table.format(engine), what, values, high, limit)
