"""Five times the submissions that one core can take: what still gets through, how fast, and in what memory.

python -m bench.overload. The server has one core and the client another. First as much as it can take,
by 64 connections that send again at once; then five times that rate by a clock, over 1,000 connections.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final, cast

import uvloop

from tests.service import PROGRAM as _PROGRAM
from tests.service import Service

TIMES: Final = 5
PEAK_CONNECTIONS: Final = 64
MOST_CONNECTIONS: Final = 1000
TICK: Final = 0.002  # seconds


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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=MOST_CONNECTIONS)
    arguments = parser.parse_args()
    pinned = ("taskset", "--cpu-list", "0", *_PROGRAM)
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder), program=pinned) as service:
        os.sched_setaffinity(0, {1})
        uvloop.run(measure(service, arguments.seconds, arguments.connections))


async def measure(service: Service, seconds: float, connections: int) -> None:
    """The peak, then the overload."""
    port = int(service.origin.rpartition(":")[2])
    peak = Load(port, again=True)
    await peak.connect(PEAK_CONNECTIONS)
    await asyncio.sleep(2)
    peak.reset()
    used = processor(service)
    await asyncio.sleep(seconds)
    most = peak.statuses[201] / seconds
    most_used = processor(service) - used
    most_of_processor = peak.statuses[201] / most_used
    peak.again = False
    print(f"as much as it takes: {most:.0f} a second with {most_used / seconds:.0%} of a processor")
    print(f"    p99 {p99(peak.accepted):.0f} ms")
    await asyncio.sleep(1)
    load = Load(port, again=False)
    await load.connect(connections)
    before = memory(service)
    await load.send_by_the_clock(TIMES * most, 2)
    load.reset()
    used = processor(service)
    await load.send_by_the_clock(TIMES * most, seconds)
    used = processor(service) - used
    answered = sum(load.statuses.values())
    good = load.statuses[201] / seconds
    print(f"wanted {TIMES * most:.0f} a second, sent {answered / seconds:.0f}: no more connections were free")
    print(f"    answers {dict(load.statuses)}, connections broken off {load.broken}")
    print(
        f"stored {good:.0f} a second = {good / most:.0%} of the peak with {used / seconds:.0%} of a processor"
    )
    print(f"    a second of processor: {load.statuses[201] / used / most_of_processor:.0%} of the peak's")
    print(f"    p99 of these {p99(load.accepted):.0f} ms")
    print(f"memory {before / 1e6:.0f} MB before, {memory(service) / 1e6:.0f} MB after")


def p99(seconds: list[float]) -> float:
    """In milliseconds."""
    return sorted(seconds)[len(seconds) * 99 // 100] * 1000 if seconds else float("nan")


def processor(service: Service) -> float:
    """Seconds of processor time that the service has used; a busy machine does not change these."""
    fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(service: Service) -> int:
    """Bytes that the service holds."""
    pages = int(Path(f"/proc/{service.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
