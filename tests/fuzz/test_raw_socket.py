"""Bytes that are hardly HTTP, straight to the socket of a running service: no 5xx, no traceback, no hang."""

import asyncio
import json
import re
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx2 as httpx

from tests.fuzz.mutate import mutated
from tests.service import ADMIN_TOKEN, Service

ROUNDS = 800
AT_ONCE = 40
# What is unfinished waits for the rest until the service's own deadline; nobody here waits with it.
PATIENCE = 1.0  # seconds
# What is good is always answered.
LONG = 60.0  # seconds


def good_requests(host: str) -> list[bytes]:
    fields = b'{"page":"http://%s/demo","useful":"no","comment":"CE123456C"}' % host.encode()
    form = b"page=http%3A%2F%2F" + host.encode() + b"%2Fdemo&useful=yes&comment=late"
    head = f"Host: {host}\r\nConnection: close\r\n"
    token = f"Authorization: Bearer {ADMIN_TOKEN}\r\n"
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(fields), fields)

    def post(path: str, kind: str, body: bytes, extra: str = "") -> bytes:
        length = "" if "chunked" in extra else f"Content-Length: {len(body)}\r\n"
        return f"POST {path} HTTP/1.1\r\n{head}Content-Type: {kind}\r\n{length}{extra}\r\n".encode() + body

    return [
        post("/feedback", "application/json", fields),
        post("/feedback", "text/plain", chunked, "Transfer-Encoding: chunked\r\n"),
        post("/feedback", "application/x-www-form-urlencoded", form, "Accept: text/html\r\n"),
        post("/admin/api/erasure/preview", "application/json", b'{"q":"late"}', token),
        post("/admin/sign-in", "application/x-www-form-urlencoded", b"email=a%40b.example&password=x"),
        *(
            f"GET {path} HTTP/1.1\r\n{head}{token}\r\n".encode()
            for path in (
                "/admin/api/feedback?limit=5&q=late&since=2026-01-01",
                "/feedback/form?page=http://x/&lang=cy",
                "/feedback/thanks?removed=UK_NINO:1",
                "/static/visitor.css",
                "/health/ready",
            )
        ),
    ]


async def send(
    port: int, data: bytes, chance: Random, statuses: Counter[int], seconds: float = PATIENCE
) -> None:
    """Send the bytes in pieces, and note every status that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = bytearray()
    with suppress(ConnectionError, TimeoutError):
        cut = chance.randrange(len(data) + 1)
        for piece in (data[:cut], data[cut:]):
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(seconds):
            while part := await reader.read(65_536):
                answer += part
    writer.close()
    statuses.update(int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer))


async def send_all(service: Service, statuses: Counter[int]) -> None:
    host = service.origin.removeprefix("http://")
    port = int(host.rpartition(":")[2])
    good = good_requests(host)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        # Each has its own, or who comes first would decide what is sent.
        chance = Random(number)
        async with gate:
            await send(port, mutated(chance.choice(good), chance), chance, statuses)

    # First as they are: of the changed ones, chance alone says whether one still is good.
    for request in good:
        await send(port, request, Random(11), statuses, LONG)
    await asyncio.gather(*(one(number) for number in range(ROUNDS)))


def test_bytes_that_are_hardly_http_meet_no_fault(tmp_path: Path):
    statuses: Counter[int] = Counter()
    with Service(tmp_path) as service:
        asyncio.run(send_all(service, statuses))
        begin = time.monotonic()
        assert httpx.get(f"{service.origin}/health/live", timeout=5).status_code == 200
        assert service.post(page=f"{service.origin}/demo", useful="yes").status_code == 201
        assert time.monotonic() - begin < 5
    # Both sides of the door were reached.
    assert {200, 201, 400} <= statuses.keys()
    assert not [status for status in statuses if status >= 500]
    log = service.log.read_text()
    assert "Traceback" not in log
    assert "CE123456C" not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert not [line for line in lines if "fault" in line or line.get("status", 0) >= 500]
