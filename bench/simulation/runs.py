"""One run of a set-up under a load, and what was seen of it once it had settled."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import simpy

from bench.simulation.costs import FLUSH, HTTP
from bench.simulation.service import Seen, Worker
from bench.simulation.stores import Node, Postgres, Sqlite

SEED: Final = 1

Load = Callable[[simpy.Environment, Sequence[Worker], random.Random], None]


@dataclass(frozen=True)
class SetUp:
    """Workers, each with a core of its own but where `cores` says otherwise, and what they store in."""

    workers: int = 1
    cores: int | None = None
    nodes: int = 0  # PostgreSQL servers; none: SQLite
    node_cores: int = 8
    flush: float = FLUSH
    counts_rates: bool = True  # in PostgreSQL; else in Redis
    share: float = 1.0  # of what a submission costs


@dataclass(frozen=True)
class Result:
    """What was seen."""

    a_second: float
    median: float  # seconds
    p99: float
    refused: float  # share of all
    rows: float  # of a batch
    limits: dict[str, float]  # how much of its time each part was busy

    @property
    def first(self) -> str:
        """What breaks first: the busiest part."""
        return max(self.limits, key=lambda part: self.limits[part])


def run(set_up: SetUp, load: Load, seconds: float, settling: float = 0.5) -> Result:
    """Simulate, with the same chance each time."""
    env, rng = simpy.Environment(), random.Random(SEED)
    cores = simpy.Resource(env, set_up.cores or set_up.workers)
    store: Sqlite | Postgres = Sqlite(set_up.share)
    nodes: list[Node] = []
    if set_up.nodes:
        store = Postgres(env, set_up.nodes, set_up.node_cores, set_up.flush, counts_rates=set_up.counts_rates)
        nodes = store.nodes
    workers = [Worker(env, cores, store, HTTP * set_up.share, rng) for _ in range(set_up.workers)]
    load(env, workers, rng)
    env.run(settling)
    for worker in workers:
        worker.seen, worker.busy = Seen(), 0.0
    for part in (*nodes, store):
        part.forget()
    env.run(settling + seconds)
    took = sorted(second for worker in workers for second in worker.seen.seconds)
    refused = sum(worker.seen.refused for worker in workers)
    batches = sum(worker.seen.batches for worker in workers)
    return Result(
        len(took) / seconds,
        took[len(took) // 2],
        took[len(took) * 99 // 100],
        refused / (refused + len(took)),
        len(took) / max(1, batches),
        _limits(set_up, workers, nodes, store, seconds),
    )


def _limits(
    set_up: SetUp, workers: Sequence[Worker], nodes: Sequence[Node], store: Sqlite | Postgres, seconds: float
) -> dict[str, float]:
    own = sum(worker.busy for worker in workers)
    limits = {"the workers' Python": own / len(workers) / seconds}
    if isinstance(store, Sqlite):
        cores = set_up.cores or set_up.workers
        limits["the core"] = (own + store.busy) / cores / seconds if cores == 1 else 0.0
        limits["SQLite's thread"] = store.busy / seconds
        return limits
    limits["PostgreSQL's cores"] = max(node.busy for node in nodes) / set_up.node_cores / seconds
    limits["the row that counts everybody"] = store.counting / seconds
    limits["a site's row of the day"] = max(node.held for node in nodes) / seconds
    return limits
