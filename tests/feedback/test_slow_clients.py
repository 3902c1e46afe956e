"""Clients that dawdle, stay silent or never read: closed in time, and nobody is kept out."""

import asyncio
import resource
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.feedback.sockets import GET, MEGABYTE, POST, answers, connect, memory, peak, status_of
from tests.service import Service, wait_until

ATTACKERS = 1000
CLOSED_WITHIN = 15  # seconds
GIVE_UP = 25  # seconds after which a client that is never closed tells so


def connections(service: Service) -> int:
    """How many sockets the service has open."""
    links = []
    for each in Path(f"/proc/{service.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(each.readlink()))
    return sum(link.startswith("socket:") for link in links)


@pytest.fixture(scope="module")
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], 8192), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_requests_that_never_become_whole_are_counted(tmp_path: Path):
    with Service(tmp_path, FEEDBACK_HEADER_SECONDS="1") as service:
        answers(service, b"\x16\x03\x01")
        answers(service, b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000)
        answers(service, b"GET / HT")
        text = httpx.get(f"{service.origin}/metrics").text
    for status in (400, 408, 431):
        assert f'feedback_unread_requests_total{{status="{status}"}} 1.0' in text


def test_a_stopping_server_waits_for_nobody_who_dawdles(tmp_path: Path):
    service = Service(tmp_path)
    others = connections(service)
    with connect(service) as silent, connect(service) as headers, connect(service) as body:
        headers.sendall(b"GET / HT")
        body.sendall(POST + b"Content-Length: 500\r\n\r\n{")
        wait_until(lambda: connections(service) == others + 3)
        # Whoever is answered now came after these, which have been read by then.
        assert httpx.get(f"{service.origin}/health/live").status_code == 200
        begin = time.monotonic()
        service.stop()
        assert time.monotonic() - begin < 8
        assert silent.recv(100) == b""
        assert headers.recv(100) == b""
        assert status_of(body.recv(1000)) == 408


async def slow(service: Service, first: bytes, *, drip: bytes) -> float:
    """Send a little every second; gives the seconds until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(service.origin.rpartition(":")[2]))
    begin = time.monotonic()
    closed = asyncio.create_task(reader.read())
    with suppress(ConnectionError):
        if first:
            writer.write(first)
        while not closed.done() and time.monotonic() - begin < GIVE_UP:
            if drip:
                writer.write(drip)
            await asyncio.wait({closed}, timeout=1)
        if closed.done():
            await closed
    seconds = time.monotonic() - begin
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return seconds


async def never_read(service: Service) -> float:
    """Ask for more and more and read nothing; gives the seconds until the server closes."""
    loop = asyncio.get_running_loop()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", int(service.origin.rpartition(":")[2])))
        begin = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - begin < GIVE_UP:
                with suppress(TimeoutError):
                    await asyncio.wait_for(loop.sock_sendall(client, GET), 1)
                await asyncio.sleep(0.1)
        return time.monotonic() - begin


def test_a_thousand_slow_connections_keep_nobody_out(tmp_path: Path, many_files: None):
    manners: list[Callable[[Service], Awaitable[float]]] = [
        lambda service: slow(service, b"", drip=b""),
        lambda service: slow(service, b"POST /feedback HTTP/1.1\r\nX: ", drip=b"y"),
        lambda service: slow(service, POST + b"Content-Length: 5000\r\n\r\n", drip=b"y"),
        never_read,
    ]

    async def genuine(service: Service, attack: "asyncio.Future[list[float]]") -> list[int]:
        statuses: list[int] = []
        async with httpx.AsyncClient(timeout=10) as client:
            while not attack.done() or len(statuses) < 100:
                fields = {"page": f"{service.origin}/demo", "comment": "bins"}
                answer = await client.post(f"{service.origin}/feedback", json=fields)
                statuses.append(answer.status_code)
        return statuses

    async def attack_and_send(service: Service) -> tuple[list[float], list[int]]:
        attack = asyncio.gather(*(manners[number % 4](service) for number in range(ATTACKERS)))
        sent = await asyncio.gather(*(genuine(service, attack) for _ in range(10)))
        return await attack, [status for statuses in sent for status in statuses]

    with Service(tmp_path) as service:
        before, others = memory(service), connections(service)
        seconds, statuses = asyncio.run(attack_and_send(service))
        assert len(seconds) == ATTACKERS
        assert max(seconds) < CLOSED_WITHIN
        assert len(statuses) >= 1000
        assert statuses.count(201) >= 0.999 * len(statuses)
        assert peak(service) - before < 100 * MEGABYTE
        wait_until(lambda: connections(service) <= others)
