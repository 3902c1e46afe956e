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
FIELDS: Final = (
    '{"page":"http://127.0.0.1:PORT/demo","useful":"no",'
    '"doing":"Renewing my garden waste subscription for the coming year",'
    '"comment":"The page says that I can pay by direct debit but the form only takes cards, '
    'and then it sends me back to the start, NUMBER times."}'
)
_UVICORN: Final = (
    sys.executable, "-m", "uvicorn", "--factory", "--http", "httptools", "--no-access-log",
    "--log-level", "warning",
)  # fmt: skip
_MILLISECONDS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Figures:
    """What wrk measured in one turn."""

    a_second: float
    median_ms: float
    p99_ms: float


def main() -> None:
    """Measure in turns and print a table."""
    parser = argparse.ArgumentParser(prog="bench.ingest", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("This needs wrk: apt-get install wrk.")
    apps = {
        "does nothing": (*_UVICORN, "bench.ingest_apps:nothing"),
        "the obvious assembly": (*_UVICORN, "bench.ingest_apps:obvious"),
        "ours, SQLite": (sys.executable, "-m", "feedback", "serve"),
    }
    figures: dict[str, list[Figures]] = {name: [] for name in apps}
    for _ in range(arguments.turns):
        for name, command in apps.items():
            figures[name].append(measure(command, arguments.seconds))
    print(f"{'median of turns':<24}{'a second':>12}{'median ms':>12}{'p99 ms':>10}")
    for name, turns in figures.items():
        a_second, median, p99 = (
            statistics.median(getattr(each, field) for each in turns)
            for field in ("a_second", "median_ms", "p99_ms")
        )
        print(f"{name:<24}{a_second:>12.0f}{median:>12.1f}{p99:>10.1f}")


def measure(command: tuple[str, ...], seconds: int) -> Figures:
    """One turn of one app, after a warm-up."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        script = Path(folder) / "post.lua"
        script.write_text(
            'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
            f"local fields, sent = '{FIELDS.replace('PORT', str(port))}', 0\n"
            # The same words over and over would be spam, of which less is kept.
            "request = function()\n"
            "  sent = sent + 1\n"
            "  return wrk.format(nil, nil, nil, (fields:gsub('NUMBER', sent)))\n"
            "end\n"
        )
        with running((*command, "--port", str(port)), Path(folder), port):
            wrk(script, port, 2)
            return wrk(script, port, seconds)


@contextmanager
def running(command: tuple[str, ...], folder: Path, port: int) -> Iterator[None]:
    """An app on the first core, its data in the folder."""
    environment = os.environ | {
        "FEEDBACK_DATABASE_URL": f"sqlite:///{folder}/feedback.db",
        "BENCH_DATABASE": f"{folder}/bench.db",
        # One client sends everything; what counting costs is in the figures all the same.
        "FEEDBACK_RATE": "999999999/minute",
        "FEEDBACK_RATE_SITE": "999999999/minute",
        "FEEDBACK_RATE_ALL": "999999999/minute",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["taskset", "--cpu-list", "0", *command], env=environment, stdout=log, stderr=log
        )
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wrk(script: Path, port: int, seconds: int) -> Figures:
    """Load from the second core."""
    said = subprocess.run(
        ["taskset", "--cpu-list", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
         "-s", str(script), f"http://127.0.0.1:{port}/feedback"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    wrong = re.search(r"Non-2xx.*: (\d+)|Socket errors: (.*)", said)
    if wrong:
        raise SystemExit(f"Not every submission was taken: {wrong[0]}")
    a_second = re.search(r"Requests/sec: +([\d.]+)", said)
    assert a_second is not None
    times = {
        share: float(value) * _MILLISECONDS[unit]
        for share, value, unit in re.findall(r"(\d+)% +([\d.]+)(us|ms|s)", said)
    }
    return Figures(float(a_second[1]), times["50"], times["99"])


if __name__ == "__main__":
    main()
