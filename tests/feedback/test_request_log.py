"""What is logged of a request, and what never is."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient

from feedback.logs import configure_logs
from tests.feedback.conftest import PAGE
from tests.service import Service, wait_until

NUMBER = "CE123456C"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Gives all that was logged so far."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logs()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_request_is_logged_by_its_route_without_a_word(client: TestClient, lines: Lines):
    client.get(f"/admin/feedback/{NUMBER}?q={NUMBER}", headers={"User-Agent": NUMBER})
    client.post("/feedback", json={"page": PAGE, "comment": NUMBER})
    client.request(NUMBER, f"/{NUMBER}")
    logged = [line for line in lines() if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in logged] == [
        ("GET", "/admin/feedback/{id}", 401),
        ("POST", "/feedback", 201),
        ("other", None, 404),
    ]
    assert NUMBER not in json.dumps(logged)
    assert all(line["ms"] >= 0 and len(line["request"]) == 32 for line in logged)


def test_a_fault_of_a_library_is_logged_without_its_message(lines: Lines):
    try:
        int(NUMBER)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (line,) = lines()
    assert line["fault"] == "ValueError"
    assert NUMBER not in json.dumps(line)


def test_a_visitor_who_leaves_half_way_is_no_fault(service: Service):
    host, port = "127.0.0.1", int(service.origin.rpartition(":")[2])
    with socket.create_connection((host, port)) as connection:
        connection.sendall(
            b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
            b"Content-Length: 500\r\n\r\n{"
        )
    wait_until(lambda: '"left": true' in service.log.read_text())
    assert '"level": "error"' not in service.log.read_text()
