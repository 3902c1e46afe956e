"""The server's own defence: limits of headers and bodies, and connections that waste its time."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx2 as httpx
import pytest

from tests.feedback.sockets import GET, MEGABYTE, POST, answers, connect, forget_peak, memory, peak, status_of
from tests.service import Service


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
