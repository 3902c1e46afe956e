"""Submissions a second of one, two and four workers on one PostgreSQL, and the processor time of both sides.

python -m bench.workers needs wrk. Everything shares this machine's cores, so that where the rate stops says
little; the processor time for one submission is what `bench.simulate` is held against.
"""

import argparse
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from bench.processes import Running
from bench.wrk import send
from tests.postgres import Postgres
from tests.service import Service

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_NO_LIMIT: Final = "999999999/minute"


def main() -> None:
    """Measure each number of workers and print a row."""
    parser = argparse.ArgumentParser(prog="bench.workers", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    arguments = parser.parse_args()
    print(
        f"{'workers':>8}{'a second':>12}{'median ms':>12}{'p99 ms':>10}{'worker us':>12}{'PostgreSQL us':>15}"
    )
    with Postgres() as server:
        for workers in arguments.workers:
            measure(server, workers, arguments.seconds)


def measure(server: Postgres, workers: int, seconds: int) -> None:
    """One number of workers, after a warm-up."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Service(
            Path(folder),
            "--workers",
            str(workers),
            FEEDBACK_DATABASE_URL=server.fresh(),
            FEEDBACK_SITES="https://www.example.gov.uk",
            FEEDBACK_RATE=_NO_LIMIT,
            FEEDBACK_RATE_SITE=_NO_LIMIT,
            FEEDBACK_RATE_ALL=_NO_LIMIT,
        ) as service,
    ):
        supervisor = Running(service.process.pid, int(service.origin.rpartition(":")[2]), 0)
        send(supervisor, 3)
        before = processor(supervisor.pid), processor(server.pid)
        seen = send(supervisor, seconds)
        ours, theirs = processor(supervisor.pid) - before[0], processor(server.pid) - before[1]
    print(
        f"{workers:>8}{seen.a_second:>12.0f}{seen.median_ms:>12.1f}{seen.p99_ms:>10.1f}"
        f"{ours / seen.stored * 1e6:>12.0f}{theirs / seen.stored * 1e6:>15.0f}"
        f"  refused {seen.sent - seen.stored}",
        flush=True,
    )


def processor(pid: int) -> float:
    """Seconds of processor time of a process and all that it started."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            one = int(path.parent.name)
            children.setdefault(int(fields[1]), []).append(one)
            used[one] = (
                sum(map(int, fields[11:15])) / _TICKS
            )  # with those that it started and that have ended
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        total += used.get(one, 0.0)
        waiting += children.get(one, ())
    return total


if __name__ == "__main__":
    main()
