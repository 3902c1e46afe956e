"""The running service by raw sockets, and how much memory it takes."""

import re
import socket
from contextlib import suppress
from pathlib import Path

from tests.service import Service

POST = b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
GET = b"GET /widget.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
MEGABYTE = 1_048_576


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
