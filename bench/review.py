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
    """Fill both sizes of both engines, and ask all four in turn."""
    whos = [f"{rows:,} rows" for rows in size.rows]
    with tempfile.TemporaryDirectory() as folder, Postgres() as server:
        databases: dict[str, list[str]] = {}
        for engine in ENGINES:
            try:
                databases[engine], speeds = filled(engine, size.rows, folder, server)
            except Exception as fault:  # noqa: BLE001  # the other engine is asked all the same
                yield NotRun.of(f"review: {engine}", fault)
            else:
                by_size = dict(zip(whos, speeds, strict=True))
                yield Measure("Filling", f"rows a second, {engine}", by_size)
        all_urls = [url for urls in databases.values() for url in urls]
        for name, taken in store_queries.ask(all_urls, size.times):
            yield from _medians(STORE, list(databases), name, taken, whos, STORE_LIMIT_MS)
        for name, taken in desk_pages.ask(all_urls, size.times // 2):
            yield from _medians(PAGES, list(databases), name, taken, whos, PAGES_LIMIT_MS)


def filled(engine: str, sizes: Sequence[int], folder: str, server: Postgres) -> tuple[list[str], list[float]]:
    """A database of each size, and how many rows a second were written into it."""
    urls, speeds = [], []
    for rows in sizes:
        url = f"sqlite:///{folder}/{rows}.db" if engine == "SQLite" else server.fresh()
        speeds.append(rows / asyncio.run(fill(url, rows)))
        if engine == "PostgreSQL":
            server.execute("VACUUM ANALYZE", url)  # as the server does by itself, some time later
        urls.append(url)
    return urls, speeds


def _medians(
    table: str, engines: Sequence[str], what: str, taken: Taken, whos: Sequence[str], limit: float
) -> Yielded:
    """A row of each engine's table; `taken` has both sizes of the first engine, then both of the second."""
    if isinstance(taken, Exception):
        yield NotRun.of(f"{table.format(' and '.join(engines))}, {what}", taken)
        return
    for place, engine in enumerate(engines):
        ours = dict(zip(whos, taken[place * len(whos) :], strict=False))
        values = {who: statistics.median(each) for who, each in ours.items()}
        high = {who: statistics.quantiles(each, n=20)[-1] for who, each in ours.items()}
        yield Measure(table.format(engine), what, values, high, limit)
