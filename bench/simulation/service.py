"""One process of the service: its event loop, its room, its writer; the bounds are the service's own."""

import random
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import simpy

from bench.simulation.costs import ANSWER, REFUSED
from feedback.store.room import Room
from feedback.store.writer import BATCH_LIMIT, QUEUE_LIMIT

Steps = Generator[simpy.Event, Any, Any]
# What the event loop, or a thread, does before another may have the core.
SLICE: Final = 0.001


class Store(Protocol):
    """What keeps batches."""

    def write(self, worker: "Worker", sites: list[int]) -> Steps:
        """Until the rows, each of a site, are on disk."""
        ...

    def count(self, worker: "Worker", sites: list[int]) -> Steps | None:
        """Until the submissions are counted for all processes; None where there is nothing to wait for."""
        ...


@dataclass
class Submission:
    """One that was sent, and what became of it."""

    sent: float
    site: int
    done: Callable[[bool], None]  # with whether it was stored
    since: float = 0.0  # when it came to the writer


@dataclass
class Seen:
    """What a run came to."""

    seconds: list[float] = field(default_factory=list)  # of each that was stored
    refused: int = 0
    batches: int = 0


class Worker:
    """A process with one event loop on a machine with some cores."""

    def __init__(
        self, env: simpy.Environment, cores: simpy.Resource, store: Store, http: float, rng: random.Random
    ) -> None:
        self.env = env
        self.cores = cores
        self.store = store
        self.seen = Seen()
        self.room = Room(QUEUE_LIMIT)
        self.busy = 0.0  # seconds of the event loop
        self._http = http
        self._rng = rng
        self._ready: deque[Callable[[], tuple[float, Callable[[], None]]]] = deque()
        self._counting: deque[Submission] = deque()
        self._waiting: deque[Submission] = deque()
        self._in_batch = 0
        self._work = env.event()
        self._rows = env.event()
        self._hits = env.event()
        env.process(self._loop())
        env.process(self._write())
        env.process(self._count())

    def take(self, one: Submission) -> None:
        """A submission has arrived."""
        self._do(lambda: self._begin(one))

    def compute(self, seconds: float) -> simpy.Event:
        """Something that the event loop does for the store; the event comes when it is done."""
        done = self.env.event()
        self._do(lambda: (seconds, done.succeed))
        return done

    def turn(self) -> simpy.Event:
        """An answer of a thread or a server has come: the event loop takes it up behind what is ready."""
        return self.compute(0.0)

    def _do(self, task: Callable[[], tuple[float, Any]]) -> None:
        self._ready.append(task)
        if not self._work.triggered:
            self._work.succeed()

    def _begin(self, one: Submission) -> tuple[float, Callable[[], None]]:
        if len(self._waiting) + self._in_batch >= self.room.places:
            self.seen.refused += 1
            return REFUSED, lambda: one.done(False)
        # Words differ in length, and so does what they cost.
        return self._rng.uniform(0.5, 1.5) * (self._http - ANSWER), lambda: self._parsed(one)

    def _parsed(self, one: Submission) -> None:
        self._counting.append(one)
        if not self._hits.triggered:
            self._hits.succeed()

    def _loop(self) -> Steps:
        while True:
            if not self._ready:
                self._work = self.env.event()
                yield self._work
            with self.cores.request() as core:
                yield core
                spent, then = 0.0, []
                while self._ready and spent < SLICE:
                    seconds, after = self._ready.popleft()()
                    spent += seconds
                    then.append(after)
                yield self.env.timeout(spent)
            self.busy += spent
            for after in then:
                after()

    def _count(self) -> Steps:
        while True:
            if not self._counting:
                self._hits = self.env.event()
                yield self._hits
            batch = [self._counting.popleft() for _ in range(min(64, len(self._counting)))]
            if steps := self.store.count(self, [one.site for one in batch]):
                yield from steps
            for one in batch:
                one.since = self.env.now
            self._waiting.extend(batch)
            if not self._rows.triggered:
                self._rows.succeed()

    def _write(self) -> Steps:
        while True:
            if not self._waiting:
                self._rows = self.env.event()
                yield self._rows
            batch = [self._waiting.popleft() for _ in range(min(BATCH_LIMIT, len(self._waiting)))]
            self._in_batch = len(batch)
            yield from self.store.write(self, [one.site for one in batch])
            self.room.waited(self.env.now - batch[0].since, len(self._waiting) + len(batch))
            self.seen.batches += 1
            for one in batch:
                self._do(lambda one=one: (ANSWER, lambda: self._stored(one)))  # type: ignore[misc]
            self._in_batch = 0

    def _stored(self, one: Submission) -> None:
        self.seen.seconds.append(self.env.now - one.sent)
        one.done(True)
