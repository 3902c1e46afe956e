"""Sends to addresses that an admin typed, and to nothing inside: no private, loopback or link-local host.

The name is resolved once, every address it has must be public, and the connection goes to exactly one of
those: a name that answers differently a moment later leads nowhere. No redirect is followed. All of it within
5 seconds.
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

import h11

SECONDS: Final = 5.0
_MAX_URL: Final = 500  # characters
_MAX_ANSWER: Final = 65_536  # bytes that are read of an answer

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# All that the public internet has of IPv6 so far; what carries IPv4 inside (NAT64, mapped) lies elsewhere.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")


class NotSent(Exception):
    """Nothing was taken at the other side; `reason` is a word of ours and holds nothing of the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _GLOBAL_UNICAST or ip.sixtofour or ip.teredo):
        return False
    return ip.is_global and not ip.is_multicast


def parse_target(url: str) -> SplitResult | None:
    """A URL that may be sent to: https, a host, no user and no fragment; None for anything else."""
    if len(url) > _MAX_URL or not url.isascii() or any(character <= " " for character in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or parts.fragment:
        return None
    if "\\" in url or port == 0:
        return None
    return parts


@dataclass(frozen=True)
class Outside:
    """The way to the outside; tests give it another view of what is public."""

    resolve: Resolve = resolve
    is_public: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send JSON; raises NotSent unless the other side answers 2xx in time."""
        target = parse_target(url)
        if target is None:
            raise NotSent("address")
        try:
            async with asyncio.timeout(self.seconds):
                status = await self._exchange(target, body, headers)
        except TimeoutError:
            raise NotSent("too slow") from None
        except (OSError, ssl.SSLError, h11.ProtocolError, UnicodeError) as error:
            raise NotSent(type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotSent(f"status {status}")

    async def _exchange(self, target: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
        host, port = target.hostname or "", target.port or 443
        addresses = await self.resolve(host, port)
        if not addresses or not all(map(self.is_public, addresses)):
            raise NotSent("not public")
        reader, writer = await asyncio.open_connection(addresses[0], port, ssl=self.tls, server_hostname=host)
        try:
            connection = h11.Connection(h11.CLIENT)
            request = h11.Request(
                method="POST",
                target=(target.path or "/") + (f"?{target.query}" if target.query else ""),
                headers=[
                    ("Host", target.netloc),
                    ("Content-Type", "application/json"),
                    ("Content-Length", str(len(body))),
                    ("User-Agent", "page-feedback"),
                    ("Connection", "close"),
                    *headers.items(),
                ],
            )
            for event in (request, h11.Data(data=body), h11.EndOfMessage()):
                writer.write(connection.send(event) or b"")
            await writer.drain()
            return await _status(connection, reader)
        finally:
            writer.close()


async def _status(connection: h11.Connection, reader: asyncio.StreamReader) -> int:
    """The status of the answer; what follows it is not read."""
    read = 0
    while read <= _MAX_ANSWER:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            return event.status_code
        if event is h11.NEED_DATA:
            data = await reader.read(4096)
            read += len(data)
            connection.receive_data(data)
        elif not isinstance(event, h11.InformationalResponse):
            break
    raise NotSent("answer")
