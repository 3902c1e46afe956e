"""Every route and every refusal, with planted words everywhere; the log tells of each and holds none."""

import json
import re
import socket
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import pytest
from starlette.routing import Route

from feedback.app import create_app
from feedback.settings import load_settings
from tests.service import ADMIN_TOKEN, Service

# A word, an address of a client and of a page, and characters that move a terminal's cursor.
WORD = "zqplanted"
CLIENT = "203.0.113.77"
PLANTED = f"{WORD}\x1b[2J\r\n{CLIENT}"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", WORD.upper())
HEADERS = {
    "User-Agent": WORD,
    "Referer": f"https://{WORD}.example/",
    "X-Forwarded-For": CLIENT,
    "Forwarded": f"for={CLIENT}",
    "X-Request-Id": WORD,
    "Cookie": f"feedback={WORD}; {WORD}={WORD}",
    "Accept-Language": WORD,
    WORD: WORD,
}
BODIES: tuple[dict[str, Any], ...] = (
    {"json": {"comment": PLANTED, WORD: WORD}},
    {"json": {"status": PLANTED}},
    {"data": {"comment": PLANTED, "status": WORD}},
    {"content": b"\xff" + WORD.encode(), "headers": {"Content-Type": f"text/{WORD}"}},
    {"content": WORD.encode(), "headers": {"Content-Type": "text/plain"}},
    {"content": WORD.encode() * 20_000, "headers": {"Content-Type": "text/plain"}},
)


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("routes")
    app = create_app(load_settings(database_url=f"sqlite:///{folder}/feedback.db"))
    # What is mounted answers for all below it, and is logged without a pattern.
    return list(dict.fromkeys(route.path for route in app.routes if isinstance(route, Route)))


def requests(origin: str, patterns: list[str]) -> Iterator[httpx.Request]:
    """Each route by each method, as nobody, an admin and somebody with a wrong token; bodies in turn."""
    bodies = cycle(BODIES)
    people: tuple[dict[str, str], ...] = (
        {},
        {"Authorization": f"Bearer {ADMIN_TOKEN}"},
        {"Authorization": f"Bearer {WORD}"},
    )
    for pattern, method, who in product(patterns, METHODS, people):
        path = re.sub(r"\{[^}]*\}", quote(PLANTED, safe=""), pattern)
        options = dict(next(bodies)) if method in ("POST", "PUT", "PATCH", "DELETE") else {}
        headers = HEADERS | who | options.pop("headers", {})
        url = f"{origin}{path}?token={WORD}&q={quote(PLANTED)}&page=https://{WORD}.example/{WORD}"
        yield httpx.Request(method, url, headers=headers, **options)
    yield from (
        httpx.Request("POST", f"{origin}/feedback", headers=HEADERS | body.get("headers", {}), **options)
        for body in BODIES
        for options in ({name: value for name, value in body.items() if name != "headers"},)
    )
    good = {"page": f"{origin}/{WORD}", "comment": PLANTED}
    yield httpx.Request("POST", f"{origin}/feedback", json=good, headers=HEADERS)
    yield httpx.Request(
        "POST", f"{origin}/feedback", json=good, headers={"Origin": f"https://{WORD}.example"}
    )
    yield httpx.Request("POST", f"{origin}/feedback", json=good, headers={"Host": f"{WORD}.example"})
    yield httpx.Request("GET", f"{origin}/static/{quote(PLANTED)}", headers=HEADERS)
    yield httpx.Request("GET", f"{origin}/{WORD}/{quote(PLANTED)}?{WORD}", headers=HEADERS)


def test_the_log_tells_of_every_route_and_holds_no_planted_word(tmp_path: Path, patterns: list[str]):
    with Service(tmp_path) as service:
        with httpx.Client(timeout=10) as client:
            statuses = {client.send(request).status_code for request in requests(service.origin, patterns)}
        with socket.create_connection(("127.0.0.1", int(service.origin.rpartition(":")[2]))) as raw:
            raw.sendall(f"{WORD} /{WORD}\x1b[2J HTTP/9.9\r\n{WORD}\r\n\r\n".encode())
            raw.recv(1000)
    assert {200, 201, 303, 400, 401, 403, 404, 405, 413, 415, 421, 422} <= statuses
    assert not any(status >= 500 for status in statuses)
    log = service.log.read_bytes()
    assert WORD not in log.decode().lower()
    assert CLIENT.encode() not in log
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", log)
    lines = [json.loads(line) for line in log.splitlines()]
    requested = [line for line in lines if line["event"] == "request"]
    assert {line["route"] for line in requested} == {*patterns, None}
    assert {line["status"] for line in requested} >= statuses
    assert {"token", "page"}.isdisjoint(name for line in requested for name in line)
