"""What is logged of a request, and what never is."""

import asyncio
import json
import logging
import os
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.watching import logs
from feedback.watching.log_lines import WAITING_LIMIT, LogLines
from feedback.watching.logs import configure_logs, drain_logs, get_logger
from tests.feedback.conftest import PAGE
from tests.service import Service, wait_until

NUMBER = "CE123456C"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Lines]:
    """Gives all that was logged so far."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with (tmp_path / "log").open("a+") as file:
        monkeypatch.setattr("sys.stderr", file)
        monkeypatch.setattr("sys.unraisablehook", sys.unraisablehook)
        monkeypatch.setattr("threading.excepthook", threading.excepthook)
        # Or loggers would go on writing to that number, whatever file or socket has it after this test.
        monkeypatch.setattr(logs, "_lines", None)
        configure_logs(file.fileno())

        def read() -> list[dict[str, Any]]:
            drain_logs()
            file.flush()
            return [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]

        yield read
        drain_logs()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_request_is_logged_by_its_route_without_a_word(lines: Lines, client: TestClient):
    client.get(f"/admin/feedback/{NUMBER}?q={NUMBER}", headers={"User-Agent": NUMBER})
    client.post("/feedback", json={"page": PAGE, "comment": NUMBER})
    answer = client.request(NUMBER, f"/{NUMBER}")
    logged = [line for line in lines() if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in logged] == [
        ("GET", "/admin/feedback/{id}", 401),
        ("POST", "/feedback", 201),
        ("other", None, 404),
    ]
    assert NUMBER not in json.dumps(logged)
    assert all(line["ms"] >= 0 and len(line["request"]) == 16 for line in logged)
    assert logged[1]["removed"] == {"UK_NINO": 1}
    assert logged[2]["request"] == answer.headers["x-request-id"]


def test_a_fault_is_logged_by_its_type_and_places(
    lines: Lines, client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("feedback.intake.endpoint.check_origin", lambda *_: int(NUMBER))
    answer = client.post("/feedback", json={"page": PAGE, "comment": NUMBER})
    assert answer.status_code == 500
    (line,) = (line for line in lines() if line["event"] == "request")
    assert line["fault"] == "ValueError"
    assert line["level"] == "error"
    assert line["places"][-1].startswith("test_request_log.py:")
    assert NUMBER not in json.dumps(line) + answer.text


def test_a_fault_of_a_library_is_logged_without_its_message(lines: Lines):
    try:
        int(NUMBER)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (line,) = lines()
    assert line["fault"] == "ValueError"
    assert NUMBER not in json.dumps(line)


def test_of_a_library_only_what_it_always_says_is_logged(lines: Lines):
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: ValueError(%r)", NUMBER)
    logging.getLogger("somebody").warning("cannot read \x1b[2J%s", NUMBER)
    logging.getLogger("somebody").warning("a line that does not fit: %d", NUMBER)
    logging.getLogger("uvicorn.error").info("Uvicorn running on %s", "an address")
    assert [line["event"] for line in lines()] == [
        "Task exception was never retrieved",
        "cannot read \x1b[2J%s",
        "Uvicorn running on an address",
    ]


def test_what_nobody_catches_is_logged_without_its_message(lines: Lines):
    class Fails:
        def __del__(self) -> None:
            int(NUMBER)

    Fails()
    thread = threading.Thread(target=int, args=(NUMBER,))
    thread.start()
    thread.join()
    assert [(line["event"], line["fault"]) for line in lines()] == [("uncaught", "ValueError")] * 2


def test_a_callback_that_fails_is_logged_without_what_it_was_called_with(lines: Lines):
    async def call() -> None:
        asyncio.get_running_loop().call_soon(int, NUMBER)
        await asyncio.sleep(0)

    asyncio.run(call())
    (line,) = lines()
    assert line["event"].startswith("Exception in callback")
    assert NUMBER not in json.dumps(line)


def test_a_value_that_is_no_figure_is_named_by_its_type(lines: Lines):
    get_logger("feedback.test").warning("\x00\n", value=ValueError(NUMBER))
    (line,) = lines()
    assert line["event"] == "\x00\n"
    assert line["value"] == "ValueError"


def test_a_reader_that_stops_stops_no_request():
    reader, writer = os.pipe()
    log = LogLines(writer)
    log.write(b"y" * (1 << 20) + b"\n")  # more than a pipe holds
    assert select.select([reader], [], [], 60)[0]
    for _ in range(WAITING_LIMIT + 2000):
        log.write(b"x" * 200 + b"\n")
    log.drain()  # gives up within the second, with the pipe still full
    took = bytearray()
    while not took.endswith(b'"lost":2000}\n'):
        took += os.read(reader, 1 << 20)
    assert took.count(b"x" * 200 + b"\n") == WAITING_LIMIT


def test_a_full_disk_ends_no_log():
    with Path("/dev/full").open("wb", buffering=0) as full:
        log = LogLines(full.fileno())
        log.write(b"lost\n")
        wait_until(lambda: log._lost == 1)
        reader, writer = os.pipe()
        os.dup2(writer, full.fileno())
        log.write(b"kept\n")
        assert select.select([reader], [], [], 60)[0], "nothing was written any more"
        assert os.read(reader, 1000) == b'kept\n{"event":"log lines lost","level":"warning","lost":1}\n'


def test_a_visitor_who_leaves_half_way_is_no_fault(service: Service):
    host, port = "127.0.0.1", int(service.origin.rpartition(":")[2])
    with socket.create_connection((host, port)) as connection:
        connection.sendall(
            b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            b"Content-Length: 500\r\n\r\n{"
        )
    wait_until(lambda: '"left":true' in service.log.read_text())
    assert '"level":"error"' not in service.log.read_text()
