"""The doctor finds what a proxy in front of the running service does wrong."""

import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

import pytest

from feedback.check import Level
from feedback.check.client import Answer, NoAnswer
from feedback.check.public import check_public
from feedback.settings import Settings, load_settings
from tests.service import Service, wait_until

# A name that only these tests know, since much is not asked of loopback.
NAME = "feedback.example.test"
SITE = "https://www.example.gov.uk"


class Proxy:
    """A proxy on the same machine as the service, which can be set wrongly."""

    def __init__(self, service: Service) -> None:
        self.host = f"{NAME}:1"  # what it tells the service that was asked for
        self.forwards = True
        self.largest = 128 * 1024
        self.answers: int | None = None  # in place of the service
        self.adds: list[tuple[str, str]] = []
        self.drops: set[str] = set()
        self.changes: Callable[[bytes], bytes] = bytes
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def pass_on(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if proxy.answers or length > proxy.largest:
                    self.send_response(proxy.answers or 413)
                    self.send_header("Location", "https://elsewhere.example/")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                headers = {name: value for name, value in self.headers.items() if name != "Host"}
                headers["Host"] = proxy.host
                if proxy.forwards:
                    headers["X-Forwarded-For"] = "198.51.100.7"
                onward = HTTPConnection(service.origin.removeprefix("http://"), timeout=10)
                onward.request(self.command, self.path, body, headers)
                answer = onward.getresponse()
                sent = proxy.changes(answer.read())
                self.send_response_only(answer.status)
                kept = [each for each in answer.getheaders() if each[0].lower() not in proxy.drops]
                for name, value in [*kept, *proxy.adds]:
                    if name.lower() not in ("content-length", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
                onward.close()

            def do_GET(self) -> None:
                self.pass_on()

            def do_POST(self) -> None:
                self.pass_on()

            def do_OPTIONS(self) -> None:
                self.pass_on()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, args=(0.05,))

    @property
    def settings(self) -> Settings:
        """What the operator says of the service."""
        return load_settings(public_url=f"http://{NAME}:{self.server.server_port}", sites=(SITE,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(tmp_path_factory.mktemp("service"), FEEDBACK_HOSTS=NAME, FEEDBACK_SITES=SITE) as running:
        yield running


@pytest.fixture
def proxy(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest: resolve("127.0.0.1" if host == NAME else host, *rest)
    )
    with Proxy(service) as running:
        yield running


def problems(proxy: Proxy) -> str:
    """All problems, one after the other."""
    found = list(check_public(proxy.settings, running=True))
    assert all(finding.level is not Level.WARNING for finding in found)
    return " ".join(finding.sentence for finding in found if finding.level is Level.PROBLEM)


def test_a_proxy_that_is_set_well_is_let_be(proxy: Proxy, service: Service):
    assert problems(proxy) == ""
    assert service.items() == []


def test_a_proxy_that_reaches_no_service_is_told_from_one_that_cannot_store(proxy: Proxy):
    for status in (502, 503, 504):
        proxy.answers = status
        assert f"The proxy at http://{NAME}:{proxy.server.server_port} answers {status}" in problems(proxy)


def test_an_address_that_redirects_is_told(proxy: Proxy):
    proxy.answers = 301
    assert "redirects, which loses what is sent" in problems(proxy)


def test_something_else_at_the_address_is_told(proxy: Proxy):
    proxy.answers = 404
    assert "Something else than Page Feedback answers" in problems(proxy)
    proxy.answers = None
    proxy.changes = lambda _: b"<h1>It works!</h1>"
    assert "Something else than Page Feedback answers" in problems(proxy)


def test_a_proxy_that_passes_another_host_is_told_how_to_pass_it(proxy: Proxy):
    proxy.host = "page_feedback"
    said = problems(proxy)
    assert "(nginx: `proxy_set_header Host $host;`)" in said
    # All else that would be answered by the same 421 is not asked.
    assert said.count("(421)") == 1


def test_a_proxy_that_does_not_say_who_asks_is_told(proxy: Proxy):
    proxy.forwards = False
    # To the service such a visitor is this machine itself.
    assert "`proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`" in problems(proxy)


def test_a_proxy_that_takes_small_bodies_only_is_told(proxy: Proxy):
    proxy.largest = 64 * 1024
    assert "refuses submissions of 74 KiB" in problems(proxy)
    assert "`client_max_body_size 128k;`" in problems(proxy)


def test_a_proxy_that_changes_the_script_is_told(proxy: Proxy):
    proxy.changes = lambda body: body.replace(b"\t", b"")
    assert "pages that pin it refuse it: turn off what minifies" in problems(proxy)


def test_a_proxy_that_meddles_with_cors_is_told(proxy: Proxy):
    proxy.adds = [("Access-Control-Allow-Origin", "*")]
    assert "let the proxy pass that header on and add none" in problems(proxy)
    assert "not the service's own, which browsers refuse: let the proxy set none" in problems(proxy)
    proxy.adds, proxy.drops = [], {"access-control-allow-origin"}
    assert "let the proxy pass that header on and add none" in problems(proxy)


def test_a_service_that_runs_with_other_sites_than_the_settings_is_told(proxy: Proxy):
    settings = proxy.settings.model_copy(update={"sites": (SITE, "https://new.example.gov.uk")})
    [found] = [each for each in check_public(settings, running=True) if each.level is Level.PROBLEM]
    assert found.subject == "sites"
    assert "add https://new.example.gov.uk to FEEDBACK_SITES and start the service anew." in found.sentence


def test_a_service_that_cannot_store_is_told_from_a_proxy_that_fails(proxy: Proxy, service: Service):
    # Another program that writes to the file, as an operator's shell may.
    with closing(sqlite3.connect(service.data / "feedback.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # That it could store is believed for a second.
        wait_until(lambda: "The service runs and cannot store just now: see" in problems(proxy))
        other.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("running", "remedy"),
    [(False, "start it by `feedback serve`."), (True, "say by FEEDBACK_PUBLIC_URL where")],
)
def test_where_no_address_is_set_a_service_may_be_elsewhere(
    monkeypatch: pytest.MonkeyPatch, running: bool, remedy: str
):
    def refuse(*_: object, **__: object) -> Answer:
        raise NoAnswer("refuses the connection.")

    # Whoever runs the tests may have something on port 8000.
    monkeypatch.setattr("feedback.check.public.ask", refuse)
    [found] = check_public(load_settings(), running=running)
    assert found.level is Level.WARNING
    assert remedy in found.sentence


def test_what_is_asked_leaves_nothing_behind(proxy: Proxy, service: Service):
    problems(proxy)
    assert service.items() == []
    assert json.loads(service.api("audit").content)["items"] is not None
