"""Where submissions are counted: in this process, in PostgreSQL or in Redis."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter as SharedLimiter
from limits.storage.base import Storage

from feedback.store.rates import Count, Rates

# Keys that one process remembers; beyond that the oldest are forgotten, so that memory is bounded.
MOST_KEYS: Final = 100_000
# Seconds within which counting together must answer.
ANSWER_WITHIN: Final = 0.5
_FORGET_EVERY: Final = 60.0  # seconds
_MOST_AT_ONCE: Final = 64  # keys of one statement


class Hit(NamedTuple):
    """One submission as one limit counts it; the key is a hash."""

    limit: RateLimitItem
    key: str


class SharedCounts(Protocol):
    """Counts of several processes together."""

    async def count(self, hits: Sequence[Hit]) -> float | None:
        """Count the hits; gives the seconds until the first exceeded limit begins anew, None where none is.

        Raises whatever its database raises when it is away.
        """
        ...

    async def close(self) -> None:
        """Let go of its connections."""
        ...


class MemoryCounts(Storage):
    """The counts of this process, for limits' strategies.

    The storage that comes with limits looks through all keys at every hit, and goes by a clock that may jump.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, list[float]] = {}  # hits, and when the count ends
        self._forget_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong: nothing."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a count, which begins anew `expiry` seconds after its first hit."""
        now = time.monotonic()
        if now >= self._forget_at or len(self._counts) >= MOST_KEYS:
            self._forget(now)
        count = self._counts.get(key)
        if count is None or count[1] <= now:
            self._counts.pop(key, None)  # its place in the order of age is a new one, too
            count = self._counts[key] = [0, now + expiry]
        count[0] += amount
        return int(count[0])

    def get(self, key: str) -> int:
        """The count so far."""
        count = self._counts.get(key)
        return int(count[0]) if count and count[1] > time.monotonic() else 0

    def get_expiry(self, key: str) -> float:
        """When the count ends, in epoch seconds."""
        count = self._counts.get(key)
        return time.time() + (count[1] - time.monotonic() if count else 0.0)

    def check(self) -> bool:
        """Whether it works."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        forgotten = len(self._counts)
        self._counts.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._counts.pop(key, None)

    def _forget(self, now: float) -> None:
        alive = [each for each in self._counts.items() if each[1][1] > now]
        self._counts = dict(alive if len(alive) < MOST_KEYS else alive[-MOST_KEYS // 2 :])
        self._forget_at = now + _FORGET_EVERY


class DatabaseCounts:
    """The counts of all processes on one PostgreSQL: what waits at a moment is one statement."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._waiting: list[tuple[Sequence[Hit], asyncio.Future[float | None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._forget_at = time.monotonic() + _FORGET_EVERY

    async def count(self, hits: Sequence[Hit]) -> float | None:
        """Count the hits together with all that others bring at this moment."""
        done: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((hits, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="rate")
        return await done

    async def close(self) -> None:
        """Wait for what is under way; the connections are the store's."""
        if self._task:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    answers = await self._count(batch)
            except Exception as error:  # noqa: BLE001  # whatever it is, each waiting request decides by itself
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for (_, done), answer in zip(batch, answers, strict=True):
                if not done.done():
                    done.set_result(answer)

    async def _count(
        self, batch: Sequence[tuple[Sequence[Hit], "asyncio.Future[float | None]"]]
    ) -> list[float | None]:
        now = time.time_ns() // 1_000_000
        new = Counter(hit.key for hits, _ in batch for hit in hits)
        ends = {hit.key: now + hit.limit.get_expiry() * 1000 for hits, _ in batch for hit in hits}
        totals = await self._rates.count({key: Count(n, ends[key]) for key, n in new.items()}, now)
        # Each request has the place in the count that it had among those that waited.
        so_far = {key: totals[key].hits - n for key, n in new.items()}
        answers: list[float | None] = []
        for hits, _ in batch:
            answer = None
            for limit, key in hits:
                so_far[key] += 1
                if so_far[key] > limit.amount and answer is None:
                    answer = (totals[key].ends_at - now) / 1000
            answers.append(answer)
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + _FORGET_EVERY
            await self._rates.forget(now)
        return answers


class RedisCounts:
    """The counts of all processes on one Redis, by limits' own storage."""

    def __init__(self, url: str) -> None:
        # RESP3's push messages are not needed, and a Redis of years ago knows RESP2 only.
        options: dict[str, Any] = {
            "socket_timeout": ANSWER_WITHIN,
            "socket_connect_timeout": ANSWER_WITHIN,
            "key_prefix": "page-feedback",
        }
        self._storage = RedisStorage(f"async+{url}", implementation="redispy", **options)
        self._limiter = SharedLimiter(self._storage)

    async def count(self, hits: Sequence[Hit]) -> float | None:
        """Count the hits one by one, up to the first exceeded limit."""
        for limit, key in hits:
            if not await self._limiter.hit(limit, key):
                return await self._storage.get_expiry(limit.key_for(key)) - time.time()
        return None

    async def answers(self) -> bool:
        """Whether Redis answers just now."""
        return bool(await self._storage.check())

    async def close(self) -> None:
        """Close the connections."""
        await self._storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]  # redis-py's
