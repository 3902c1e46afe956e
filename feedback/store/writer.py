"""Group commit: one task writes everything, all submissions waiting at a moment in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import structlog

from feedback.errors import Unavailable
from feedback.model import Receipt, ScrubbedFeedback
from feedback.store.database import Database, DatabaseError, Transaction
from feedback.store.submissions import insert

T = TypeVar("T")
Work = Callable[[Transaction], Awaitable[T]]

# Waiting writes above which new ones are turned away at once: some seconds' worth.
QUEUE_LIMIT: Final = 5_000
BATCH_LIMIT: Final = 500

log = structlog.get_logger("feedback.store")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    work: Work[T]
    groups: bool  # may share its transaction with others of its kind
    done: "asyncio.Future[T]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Writer:
    """Takes writes from requests and answers each once it is on disk.

    A request only awaits: one that is cancelled (its visitor went away) leaves no statement half done.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: asyncio.Queue[_Waiting[object] | None] = asyncio.Queue(QUEUE_LIMIT)
        self._task = asyncio.create_task(self._run(), name="writer")

    async def add(self, feedback: ScrubbedFeedback) -> Receipt:
        """Store one submission; the same id again gives the first one's receipt."""
        return await self._submit(lambda transaction: insert(transaction, feedback), groups=True)

    async def change(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own."""
        return await self._submit(work, groups=False)

    async def close(self) -> None:
        """Finish all that is waiting, then stop."""
        await self._queue.put(None)
        await self._task

    @property
    def running(self) -> bool:
        """Whether writes are still taken."""
        return not self._task.done()

    async def _submit(self, work: Work[T], *, groups: bool) -> T:
        waiting = _Waiting(work, groups)
        if not self.running:
            raise Unavailable
        try:
            self._queue.put_nowait(waiting)  # type: ignore[arg-type]  # each keeps its own result type
        except asyncio.QueueFull:
            raise Unavailable from None
        return await asyncio.shield(waiting.done)

    async def _run(self) -> None:
        stopping = False
        while not stopping:
            taken = [await self._queue.get()]
            while len(taken) < BATCH_LIMIT and not self._queue.empty():
                taken.append(self._queue.get_nowait())
            stopping = None in taken
            waiting = [one for one in taken if one is not None]
            await self._write([one for one in waiting if one.groups])
            for one in waiting:
                if not one.groups:
                    await self._write([one])

    async def _write(self, batch: list[_Waiting[object]]) -> None:
        if not batch:
            return
        try:
            async with self._database.transaction() as transaction:
                results = [await waiting.work(transaction) for waiting in batch]
        except Exception as error:  # noqa: BLE001  # whatever failed, nothing of the batch was kept
            kind = error.kind if isinstance(error, DatabaseError) else type(error).__name__
            log.error("write failed", fault=kind, waiting=len(batch))
            for waiting in batch:
                waiting.done.set_exception(Unavailable())
                # A visitor who went away awaits nothing; asyncio would report the fault as unseen.
                with suppress(BaseException):
                    waiting.done.exception()
            return
        for waiting, result in zip(batch, results, strict=True):
            waiting.done.set_result(result)
