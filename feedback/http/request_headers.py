"""Refuses what no honest client sends: a host that is not ours, and a header twice that may come once."""

from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from feedback.errors import Fault, NotReadable, Problem, UnknownHost
from feedback.state import ServiceRequest

_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
# Two of one of these are read differently by a proxy and by us.
_ONCE: Final = frozenset(
    (
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"host",
        b"origin",
        b"sec-fetch-site",
        b"transfer-encoding",
    )
)


class RequestHeaders:
    """Lets pass what asks for one of the known hosts, each header once.

    The host comes back in links, and tells our own pages from others: a made-up one must not get that far.
    Health checks ask by whatever address they know; their answers name no host.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], answer: Callable[[ServiceRequest, Problem], Response]
    ) -> None:
        self.app = app
        self.hosts = frozenset(host.encode("ascii") for host in hosts)
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await self.answer(Request(scope), problem)(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        once: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _ONCE:
                if name in once:
                    return NotReadable(Fault("headers", "repeated_header"))
                once[name] = value
        if b"content-length" in once and b"transfer-encoding" in once:
            return NotReadable(Fault("headers", "repeated_header"))
        host = once.get(b"host", b"").lower()
        name, _, port = host.rpartition(b":")
        if host in self.hosts or (name in self.hosts and port.isdigit()):
            return None
        if scope["path"].removeprefix(scope.get("root_path", "")).startswith("/health/"):
            return None
        return UnknownHost(Fault("host", "host"))


def known_hosts(public_url: str, hosts: Iterable[str] | None) -> frozenset[str]:
    """The hosts that the service answers for, in lower case and without port."""
    own = urlsplit(public_url).netloc.lower()
    name, colon, port = own.rpartition(":")
    return frozenset((name if colon and port.isdecimal() else own, *_LOOPBACK, *(hosts or ())))
