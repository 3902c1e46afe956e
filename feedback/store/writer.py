"""Group commit: one task writes everything, all submissions waiting at a moment in one transaction."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from feedback.errors import Invalid, Unavailable
from feedback.model import Receipt, ScrubbedFeedback
from feedback.store.database import Database, DatabaseError, Transaction
from feedback.store.room import Room
from feedback.store.submissions import TIE_BITS, insert_all
from feedback.watching.logs import get_logger

T = TypeVar("T")
# How many submissions, the seconds until they were on disk or had failed, and how many writes wait behind.
OnBatch = Callable[[int, float, int], None]
Work = Callable[[Transaction], Awaitable[T]]

# Waiting writes above which new ones are turned away whatever they wait: this bounds memory.
QUEUE_LIMIT: Final = 5_000
BATCH_LIMIT: Final = 500
# Seconds after which a write that is still under way is answered 503, whatever becomes of it.
ANSWER_WITHIN: Final = 1.8

log = get_logger("feedback.store")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    done: "asyncio.Future[T]" = field(
        init=False, default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def refuse(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)
            # A visitor who went away awaits nothing; asyncio would report the fault as unseen.
            with suppress(BaseException):
                self.done.exception()

    def answer(self, result: T) -> None:
        if not self.done.done():
            self.done.set_result(result)


@dataclass(frozen=True, slots=True)
class _Submission(_Waiting[Receipt]):
    feedback: ScrubbedFeedback
    since: float = field(init=False, default_factory=time.perf_counter)


@dataclass(frozen=True, slots=True)
class _Change(_Waiting[Any]):
    work: Work[Any]


@dataclass(frozen=True, slots=True)
class _Between(_Waiting[Any]):
    work: Callable[[], Awaitable[Any]]


class Writer:
    """Takes writes from requests and answers each once it is on disk.

    A request awaits a future that the writer fulfils and does not await: one that is cancelled (its visitor
    went away) cancels no statement.
    """

    def __init__(self, database: Database, on_batch: OnBatch | None = None) -> None:
        self._database = database
        self._on_batch = on_batch
        self._queue: asyncio.Queue[_Waiting[Any] | None] = asyncio.Queue(QUEUE_LIMIT)
        self._room = Room(QUEUE_LIMIT)
        self._in_batch = 0
        self._stalled = False
        self._closing = False
        # Rows of one millisecond are told apart by a counter; where it starts keeps processes apart.
        self._tie = secrets.randbits(TIE_BITS)
        self._task = asyncio.create_task(self._run(), name="writer")

    @property
    def has_room(self) -> bool:
        """Whether one more submission would not wait too long; asked before its body is read."""
        return not self._stalled and not self._closing and self._waiting < self._room.places

    async def add(self, feedback: ScrubbedFeedback) -> Receipt:
        """Store one submission; the same id again gives the first one's receipt."""
        return await self._put(_Submission(feedback))

    async def change(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own."""
        result: T = await self._put(_Change(work))
        return result

    async def between(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` while no transaction is open."""
        result: T = await self._put(_Between(work))
        return result

    async def close(self) -> None:
        """Finish all that is waiting, then stop."""
        self._closing = True
        await self._queue.put(None)
        await self._task

    @property
    def running(self) -> bool:
        """Whether writes are still taken."""
        return not self._task.done()

    @property
    def _waiting(self) -> int:
        return self._queue.qsize() + self._in_batch

    def _put(self, waiting: _Waiting[T]) -> "asyncio.Future[T]":
        if not self.running or self._stalled or self._closing:
            raise Unavailable
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            raise Unavailable from None
        return waiting.done

    async def _run(self) -> None:
        stopping = False
        while not stopping:
            taken = [await self._queue.get()]
            while len(taken) < BATCH_LIMIT and not self._queue.empty():
                taken.append(self._queue.get_nowait())
            stopping = None in taken
            self._in_batch = len(taken)
            submissions = [one for one in taken if isinstance(one, _Submission)]
            changes = [one for one in taken if isinstance(one, _Change | _Between)]
            work = asyncio.create_task(self._write(submissions, changes))
            _, late = await asyncio.wait({work}, timeout=ANSWER_WITHIN)
            if late:
                # A disk that does not answer: nobody waits for it, and nobody new may begin to.
                self._stalled = True
                log.error("write failed", fault="stalled", waiting=len(taken) + self._queue.qsize())
                self._refuse([*submissions, *changes, *self._drained()], Unavailable())
                await work
                self._stalled = False
            self._in_batch = 0

    async def _write(self, submissions: Sequence[_Submission], changes: Sequence[_Change | _Between]) -> None:
        if submissions:
            began = time.perf_counter()
            await self._add(submissions)
            self._room.waited(time.perf_counter() - submissions[0].since, self._waiting)
            if self._on_batch:
                self._on_batch(len(submissions), time.perf_counter() - began, self._queue.qsize())
        for one in changes:
            try:
                if isinstance(one, _Between):
                    result = await one.work()
                else:
                    async with self._database.transaction() as transaction:
                        result = await one.work(transaction)
            except Invalid as error:
                # The work itself said no, and nothing of it was kept.
                one.refuse(error)
            except Exception as error:  # noqa: BLE001  # whatever failed, nothing of it was kept
                self._failed([one], error)
            else:
                one.answer(result)

    async def _add(self, batch: Sequence[_Submission]) -> None:
        try:
            async with self._database.transaction() as transaction:
                receipts = await insert_all(
                    transaction, [(self._number(one.feedback), one.feedback) for one in batch]
                )
        except Exception as error:  # noqa: BLE001  # whatever failed, nothing of the batch was kept
            if len(batch) > 1 and (not isinstance(error, DatabaseError) or error.of_row):
                # One row may be at fault; halves find it without failing its neighbours.
                await self._add(batch[: len(batch) // 2])
                await self._add(batch[len(batch) // 2 :])
            else:
                self._failed(batch, error)
            return
        for one in batch:
            one.answer(receipts[one.feedback.id])

    def _number(self, feedback: ScrubbedFeedback) -> int:
        self._tie = (self._tie + 1) % (1 << TIE_BITS)
        return feedback.received_at << TIE_BITS | self._tie

    def _failed(self, batch: Sequence[_Waiting[Any]], error: Exception) -> None:
        kind = error.kind if isinstance(error, DatabaseError) else type(error).__name__
        # Where the database is away, what waits behind would only wait for the same answer.
        behind = self._drained() if isinstance(error, DatabaseError) and not error.of_row else []
        log.error("write failed", fault=kind, waiting=len(batch) + len(behind))
        self._refuse([*batch, *behind], Unavailable())

    def _drained(self) -> list[_Waiting[Any]]:
        drained = []
        while not self._queue.empty():
            one = self._queue.get_nowait()
            if one is None:
                self._queue.put_nowait(None)
                break
            drained.append(one)
        return drained

    @staticmethod
    def _refuse(batch: Sequence[_Waiting[Any]], error: Exception) -> None:
        for one in batch:
            one.refuse(error)
