"""What keeps batches: SQLite's thread, one PostgreSQL, or several behind Citus."""

from collections import Counter
from collections.abc import Iterable

import simpy

from bench.simulation.costs import (
    DRIVER_BATCH,
    DRIVER_RATES,
    FLUSH,
    NETWORK,
    POSTGRES_BATCH,
    POSTGRES_RATES,
    SQLITE_BATCH,
)
from bench.simulation.service import SLICE, Steps, Worker


class Sqlite:
    """One thread on the worker's machine."""

    def __init__(self, share: float = 1.0) -> None:
        self._share = share  # of what a row costs
        self.busy = 0.0

    def forget(self) -> None:
        """Measure from now on."""
        self.busy = 0.0

    def write(self, worker: Worker, sites: list[int]) -> Steps:
        """Two trips to the thread: the rows, then the counts and one fdatasync."""
        for trip in range(2):
            left = SQLITE_BATCH.of(len(sites)) * self._share / 2
            while left > 0:
                with worker.cores.request() as core:
                    yield core
                    yield worker.env.timeout(min(left, SLICE))
                self.busy += min(left, SLICE)
                left -= SLICE
            yield worker.env.timeout(FLUSH if trip else 0)
            yield worker.turn()

    def count(self, _worker: Worker, _sites: list[int]) -> Steps | None:
        """Counted in memory."""
        return None


class Node:
    """One PostgreSQL server: cores, a log that is flushed for all who wait, rows that one holds at a time."""

    def __init__(self, env: simpy.Environment, cores: int, flush: float) -> None:
        self.env = env
        self.cores = simpy.Resource(env, cores)
        self.seconds = flush
        self.busy = 0.0
        self._held: dict[int, float] = {}
        self._site_days: dict[int, simpy.Resource] = {}
        self._next = env.event()
        self._wanted = env.event()
        env.process(self._flush())

    @property
    def held(self) -> float:
        """Seconds for which the busiest site's row was held."""
        return max(self._held.values(), default=0.0)

    def hold(self, site: int, seconds: float) -> None:
        """A site's row was held for so long."""
        self._held[site] = self._held.get(site, 0.0) + seconds

    def forget(self) -> None:
        """Measure from now on."""
        self.busy = 0.0
        self._held.clear()

    def site_day(self, site: int) -> simpy.Resource:
        """The row of counts that every submission about a site changes."""
        return self._site_days.setdefault(site, simpy.Resource(self.env, 1))

    def compute(self, seconds: float) -> Steps:
        """Use a core."""
        with self.cores.request() as core:
            yield core
            yield self.env.timeout(seconds)
        self.busy += seconds

    def flushed(self) -> simpy.Event:
        """When what was written before is on disk: by the next flush that begins."""
        if not self._wanted.triggered:
            self._wanted.succeed()
        return self._next

    def _flush(self) -> Steps:
        while True:
            yield self._wanted
            self._wanted = self.env.event()
            done, self._next = self._next, self.env.event()
            yield self.env.timeout(self.seconds)
            done.succeed()


class Postgres:
    """One server, or some behind Citus with each site on one of them."""

    def __init__(
        self, env: simpy.Environment, nodes: int, cores: int, flush: float, *, counts_rates: bool
    ) -> None:
        self.env = env
        self.counts_rates = counts_rates
        self.nodes = [Node(env, cores, flush) for _ in range(nodes)]
        # The count of all submissions, whatever the site: a row on the first node that each count changes.
        self._everybody = simpy.Resource(env, 1)
        self.counting = 0.0  # seconds for which it was held

    def forget(self) -> None:
        """Measure from now on."""
        self.counting = 0.0

    def write(self, worker: Worker, sites: list[int]) -> Steps:
        """BEGIN, the rows, four tables of counts, COMMIT: each waits for the event loop on its way back."""
        yield worker.compute(DRIVER_BATCH.of(len(sites)))
        yield from self._trip(worker)
        parts = Counter(sites)
        rows = Counter[int]()
        for site, count in parts.items():
            rows[site % len(self.nodes)] += count
        # The rows and three tables of counts; each server does its part at the same time.
        yield self._at_once(node.compute(POSTGRES_BATCH.of(rows[number])) for number, node in self._of(rows))
        for _ in range(4):
            yield from self._trip(worker)
        # The row of each site and day is held until the transaction is on disk.
        held = []
        for site in sorted(parts):
            node = self.nodes[site % len(self.nodes)]
            request = node.site_day(site).request()
            yield request
            held.append((node, site, request, self.env.now))
        yield from self._trip(worker)
        # Over several servers a transaction is prepared on each, then committed on each.
        for _ in range(min(2, len(rows))):
            yield self.env.timeout(NETWORK / 2)
            yield self.env.all_of([node.flushed() for _, node in self._of(rows)])
        for node, site, request, since in held:
            node.site_day(site).release(request)
            node.hold(site, self.env.now - since)
        yield from self._trip(worker)

    def count(self, worker: Worker, sites: list[int]) -> Steps:
        """BEGIN, a statement, COMMIT, with the row of everybody held; or one trip to Redis."""
        yield worker.compute(DRIVER_RATES.of(len(sites)))
        yield from self._trip(worker)
        if not self.counts_rates:
            return
        with self._everybody.request() as row:
            yield row
            began = self.env.now
            yield from self.nodes[0].compute(POSTGRES_RATES.of(len(sites)))
            yield from self._trip(worker)
            yield self.env.timeout(NETWORK / 2)
            yield self.nodes[0].flushed()
            self.counting += self.env.now - began
        yield from self._trip(worker)

    def _trip(self, worker: Worker) -> Steps:
        yield self.env.timeout(NETWORK)
        yield worker.turn()

    def _of(self, numbers: Iterable[int]) -> list[tuple[int, Node]]:
        return [(number, self.nodes[number]) for number in numbers]

    def _at_once(self, parts: Iterable[Steps]) -> simpy.Event:
        return self.env.all_of([self.env.process(part) for part in parts])
