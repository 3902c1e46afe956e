"""Durable, scrubbed submissions a second on one core, beside an app that does nothing and the obvious one.

python -m bench.ingest needs wrk. The server has one core for itself and wrk another; 64 connections; each app
in turn, several times over, so that a machine that slows down slows all.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.service import free_port

CONNECTIONS: Final = 64
SCRIPT: Final = Path(__file__).with_name("post.lua")
_UVICORN: Final = (
    sys.executable, "-m", "uvicorn", "--factory", "--http", "httptools", "--no-access-log",
    "--log-level", "warning",
)  # fmt: skip
APPS: Final = {
    "does nothing": (*_UVICORN, "bench.ingest_apps:nothing"),
    "the obvious assembly": (*_UVICORN, "bench.ingest_apps:obvious"),
    "ours, SQLite": (sys.executable, "-m", "feedback", "serve"),
}
_MILLISECONDS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figures:
    """What one turn of wrk saw, and what it cost the server."""

    stored: int
    sent: int  # more than were stored where the machine was busy with other work: the rest got 503
    a_second: float
    median_ms: float
    p99_ms: float
    cpu_us: float  # microseconds of processor time for one submission


def main() -> None:
    """Measure in turns and print a table."""
    parser = argparse.ArgumentParser(prog="bench.ingest", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    figures: dict[str, list[Figures]] = {name: [] for name in APPS}
    for _ in range(arguments.turns):
        for name, command in APPS.items():
            figures[name].append(measure(command, arguments.seconds))
    columns = ("a_second", "median_ms", "p99_ms", "cpu_us")
    print(
        f"{'median of turns':<24}{'a second':>12}{'median ms':>12}{'p99 ms':>10}{'CPU us':>10}{'refused':>10}"
    )
    for name, turns in figures.items():
        a_second, median, p99, cpu = (
            statistics.median(getattr(each, column) for each in turns) for column in columns
        )
        refused = sum(each.sent - each.stored for each in turns)
        print(f"{name:<24}{a_second:>12.0f}{median:>12.1f}{p99:>10.1f}{cpu:>10.0f}{refused:>10}")


def measure(command: tuple[str, ...], seconds: int) -> Figures:
    """One turn of one app, after a warm-up."""
    with tempfile.TemporaryDirectory() as folder, running(command, Path(folder)) as (process, port):
        wrk(process.pid, port, 2)
        return wrk(process.pid, port, seconds)


@contextmanager
def running(command: tuple[str, ...], folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """An app on the first core, its data in the folder, and the port that it listens on."""
    port = free_port()
    environment = os.environ | {
        "BENCH_DATABASE": f"{folder}/bench.db",
        "FEEDBACK_DATABASE_URL": f"sqlite:///{folder}/feedback.db",
        "FEEDBACK_SITES": "https://www.example.gov.uk",
        # One client sends everything; what counting costs is in the figures all the same.
        "FEEDBACK_RATE": "999999999/minute",
        "FEEDBACK_RATE_SITE": "999999999/minute",
        "FEEDBACK_RATE_ALL": "999999999/minute",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["taskset", "--cpu-list", "0", *command, "--port", str(port)],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wrk(pid: int, port: int, seconds: int) -> Figures:
    """Load from the second core on the server with this process id."""
    if not shutil.which("wrk"):
        raise SystemExit("This needs wrk: apt-get install wrk.")
    before = _cpu_seconds(pid)
    said = subprocess.run(
        ["taskset", "--cpu-list", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
         "-s", str(SCRIPT), f"http://127.0.0.1:{port}/feedback"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    used = _cpu_seconds(pid) - before
    if broken := re.search(r"Socket errors: (.*)", said):
        raise SystemExit(f"Connections broke: {broken[1]}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    requests, a_second = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec: +([\d.]+)", said)
    assert requests is not None
    assert a_second is not None
    times = {
        share: float(value) * _MILLISECONDS[unit]
        for share, value, unit in re.findall(r"(\d+)% +([\d.]+)(us|ms|s)", said)
    }
    count = int(requests[1])
    return Figures(
        count - (int(refused[1]) if refused else 0),
        count,
        float(a_second[1]),
        times["50"],
        times["99"],
        used / count * 1e6,
    )


def _cpu_seconds(pid: int) -> float:
    """Processor time of all threads of a process, the kernel's share included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    main()
