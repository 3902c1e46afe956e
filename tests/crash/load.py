"""Clients over plain sockets: fast, many at once, and they know what was acknowledged."""

import asyncio
import json
import os
import re
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

# `make crash` asks for the full counts; `make test` runs the same tests with small ones.
FULL: Final = os.environ.get("CRASH") == "full"
WORDS: Final = "The form does not take my address, and it loses what I typed."

# An id's digits as letters, which spell no number.
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def rounds(few: int, full: int) -> int:
    """How often a test repeats its fault."""
    return full if FULL else few


def request(origin: str, key: str, words: str = WORDS) -> bytes:
    """One submission as bytes on the wire; its words are its own, since the same from many would be spam."""
    fields = {
        "page": f"{origin}/demo",
        "id": key,
        "useful": "no",
        "comment": f"{words} ({key.translate(_LETTERS)})",
    }
    body = json.dumps(fields).encode()
    head = f"POST /feedback HTTP/1.1\r\nHost: {urlsplit(origin).netloc}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    assert length is not None
    return int(head[9:12]), await reader.readexactly(int(length[1]))


async def get(origin: str, path: str) -> tuple[int, float]:
    """Status of a GET and how many seconds it took."""
    begin = time.monotonic()
    reader, writer = await asyncio.open_connection(*address(origin))
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {urlsplit(origin).netloc}\r\n\r\n".encode())
        status, _ = await answer(reader)
    finally:
        writer.close()
    return status, time.monotonic() - begin


def address(origin: str) -> tuple[str, int]:
    """Host and port of an origin."""
    parts = urlsplit(origin)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


@dataclass
class Load:
    """Clients that send without a pause until told to stop, and keep account of what became of it."""

    origin: str
    clients: int = 16
    acknowledged: set[str] = field(default_factory=set)
    unanswered: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    slowest: float = 0.0  # seconds

    async def __aenter__(self) -> "Load":
        self._stop = asyncio.Event()
        self._tasks = [asyncio.create_task(self._client()) for _ in range(self.clients)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def until(self, acknowledged: int, seconds: float = 30) -> None:
        """Wait until so many more submissions were acknowledged."""
        wanted = len(self.acknowledged) + acknowledged
        async with asyncio.timeout(seconds):
            while len(self.acknowledged) < wanted:
                await asyncio.sleep(0.01)

    async def _client(self) -> None:
        while not self._stop.is_set():
            try:
                reader, writer = await asyncio.open_connection(*address(self.origin))
            except OSError:
                await asyncio.sleep(0.02)
                continue
            try:
                while not self._stop.is_set():
                    await self._send(reader, writer, str(uuid4()))
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str) -> None:
        begin = time.monotonic()
        writer.write(request(self.origin, key))
        try:
            status, body = await answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            self.unanswered.append(key)
            raise
        self.slowest = max(self.slowest, time.monotonic() - begin)
        self.statuses.append(status)
        if status == 201:
            self.acknowledged.add(json.loads(body)["id"])
        else:
            await asyncio.sleep(0.02)

    async def send_again(self) -> None:
        """Send what was not answered once more, with the same ids, as the widget does."""
        keys, self.unanswered = self.unanswered, []
        reader, writer = await asyncio.open_connection(*address(self.origin))
        for key in keys:
            await self._send(reader, writer, key)
        writer.close()
