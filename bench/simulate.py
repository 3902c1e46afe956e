"""What one process, one machine, one PostgreSQL and a Citus cluster take, simulated from measured figures.

python -m bench.simulate prints the tables of docs/scale.md, always the same: nothing here is measured, and
chance begins at the same place each time. What each part costs stands in bench/simulation/costs.py.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import simpy

from bench.simulation.costs import OF_OVERLOAD, SLOW_FLUSH
from bench.simulation.loads import by_the_clock, connections, visitors
from bench.simulation.runs import Load, Result, SetUp, run
from bench.simulation.service import Worker

# Connections as `bench.ingest` has them, and as many as keep a worker busy while it waits for a server.
CONNECTIONS: Final = 64
MANY: Final = 250
SITES: Final = 20
ONE_CORE: Final = SetUp(cores=1)


@dataclass(frozen=True)
class Place:
    """Somebody with pages. All of this is assumed."""

    name: str
    views: int  # of pages, a day
    peak: int  # times the busiest hour, in a storm


# Of a hundred who see a page one sends something, and the busiest of 24 hours has 9 % of the day.
SENDING: Final = 0.01
BUSIEST: Final = 0.09
PLACES: Final = (
    Place("a council; bins after snow", 30_000, 30),
    Place("a county; schools closed", 300_000, 30),
    Place("a government; one service down", 30_000_000, 200),
    Place("a government; everything down", 30_000_000, 800),
)
# Submissions a second that go through where nobody sets FEEDBACK_RATE_ALL (docs/security.md).
LIMIT: Final = 6000 / 60

# Bytes of a submission of 100,000 with all that belongs to it (docs/scale.md), and of its rows of counts.
SQLITE_BYTES: Final = 834
POSTGRES_BYTES: Final = 1_377
COUNT_BYTES: Final = 117
KEPT_DAYS: Final = 180
# Bytes a second of `feedback backup` and of overwriting what was deleted (docs/scale.md).
BACKUP: Final = 12e6
OVERWRITING: Final = 93e6

# `python -m bench.workers` with one worker: microseconds of its processor, and of PostgreSQL's.
WORKER_MEASURED: Final = 346
SERVER_MEASURED: Final = 297


def main() -> None:
    """Print all tables."""
    print("\n\n".join("\n".join(lines) for lines in (check(), most(), peaks(), growth())))


def saturated(each: int, sites: int = 1) -> Load:
    """So many connections to each worker, all of which send again at once."""
    return lambda env, workers, rng: connections(
        env, workers, each * len(workers), lambda: rng.randrange(sites)
    )


def check() -> list[str]:
    """The model beside what was measured."""
    full = run(ONE_CORE, saturated(CONNECTIONS), 4)
    short = SetUp(cores=1, share=OF_OVERLOAD)
    peak = run(short, saturated(CONNECTIONS), 4)
    five = run(short, _five_times, 6, settling=2)
    shared = run(SetUp(nodes=1), saturated(CONNECTIONS), 2)
    worker, server = shared.limits["the workers' Python"], shared.limits["PostgreSQL's cores"]
    rows = (
        ("64 connections, stored a second", 2_904, full.a_second),
        ("64 connections, median ms", 21.0, full.median * 1000),
        ("64 connections, 99 % within ms", 45.7, full.p99 * 1000),
        ("the same, short texts, stored a second", 4_474, peak.a_second),
        ("the same, short texts, 99 % within ms", 31, peak.p99 * 1000),
        ("five times that, stored a second", 4_555, five.a_second),
        ("five times that, 99 % within ms", 297, five.p99 * 1000),
        ("PostgreSQL, worker's processor µs", WORKER_MEASURED, worker / shared.a_second * 1e6),
        ("PostgreSQL, its own µs", SERVER_MEASURED, server * SetUp.node_cores / shared.a_second * 1e6),
    )
    return [
        "| one process, one core | measured | simulated | error |",
        "|---|---|---|---|",
        *(
            f"| {name} | {_figure(measured)} | {_figure(simulated)} | {simulated / measured - 1:+.0%} |"
            for name, measured, simulated in rows
        ),
    ]


def _five_times(env: simpy.Environment, workers: Sequence[Worker], _rng: random.Random) -> None:
    by_the_clock(env, workers, 1000, 5 * 4_474, lambda: 0)


def most() -> list[str]:
    """How much each set-up stores when as much comes as it takes, and what stops it."""
    rows: list[tuple[str, SetUp, int]] = [
        ("SQLite, one process, one core", ONE_CORE, 1),
        ("SQLite, one process, two cores", SetUp(cores=2), 1),
        *(
            (f"PostgreSQL, {count} worker{'s' * (count > 1)}", SetUp(count, nodes=1), 1)
            for count in (1, 2, 4, 8, 16)
        ),
        ("16 workers, 2 ms to flush", SetUp(16, nodes=1, flush=SLOW_FLUSH), 1),
        ("16 workers, 2 ms, rates in Redis", SetUp(16, nodes=1, flush=SLOW_FLUSH, counts_rates=False), 1),
        ("16 workers, rates in Redis", SetUp(16, nodes=1, counts_rates=False), 1),
        ("16 workers, rates in Redis, twenty sites", SetUp(16, nodes=1, counts_rates=False), SITES),
        ("the same on 4 servers of Citus, at most", SetUp(16, nodes=4, counts_rates=False), SITES),
    ]
    lines = [
        "| | stored a second | 99 % within ms | rows a batch | breaks first | busy |",
        "|---|---|---|---|---|---|",
    ]
    for name, set_up, sites in rows:
        got = run(set_up, saturated(MANY, sites), 0.8)
        lines.append(
            f"| {name} | {_figure(got.a_second)} | {got.p99 * 1000:.0f} | {got.rows:.0f} | {got.first} "
            f"| {got.limits[got.first]:.0%} |"
        )
    return lines


def peaks() -> list[str]:
    """What comes in a storm, and what becomes of it."""
    lines = [
        "| | a day | a second, busiest hour | in the storm | by default let through "
        "| one process, SQLite, one core | 8 workers, PostgreSQL |",
        "|---|---|---|---|---|---|---|",
    ]
    for place in PLACES:
        day = place.views * SENDING
        hour = day * BUSIEST / 3600
        rate = hour * place.peak
        # Long enough for some hundreds.
        seconds = max(2.0, min(60.0, 500 / rate))
        one, eight = (
            run(
                set_up,
                lambda env, workers, rng, rate=rate: visitors(  # type: ignore[misc]
                    env, workers, rate, lambda: rng.randrange(SITES), rng
                ),
                seconds,
            )
            for set_up in (ONE_CORE, SetUp(8, nodes=1))
        )
        lines.append(
            f"| {place.name} | {_figure(day)} | {_figure(hour)} | {_figure(rate)} "
            f"| {min(1.0, LIMIT / rate):.0%} | {_fate(one)} | {_fate(eight)} |"
        )
    return lines


def growth() -> list[str]:
    """What is kept."""
    lines = [
        f"| | in {KEPT_DAYS} days | SQLite | PostgreSQL | counts of a year, at most | `feedback backup` "
        "| overwriting deleted words |",
        "|---|---|---|---|---|---|---|",
    ]
    for place in PLACES[:3]:
        day = place.views * SENDING
        kept = day * KEPT_DAYS
        size, server = kept * SQLITE_BYTES, kept * POSTGRES_BYTES
        lines.append(
            f"| {place.name.partition(';')[0]} | {_figure(kept)} | {_bytes(size)} | {_bytes(server)} "
            f"| {_bytes(day * 365 * COUNT_BYTES)} | {_time(size / BACKUP)} | {_time(size / OVERWRITING)} |"
        )
    return lines


def _fate(result: Result) -> str:
    refused = f", {result.refused:.0%} refused" if result.refused >= 0.005 else ""
    return f"99 % within {result.p99 * 1000:.0f} ms{refused}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _bytes(value: float) -> str:
    return f"{value / 1e9:.1f} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


if __name__ == "__main__":
    main()
