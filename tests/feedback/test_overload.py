"""More submissions than reach the disk in time: the rest is refused at once, and nobody is let down."""

import asyncio
import socket
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.http.client_address import ClientAddress
from feedback.http.server import hold
from feedback.store import Store
from feedback.store.room import Room
from tests.feedback.conftest import PAGE, SITE
from tests.feedback.sockets import MEGABYTE, memory, peak
from tests.service import Service

CARD = "4111 1111 1111 1111"
CLIENTS = 300
SECONDS = 3.0


def test_room_follows_how_long_submissions_wait():
    room = Room(5000)
    room.waited(0.1, 600)
    assert room.places == 5000
    room.waited(0.3, 1000)  # a thousand in 0.3 seconds: five sixths of it may wait a quarter of a second
    assert room.places == 833
    room.waited(9.0, 833)  # one slow moment is no overload
    assert room.places == 583
    for _ in range(20):
        room.waited(9.0, room.places)
    assert room.places == 64  # a slow disk still gets batches
    for _ in range(100):
        room.waited(0.1, 64)
    assert room.places == 5000


@pytest.fixture
def full(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(Store, "has_room", False)
    return client


def test_where_there_is_no_room_a_submission_is_refused_before_it_is_read(
    full: TestClient, admin: dict[str, str]
):
    answer = full.post("/feedback", content=b"{", headers={"Origin": SITE, "Content-Type": "text/plain"})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["vary"] == "Accept, Accept-Language, Origin"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.json()["detail"].startswith("We cannot save feedback just now")
    other = full.post("/feedback", content=b"{", headers={"Origin": "https://evil.example"})
    assert not any(name.startswith("access-control") for name in other.headers)
    assert 'outcome="unavailable"} 2.0' in full.get("/metrics", headers=admin).text


def test_where_there_is_no_room_a_browser_gets_a_page_in_its_language(full: TestClient):
    headers = {"Accept": "text/html", "Accept-Language": "cy"}
    answer = full.post("/feedback", data={"page": PAGE, "comment": "biniau"}, headers=headers)
    assert answer.status_code == 503
    assert "Ni allwn gadw adborth" in answer.text


def test_where_there_is_no_room_a_form_comes_back_with_its_words(full: TestClient):
    fields = {"page": PAGE, "comment": f"bins {CARD}"}
    answer = full.post("/feedback", data=fields, headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "bins [CREDIT_CARD]</textarea>" in answer.text
    assert "Your words are still here" in answer.text


def test_where_there_is_no_room_everything_else_goes_on(full: TestClient, admin: dict[str, str]):
    assert full.get("/feedback/form").status_code == 200
    assert full.get("/health/ready").status_code == 200
    assert full.get("/admin/api/feedback", headers=admin).status_code == 200


def ask(service: Service, connection: socket.socket) -> int:
    body = b'{"page": "%b/demo", "useful": "yes"}' % service.origin.encode()
    head = b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    connection.sendall(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
    said = b""
    while b"}" not in said:
        part = connection.recv(65_536)
        assert part, "closed without an answer"
        said += part
    return int(said.split(b" ")[1])


def test_who_sends_too_often_is_not_read_for_a_while_and_others_are(tmp_path: Path):
    with Service(tmp_path, FEEDBACK_RATE="1/hour") as service:
        address = ("127.0.0.1", int(service.origin.rpartition(":")[2]))
        with socket.create_connection(address, timeout=10) as one:
            assert ask(service, one) == 201
            begin = time.monotonic()
            assert ask(service, one) == 429
            with socket.create_connection(address, timeout=10) as other:
                assert ask(service, other) == 429
            assert ask(service, one) == 429
            assert time.monotonic() - begin >= 0.45


@pytest.mark.parametrize(("proxies", "held"), [((), True), (("10.0.0.0/8",), False)])
def test_a_proxy_which_carries_everybody_is_read_on(proxies: tuple[str, ...], held: bool):
    state = {"client_address": ClientAddress.from_settings(proxies)}
    scope: dict[str, Any] = {"client": ("10.0.0.1", 1), "headers": [], "state": state}
    hold(scope)
    assert ("feedback.hold" in scope) is held


def test_far_more_than_it_takes_gets_only_201_and_503_and_each_201_is_stored(tmp_path: Path):
    statuses: Counter[int] = Counter()

    async def client(service: Service, number: int, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(service.origin.rpartition(":")[2]))
        fields = b'{"page": "%b/demo", "comment": "words of %d"}' % (service.origin.encode(), number)
        request = (
            b"POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(fields), fields)
        )
        while time.monotonic() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            statuses[int(head[9:12])] += 1
        writer.close()

    async def all_at_once(service: Service) -> None:
        until = time.monotonic() + SECONDS
        await asyncio.gather(*(client(service, number, until) for number in range(CLIENTS)))

    with Service(tmp_path) as service:
        before = memory(service)
        asyncio.run(all_at_once(service))
        assert set(statuses) <= {201, 503}
        assert statuses[201] > CLIENTS
        assert peak(service) - before < 100 * MEGABYTE
        exported = service.api("export.jsonl").text.splitlines()
        assert len(exported) == statuses[201]
