"""Durable, scrubbed submissions a second on one core, start and memory, beside the other services.

Needs wrk. The server has one core for itself and wrk another; 64 connections; each service in turn, several
times over, so that a machine that slows down slows all.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.apps import APPS, App
from bench.measure import Measure, NotRun, Size, Yielded
from bench.wrk import Seen, find_wrk, send

WARM_SECONDS: Final = 2


@dataclass(frozen=True)
class Turn:
    """One service, from its start to its end."""

    start_ms: float
    idle_mb: float
    loaded_mb: float
    load: Seen


COLUMNS: Final[dict[tuple[str, str], Callable[[Turn], float]]] = {
    ("Submissions", "stored a second"): lambda turn: turn.load.a_second,
    ("Submissions", "median ms"): lambda turn: turn.load.median_ms,
    ("Submissions", "99 % ms"): lambda turn: turn.load.p99_ms,
    ("Submissions", "processor µs"): lambda turn: turn.load.cpu_us,
    ("Submissions", "not stored"): lambda turn: turn.load.sent - turn.load.stored,
    ("Start and memory", "ms until it answers"): lambda turn: turn.start_ms,
    ("Start and memory", "MB idle"): lambda turn: turn.idle_mb,
    ("Start and memory", "MB after the load"): lambda turn: turn.loaded_mb,
}


def measures(size: Size) -> Yielded:
    """All of them in turns; one that does not start is left out of the rest."""
    find_wrk()
    turns: dict[str, list[Turn]] = {app.name: [] for app in APPS}
    for _ in range(size.turns):
        for app in APPS:
            if app.name not in turns:
                continue
            try:
                turns[app.name].append(turn(app, size.seconds))
            except (OSError, RuntimeError) as fault:
                del turns[app.name]
                yield NotRun.of(f"Submissions, start and memory: {app.name}", fault)
    for (table, what), read in COLUMNS.items():
        yield Measure(
            table, what, {name: statistics.median(map(read, each)) for name, each in turns.items() if each}
        )


def turn(app: App, seconds: int) -> Turn:
    """Start it, let it rest, send for so long."""
    with tempfile.TemporaryDirectory() as folder, app.running(Path(folder)) as server:
        time.sleep(1)
        idle = server.memory
        send(server, WARM_SECONDS, app.shape)
        load = send(server, seconds, app.shape)
        return Turn(server.start_ms, idle, server.memory, load)
