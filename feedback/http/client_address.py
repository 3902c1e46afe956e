"""The client's address: the peer's own, or what configured proxies say of it; nobody else is believed."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import Scope

from feedback.errors import StartError

_IPAddress = IPv4Address | IPv6Address
_IPNetwork = IPv4Network | IPv6Network

# Proxies between the client and us that are worth following; no honest way is longer.
_MAX_HOPS: Final = 16


class ClientAddress:
    """Follows X-Forwarded-For from the right, through proxies of ours, to the first address that is not."""

    def __init__(self, trusted: Iterable[_IPNetwork] = ()) -> None:
        self._trusted = tuple(trusted)

    @classmethod
    def from_settings(cls, proxies: Iterable[str] | None) -> "ClientAddress":
        """Read FEEDBACK_TRUSTED_PROXIES; raises StartError, in one sentence, for anything but networks."""
        return cls(_network(number, proxy) for number, proxy in enumerate(proxies or (), 1))

    def of(self, scope: Scope) -> str:
        """The address of who sent this; an empty text where the server knows none."""
        peer: str = scope["client"][0] if scope["client"] else ""
        return self._follow(peer, scope) if self._trusted else peer

    def is_proxy(self, scope: Scope) -> bool:
        """Whether the connection is one of a configured proxy, which may carry anybody's requests."""
        return bool(self._trusted and scope["client"] and self._trusts(_address(scope["client"][0])))

    def _follow(self, peer: str, scope: Scope) -> str:
        client = _address(peer)
        if not self._trusts(client):
            return peer
        # Several headers are one list (RFC 9110, 5.3), and each proxy adds what it saw at the end.
        said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        for hop in reversed(said.decode("latin-1").split(",")[-_MAX_HOPS:]):
            earlier = _address(_without_port(hop.strip()))
            if earlier is None:
                break
            client = earlier
            if not self._trusts(client):
                break
        return str(client)

    def _trusts(self, address: _IPAddress | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)


def _network(number: int, text: str) -> _IPNetwork:
    try:
        network = ip_network(text)
    except ValueError:
        network = None
    if network is None or network.prefixlen == 0:
        raise StartError(
            f"FEEDBACK_TRUSTED_PROXIES: entry {number} must be a network of your proxies such as 10.0.0.0/8 "
            "or fd00::/8, and never * or everybody."
        )
    return network


def _address(text: str) -> _IPAddress | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A server that listens on IPv6 sees IPv4 clients as ::ffff:192.0.2.1.
    return getattr(address, "ipv4_mapped", None) or address


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
