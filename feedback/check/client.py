"""Asks an address by HTTP as a browser would, within a few seconds and megabytes, and says why it cannot."""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

SECONDS: Final = 10.0  # for one request and its answer
MAX_BODY: Final = 8 * 1024 * 1024  # bytes
_MAX_HOPS: Final = 5
_REDIRECTS: Final = (301, 302, 303, 307, 308)
# What OpenSSL says of a certificate (x509_vfy.h).
_EXPIRED: Final = 10
_WRONG_NAME: Final = (62, 64)
# What http.client raises by itself for over a hundred headers.
_TOO_MANY: Final = http.client.HTTPException


class NoAnswer(Exception):
    """Nothing usable came back; `reason` completes the sentence "HOST ...", in words of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `urls` are the address that was asked and each that it redirected to."""

    urls: tuple[str, ...]
    status: int
    headers: Message
    body: bytes

    @property
    def url(self) -> str:
        """Where it came from in the end."""
        return self.urls[-1]

    def all(self, name: str) -> list[str]:
        """The values of every header of this name."""
        return [str(value) for value in self.headers.get_all(name, [])]

    def one(self, name: str) -> str:
        """The header's value, in lower case; '' where there is none."""
        return ", ".join(self.all(name)).strip().lower()

    @property
    def text(self) -> str:
        """The body as text; what cannot be read is replaced."""
        charset = self.headers.get_content_charset() or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except (LookupError, ValueError):  # no such charset, or one that is not for text
            return self.body.decode("utf-8", "replace")


def parse_address(url: str) -> str | None:
    """An absolute http(s) address as it is sent, without fragment; None where it is not one."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or port == 0:
        return None
    netloc = f"[{host}]" if ":" in host else host
    plain = quote(parts.path or "/", "/%:@!$&'()*+,;=~"), quote(parts.query, "/%:@!$&'()*+,;=~?")
    return urlunsplit((parts.scheme, f"{netloc}:{port}" if port else netloc, *plain, ""))


def join(base: str, url: str) -> str:
    """The absolute address of what a page or answer names; '' where it is none, as `http://[` is."""
    try:
        joined = urljoin(base, url)
        _ = urlsplit(joined).port  # raises as well
    except ValueError:
        return ""
    return joined


def without_query(url: str) -> str:
    """The address as it is shown: a query may hold anything."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def ask(
    url: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    follow: bool = True,
) -> Answer:
    """Send one request, and follow where it is redirected unless told otherwise; raises NoAnswer."""
    urls: list[str] = []
    while True:
        address = parse_address(url)
        if address is None:
            raise NoAnswer("redirects to what is no address of the web.")
        urls.append(address)
        answer = _ask_once(tuple(urls), method, headers or {}, body)
        onward = answer.headers.get("Location")
        if not follow or answer.status not in _REDIRECTS or not onward:
            return answer
        if len(urls) > _MAX_HOPS:
            raise NoAnswer("redirects again and again: look at its rules for redirects.")
        url = join(address, onward)


def _ask_once(urls: tuple[str, ...], method: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    target = urlsplit(urls[-1])
    path = urlunsplit(("", "", target.path, target.query, ""))
    plain = {"User-Agent": "page-feedback-check", "Accept-Encoding": "identity", "Connection": "close"}
    try:
        with _connection(target) as connection:
            connection.request(method, path, body, {**plain, **headers})
            with connection.getresponse() as response:
                read = response.read(MAX_BODY + 1)
                return Answer(urls, response.status, response.headers, _unpacked(response, read))
    except (OSError, http.client.HTTPException, zlib.error) as error:
        raise NoAnswer(_reason(error)) from None


@contextmanager
def _connection(target: SplitResult) -> Iterator[http.client.HTTPConnection]:
    host, port = target.hostname or "", target.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
        if target.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=SECONDS)
    )
    with closing(connection):
        connection.connect()
        # The socket's own time-out begins anew with every byte.
        over = threading.Timer(SECONDS, _break_off, (connection.sock,))
        end = time.monotonic() + SECONDS
        over.start()
        try:
            yield connection
        except (OSError, http.client.HTTPException):
            if time.monotonic() < end:
                raise
        finally:
            over.cancel()
        if time.monotonic() >= end:
            raise TimeoutError


def _break_off(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _unpacked(response: http.client.HTTPResponse, body: bytes) -> bytes:
    """The body, also where it comes compressed though that was not asked for."""
    if response.headers.get("Content-Encoding", "").strip().lower() == "gzip":
        body = zlib.decompressobj(wbits=31).decompress(body, MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise NoAnswer(f"answers with more than {MAX_BODY // 1024 // 1024} MiB: is this the right address?")
    return body


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code == _EXPIRED:
            return "shows a certificate that has run out: renew it."
        if error.verify_code in _WRONG_NAME:
            return "shows a certificate for another name: get one for this name."
        return (
            "shows a certificate that this machine does not trust: "
            "let the server send the intermediate certificates too, or take one of a public authority."
        )
    if isinstance(error, ssl.SSLError):
        return "does not speak TLS there: is the port right?"
    if isinstance(error, socket.gaierror):
        return "is no name that this machine can resolve: is it spelt right, and in the DNS?"
    if isinstance(error, ConnectionRefusedError):
        return "refuses the connection: is the server running, and the port right?"
    if isinstance(error, http.client.IncompleteRead | ConnectionResetError):
        return "breaks the connection off: is it overloaded, or does something in between refuse the doctor?"
    if isinstance(error, http.client.BadStatusLine | http.client.LineTooLong) or type(error) is _TOO_MANY:
        return "answers with what is no HTTP, or with more headers than browsers take: is the port right?"
    if isinstance(error, TimeoutError):
        return f"did not answer within {SECONDS:g} seconds: is it overloaded, or a firewall in between?"
    return f"cannot be reached ({type(error).__name__})."
