"""How long the store takes for what the web team asks, of databases that take turns."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bench.fill import DAYS, END, Sample
from feedback.model import EVERYTHING, Cursor, Filters, PageFilters, PageOrder, TrendFilters
from feedback.store import Store
from feedback.store.submissions import first_number

WARM_TURNS = 3

Query = Callable[[Store], Awaitable[object]]
Taken = list[list[float]] | Exception
"""Milliseconds, a list for each database; or why there are none."""


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
        "pages, of all time": lambda: (
            lambda store: store.pages(PageFilters(today, order=rng.choice(list(PageOrder))), EVERYTHING)
        ),
        "pages of 30 days": lambda: (
            lambda store: store.pages(PageFilters(today, since=today - month, until=today), EVERYTHING)
        ),
        "sections, 13 weeks": lambda: (
            lambda store: store.trends_by_section(TrendFilters(today - 3 * month, today), EVERYTHING, 7)
        ),
        "trend of a page, a year": lambda: (
            lambda store: store.trend(TrendFilters(today - 12 * month, today, **page()), EVERYTHING)
        ),
        "trend of everything, a year": lambda: (
            lambda store: store.trend(TrendFilters(today - 12 * month, today), EVERYTHING)
        ),
    }


def ask(urls: Sequence[str], times: int) -> Iterator[tuple[str, Taken]]:
    """By question, for each database the milliseconds of each time that it was asked."""
    with asyncio.Runner() as runner:
        stores = [runner.run(Store.open(url)) for url in urls]
        for name, make in queries(Sample.of(1), random.Random(2)).items():
            try:
                yield name, runner.run(_milliseconds(stores, make, times))
            except Exception as fault:  # noqa: BLE001  # told of instead of its figures
                yield name, fault
        for store in stores:
            runner.run(store.close())


async def _milliseconds(stores: Sequence[Store], make: Callable[[], Query], times: int) -> list[list[float]]:
    taken: list[list[float]] = [[] for _ in stores]
    for turn in range(-WARM_TURNS, times):
        query = make()
        for store, each in zip(stores, taken, strict=True):
            begin = time.perf_counter()
            await query(store)
            if turn >= 0:
                each.append((time.perf_counter() - begin) * 1000)
    return taken
