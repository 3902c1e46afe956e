"""How long what the web team asks takes at two sizes on both engines: python -m bench.store_queries."""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bench.fill import DAYS, END, Sample, fill
from feedback.model import EVERYTHING, Cursor, Filters, PageFilters, PageOrder, TrendFilters
from feedback.store import Store
from feedback.store.submissions import first_number
from tests.postgres import Postgres

LIMIT_MS: Final = 30.0
GROWTH: Final = 2.0
# Below this, twice as long is the noise of the machine.
SMALL_MS: Final = 3.0

Query = Callable[[Store], Awaitable[object]]


def queries(sample: Sample, rng: random.Random) -> dict[str, Callable[[], Query]]:
    """What is asked, with other values each time."""
    today = datetime.fromtimestamp(END / 1000, UTC).date()
    month = timedelta(days=30)

    def page() -> dict[str, str]:
        site, path, _ = rng.choice(sample.pages[:200])
        return {"site": site.text, "path": path.text}

    def word(first: int, last: int) -> str:
        return rng.choice(sample.words[first:last])

    def found(filters: Filters) -> Query:
        return lambda store: store.find(filters, EVERYTHING)

    return {
        "newest": lambda: found(Filters()),
        "inbox, spam hidden": lambda: found(Filters(hide_spam=True)),
        "somewhere in the middle": lambda: found(
            Filters(after=Cursor(first_number(END - rng.randrange(DAYS * 86_400_000))))
        ),
        "one status": lambda: found(Filters({"status": "open"})),
        "one page": lambda: found(Filters(page())),
        "one page and status": lambda: found(Filters({**page(), "status": "open"})),
        "a common word": lambda: found(Filters(q=word(0, 10))),
        "a word": lambda: found(Filters(q=word(100, 1000))),
        "two words": lambda: found(Filters(q=f"{word(10, 100)} {word(100, 1000)}")),
        "a word on one page": lambda: found(replace(Filters(page()), q=word(10, 100))),
        "pages": lambda: (
            lambda store: store.pages(PageFilters(today, order=rng.choice(list(PageOrder))), EVERYTHING)
        ),
        "pages of 30 days": lambda: (
            lambda store: store.pages(PageFilters(today, since=today - month, until=today), EVERYTHING)
        ),
        "sections, 13 weeks": lambda: (
            lambda store: store.trends_by_section(TrendFilters(today - 3 * month, today), EVERYTHING, 7)
        ),
        "trend of a page": lambda: (
            lambda store: store.trend(TrendFilters(today - 12 * month, today, **page()), EVERYTHING)
        ),
        "trend of everything": lambda: (
            lambda store: store.trend(TrendFilters(today - 12 * month, today), EVERYTHING)
        ),
    }


async def measure(url: str, times: int) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each query in milliseconds."""
    store = await Store.open(url)
    result = {}
    try:
        for name, make in queries(Sample.of(1), random.Random(2)).items():
            took = []
            for turn in range(times + 3):
                query = make()
                begin = time.perf_counter()
                await query(store)
                if turn >= 3:
                    took.append((time.perf_counter() - begin) * 1000)
            result[name] = (statistics.median(took), statistics.quantiles(took, n=20)[-1])
    finally:
        await store.close()
    return result


def main() -> None:
    """Fill, measure, print a table; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="bench.store_queries", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--times", type=int, default=100)
    arguments = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory() as folder, Postgres() as server:
        for engine in ("sqlite", "postgresql"):
            figures = []
            for rows in arguments.rows:
                url = f"sqlite:///{Path(folder)}/{rows}.db" if engine == "sqlite" else server.fresh()
                seconds = asyncio.run(fill(url, rows))
                print(f"{engine}: {rows} rows in {seconds:.0f} s")
                if engine == "postgresql":
                    server.execute("VACUUM ANALYZE", url)  # as the server does by itself, some time later
                figures.append(asyncio.run(measure(url, arguments.times)))
            print(f"{'ms, median (95 %)':<26}" + "".join(f"{rows:>20}" for rows in arguments.rows))
            for name in figures[0]:
                line = [each[name] for each in figures]
                print(f"{name:<26}" + "".join(f"{median:>11.1f} ({high:>5.1f})" for median, high in line))
                if line[-1][0] > LIMIT_MS or line[-1][0] > max(SMALL_MS, GROWTH * line[0][0]):
                    missed.append(f"{engine}: {name}")
    if missed:
        raise SystemExit("Missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
