"""Five times the submissions that one core can take: what still gets through, how fast, and in what memory.

The server has one core and the client another. First as much as it can take,
by 64 connections that send again at once; then five times that rate by a clock, over 1,000 connections.
"""

import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final, cast

import uvloop

from bench.measure import Measure, Size, Yielded
from bench.processes import CLIENT_CORE, SERVER_CORE, Running, pinned
from tests.service import PROGRAM, Service

TABLE: Final = "Five times too much"
TIMES: Final = 5
PEAK_CONNECTIONS: Final = 64
MOST_CONNECTIONS: Final = 1000
TICK: Final = 0.002  # seconds
WARM_SECONDS: Final = 2


class Load:
    """Connections that send one submission after the other, and what came back."""

    def __init__(self, port: int, *, again: bool) -> None:
        self.port = port
        self.again = again
        self.idle: list[Connection] = []
        self.statuses: Counter[int] = Counter()
        self.accepted: list[float] = []  # seconds
        self.broken = 0
        self.unsent = 0
        body = json.dumps(
            {
                "page": f"http://127.0.0.1:{port}/demo",
                "useful": "no",
                "doing": "Renewing my garden waste subscription for the coming year",
                "comment": "The page says that I can pay by direct debit but the form only takes cards.",
            }
        ).encode()
        self.request = (
            b"POST /feedback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )

    async def connect(self, connections: int) -> None:
        """Open so many connections."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            await loop.create_connection(lambda: Connection(self), "127.0.0.1", self.port)

    async def send_by_the_clock(self, rate: float, seconds: float) -> None:
        """Send `rate` submissions a second; what finds no free connection is not sent."""
        begin, sent = time.monotonic(), 0
        while (passed := time.monotonic() - begin) < seconds:
            due = int(passed * rate) - sent
            sent += due
            for _ in range(min(due, len(self.idle))):
                self.idle.pop().send()
                due -= 1
            self.unsent += due
            await asyncio.sleep(TICK)

    def reset(self) -> None:
        """Count anew."""
        self.statuses.clear()
        self.accepted.clear()
        self.broken = self.unsent = 0


class Connection(asyncio.Protocol):
    """One connection, which waits for the answer before it sends again."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready, or begin."""
        # uvloop's transports are of no class of asyncio.
        self.transport = cast("asyncio.Transport", transport)
        self._ready()

    def send(self) -> None:
        """Send one submission."""
        self.sent_at = time.monotonic()
        self.transport.write(self.load.request)

    def data_received(self, data: bytes) -> None:
        """Count the answer; its body may come by itself."""
        if not data.startswith(b"HTTP/1.1 "):
            return
        status = int(data[9:12])
        self.load.statuses[status] += 1
        if status == 201:
            self.load.accepted.append(time.monotonic() - self.sent_at)
        self._ready()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # any end is one
        """The server closes whom it has not heard of for a while; only an answer that is owed is a fault."""
        if self in self.load.idle:
            self.load.idle.remove(self)
        else:
            self.load.broken += 1
        self.load.idle = [each for each in self.load.idle if each is not self]

    def _ready(self) -> None:
        if self.load.again:
            self.send()
        else:
            self.load.idle.append(self)


def measures(size: Size) -> Yielded:
    """What it does at its peak and at five times that."""
    program = pinned(SERVER_CORE, *PROGRAM)
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder), program=program) as service:
        os.sched_setaffinity(0, {int(CLIENT_CORE)})
        server = Running(service.process.pid, int(service.origin.rpartition(":")[2]), 0)
        peak, overload = uvloop.run(measure(server, size.seconds))
    names = "as much as it takes", "five times that"
    for what in peak:
        yield Measure(TABLE, what, dict(zip(names, (peak[what], overload[what]), strict=True)))


async def measure(server: Running, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    """The figures of the peak, and those of the overload."""
    peak = Load(server.port, again=True)
    await peak.connect(PEAK_CONNECTIONS)
    await asyncio.sleep(WARM_SECONDS)
    peak.reset()
    used = server.processor
    await asyncio.sleep(seconds)
    at_peak = figures(peak, seconds, server.processor - used, server.memory)
    wanted = TIMES * peak.statuses[201] / seconds
    peak.again = False
    await asyncio.sleep(1)
    load = Load(server.port, again=False)
    await load.connect(MOST_CONNECTIONS)
    await load.send_by_the_clock(wanted, WARM_SECONDS)
    load.reset()
    used = server.processor
    await load.send_by_the_clock(wanted, seconds)
    return at_peak, figures(load, seconds, server.processor - used, server.memory)


def figures(load: Load, seconds: float, used: float, memory: float) -> dict[str, float]:
    """What came back, and what it cost; `used` are seconds of processor time."""
    stored = load.statuses[201]
    return {
        "stored a second": stored / seconds,
        "99 % of these within ms": p99(load.accepted),
        "stored by a second of processor time": stored / used if used else 0,
        "refused with 503": load.statuses[503],
        "any other answer": sum(load.statuses.values()) - stored - load.statuses[503],
        "broken off": load.broken,
        "MB": memory,
    }


def p99(seconds: list[float]) -> float:
    """In milliseconds."""
    return sorted(seconds)[len(seconds) * 99 // 100] * 1000 if seconds else 0.0
