"""The server's own defence: limits of headers and bodies, and connections that waste its time."""

import asyncio
import re
import resource
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.service import Service, wait_until

ATTACKERS = 1000
CLOSED_WITHIN = 15  # seconds
GIVE_UP = 25  # seconds after which a client that is never closed tells so
POST = b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
GET = b"GET /widget.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
MEGABYTE = 1_048_576


@pytest.fixture(scope="module")
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], 8192), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def memory(service: Service) -> int:
    """Bytes that the service holds in memory."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def peak(service: Service) -> int:
    """The most bytes that the service has held in memory since the last `forget_peak`."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def forget_peak(service: Service) -> None:
    Path(f"/proc/{service.process.pid}/clear_refs").write_text("5")


def connections(service: Service) -> int:
    """How many sockets the service has open."""
    links = []
    for each in Path(f"/proc/{service.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(each.readlink()))
    return sum(link.startswith("socket:") for link in links)


def connect(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(service.origin.rpartition(":")[2])), timeout=10)


def answers(service: Service, *parts: bytes) -> bytes:
    """All that comes back for what is sent, until the server closes."""
    with connect(service) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                client.sendall(part)
        said = b""
        with suppress(ConnectionResetError):
            while part := client.recv(65_536):
                said += part
        return said


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def endless(part: bytes, total: int) -> Iterator[bytes]:
    for _ in range(total // len(part)):
        yield part


@pytest.mark.parametrize(
    "parts",
    [
        [b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"],
        [b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * MEGABYTE + b"\r\n\r\n"],
        [b"GET / HTTP/1.1\r\nX: ", *endless(b"y" * 65_536, 100 * MEGABYTE)],
        [b"GET /", *endless(b"y" * 65_536, 100 * MEGABYTE)],
        [*endless(b"\r\n" * 32_768, 100 * MEGABYTE)],
        [GET, b"GET / HTTP/1.1\r\nX: ", *endless(b"y" * 65_536, 100 * MEGABYTE)],
        [b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 16_400 + b"\r\n\r\n"],
    ],
    ids=[
        "10,000 headers",
        "1 MB header",
        "endless header",
        "endless line",
        "endless space",
        "second",
        "16 KiB",
    ],
)
def test_too_much_of_headers_is_refused_in_bounded_memory(service: Service, parts: list[bytes]):
    before = memory(service)
    forget_peak(service)
    said = answers(service, *parts)
    assert b"HTTP/1.1 431 Request Header Fields Too Large\r\n" in said
    assert peak(service) - before < 20 * MEGABYTE
    head, _, body = said.rpartition(b"\r\n\r\n")
    assert b'"status":431' in body
    assert b"y" * 10 not in said
    for header in (
        b"content-security-policy: default-src 'none'",
        b"date: ",
        b"connection: close",
        b"nosniff",
    ):
        assert header in head


def test_headers_just_under_the_cap_are_taken(service: Service):
    value = b"y" * (16_384 - 200)
    assert status_of(answers(service, POST + b"Connection: close\r\nX: " + value + b"\r\n\r\n")) == 400


@pytest.mark.parametrize(
    "parts",
    [
        [b"Content-Length: 1073741824\r\n\r\n", *endless(b"x" * MEGABYTE, 1024 * MEGABYTE)],
        [
            b"Transfer-Encoding: chunked\r\n\r\n",
            *endless(b"100000\r\n" + b"x" * MEGABYTE + b"\r\n", 1024 * MEGABYTE),
        ],
    ],
    ids=["with length", "chunked"],
)
def test_a_gigabyte_is_refused_unread(service: Service, parts: list[bytes]):
    before = memory(service)
    forget_peak(service)
    begin = time.monotonic()
    said = answers(service, POST, *parts)
    assert status_of(said) == 413
    assert b"application/problem+json" in said
    assert peak(service) - before < 20 * MEGABYTE
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"Content-Length: -1\r\n\r\n{}",
        b"Content-Length: +2\r\n\r\n{}",
        b"Content-Length: 2, 2\r\n\r\n{}",
        b"Content-Length : 2\r\n\r\n{}",
        b"Transfer-Encoding: gzip\r\n\r\n{}",
        b"Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        b"X-A: 1\r\n folded: 2\r\n\r\n",
        b"X\0: 1\r\n\r\n",
        b"X: a\0b\r\n\r\n",
        b"Content-Length: 2\r\nConnection: close\r\nHost: localhost\r\n\r\n{}",
    ],
)
def test_what_a_proxy_could_read_differently_is_refused(service: Service, rest: bytes):
    said = answers(service, POST + rest)
    assert status_of(said) in (400, 415)
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_is_not_http_gets_400(service: Service, said: bytes):
    assert status_of(answers(service, said)) == 400


def test_headers_behind_a_body_in_chunks_are_dropped(service: Service):
    fields = b'{"page": "' + service.origin.encode() + b'/demo", "useful": "yes"}'
    trailer = b"0\r\nOrigin: https://evil.example\r\nContent-Type: application/xml\r\n\r\n"
    body = b"%x\r\n%b\r\n%b" % (len(fields), fields, trailer)
    assert (
        status_of(answers(service, POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + body))
        == 201
    )


def test_endless_trailers_are_cut_off(service: Service):
    before = memory(service)
    forget_peak(service)
    answers(
        service, POST, b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", *endless(b"y" * 65_536, 100 * MEGABYTE)
    )
    assert peak(service) - before < 20 * MEGABYTE


def test_requests_far_ahead_of_their_answers_are_refused(service: Service):
    begun = POST + b"Content-Length: 2\r\n\r\n{}"
    said = answers(service, begun * 200)
    assert 1 <= said.count(b"HTTP/1.1 ") <= 12
    assert b" 500 " not in said


def test_the_answers_tell_the_time_and_not_the_program(service: Service):
    answer = httpx.get(f"{service.origin}/health/live")
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", answer.headers["date"])
    assert "server" not in answer.headers


def test_an_upgrade_is_not_taken(service: Service):
    for wanted in (b"websocket", b"h2c"):
        said = answers(
            service,
            b"GET /demo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: "
            + wanted
            + b"\r\n\r\n",
        )
        assert status_of(said) == 200


def test_the_body_of_an_upgrade_is_no_request_of_its_own(service: Service):
    inner = GET.replace(b"/widget.js", b"/health/live")
    head = POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: %d\r\n\r\n" % len(inner)
    with connect(service) as client:
        client.sendall(head)
        said = client.recv(65_536)
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(inner)
            said += client.recv(65_536)
    assert status_of(said) == 400
    assert said.count(b"HTTP/1.1 ") == 1


def test_nonsense_behind_waiting_requests_is_no_fault_of_the_service(service: Service):
    fields = b'{"page": "' + service.origin.encode() + b'/demo", "useful": "yes"}'
    submission = POST + b"Content-Length: %d\r\n\r\n%b" % (len(fields), fields)
    said = answers(service, submission * 2 + b"\0\r\n\r\n")
    assert status_of(said) == 400
    assert said.count(b"HTTP/1.1 ") == 1
    assert "feedback_faults_total 0.0" in httpx.get(f"{service.origin}/metrics").text


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
