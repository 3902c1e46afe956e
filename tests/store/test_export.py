"""An export gives everything once, in order, and holds only a part of it at a time."""

import asyncio
import tracemalloc

from feedback.model import EVERYTHING, Filters, Status
from feedback.store import Store
from tests.store.samples import ERASE, NOON, opened, some_feedback


async def fill(store: Store, rows: int, words: str = "words") -> None:
    await asyncio.gather(
        *(
            store.add(
                some_feedback(f"{number} {words}", NOON + number, status=Status(["new", "spam"][number % 2]))
            )
            for number in range(rows)
        )
    )


async def exported(store: Store, filters: Filters) -> list[str | None]:
    return [item.comment async for part in store.export(filters, EVERYTHING) for item in part]


def test_an_export_gives_all_that_the_filters_choose_newest_first(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await fill(store, 1203)
            everything = await exported(store, Filters(limit=3))
            assert everything == [f"{number} words" for number in reversed(range(1203))]
            spam = await exported(store, Filters({"status": "spam"}, since=NOON + 1000))
            assert spam == [f"{number} words" for number in reversed(range(1001, 1203, 2))]
            assert await exported(store, Filters(q="1202 words")) == ["1202 words"]
            assert await exported(store, Filters(q="nothing")) == []

    asyncio.run(go())


def test_what_comes_and_goes_meanwhile_doubles_nothing_and_stops_nothing(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await fill(store, 1100)
            seen: list[str | None] = []
            async for part in store.export(Filters(), EVERYTHING):
                seen += [item.comment for item in part]
                await store.add(some_feedback("later", NOON + 10_000))
                await store.erasures.erase([part[-1].id], EVERYTHING, ERASE)
            assert seen == [f"{number} words" for number in reversed(range(1100))]

    asyncio.run(go())


def test_memory_does_not_grow_with_what_is_exported(url: str):
    async def peak(store: Store) -> int:
        tracemalloc.start()
        async for _ in store.export(Filters(), EVERYTHING):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    async def go() -> None:
        async with opened(url) as store:
            await fill(store, 1100, "words" * 200)
            few = await peak(store)
            await fill(store, 4400, "words" * 200)
            assert await peak(store) < few * 1.3

    asyncio.run(go())
