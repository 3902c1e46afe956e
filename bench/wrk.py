"""Load by wrk: 64 connections from the second core, each of which sends again once it has its answer."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import CLIENT_CORE, Running, pinned
from tests.debian import install

CONNECTIONS: Final = 64
SCRIPT: Final = Path(__file__).with_name("post.lua")
_MILLISECONDS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Seen:
    """What wrk saw in one go, and what it cost the server."""

    stored: int
    sent: int  # more than were stored where some were refused or broken off
    a_second: float
    median_ms: float
    p99_ms: float
    cpu_us: float  # microseconds of processor time for one submission


def find_wrk() -> str:
    """Its path, from Debian's package where that can be installed; RuntimeError says what to do where not."""
    if not shutil.which("wrk"):
        install("wrk")
    if path := shutil.which("wrk"):
        return path
    raise RuntimeError("wrk is not installed: apt-get install wrk, or brew install wrk")


def send(server: Running, seconds: int, shape: str = "feedback") -> Seen:
    """Load for so long; `shape` says whose submissions to send, ours or isso's."""
    before = server.processor
    said = subprocess.run(
        pinned(
            CLIENT_CORE, find_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s",
            "--latency", "-s", str(SCRIPT), f"http://127.0.0.1:{server.port}/feedback", "--", shape,
        ),
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return read(said, server.processor - before)


def read(said: str, used: float) -> Seen:
    """What it printed, beside the seconds of processor time that the server used."""
    sent = int(_number(r"(\d+) requests in", said))
    if not sent:
        raise RuntimeError("nothing was answered")
    refused = int(_number(r"Non-2xx or 3xx responses: (\d+)", said))
    times = {
        share: float(value) * _MILLISECONDS[unit]
        for share, value, unit in re.findall(r"(\d+)% +([\d.]+)(us|ms|s|m)", said)
    }
    a_second = _number(r"Requests/sec: +([\d.]+)", said)
    stored = sent - refused
    return Seen(stored, sent, a_second * stored / sent, times["50"], times["99"], used / sent * 1e6)


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    return float(found[1]) if found else 0.0
