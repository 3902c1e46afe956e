"""Counting together: sums by key, windows that begin anew, and one secret a day."""

import asyncio

from feedback.store.rates import Count
from tests.store.samples import NOON, opened

MINUTE = 60_000


def test_hits_add_up_until_their_window_ends(url: str):
    async def go() -> None:
        async with opened(url) as store:
            count = store.rates.count
            end = NOON + MINUTE
            assert await count({"a": Count(2, end)}, NOON) == {"a": Count(2, end)}
            later = await count({"b": Count(1, end + 5), "a": Count(3, end + 5)}, NOON + 5)
            assert later == {"a": Count(5, end), "b": Count(1, end + 5)}
            assert await count({"a": Count(1, end + MINUTE)}, end) == {"a": Count(1, end + MINUTE)}

    asyncio.run(go())


def test_what_has_ended_is_forgotten(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.rates.count(
                {"old": Count(1, NOON - 2 * MINUTE), "new": Count(1, NOON)}, NOON - 3 * MINUTE
            )
            await store.rates.forget(NOON)
            rows = await store._database.fetch("SELECT key FROM rate")
            assert [row["key"] for row in rows] == ["new"]

    asyncio.run(go())


def test_a_day_has_one_secret_and_the_days_before_none(url: str):
    async def go() -> None:
        async with opened(url) as store:
            assert await store.rates.secret(1, "one") == "one"
            assert await store.rates.secret(1, "other") == "one"
            assert await store.rates.secret(2, "two") == "two"
            rows = await store._database.fetch("SELECT day FROM rate_secret")
            assert [row["day"] for row in rows] == [2]

    asyncio.run(go())
