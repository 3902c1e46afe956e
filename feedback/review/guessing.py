"""Guessing is slow: few tries a minute for an account, few an hour for an address; never for all at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from feedback.errors import TooManyTries
from feedback.review.secrets import hash_secret, now
from feedback.state import ServiceRequest
from feedback.store import Limit, Store

FOR_ACCOUNT: Final = Limit(5, 60_000)
FOR_ADDRESS: Final = Limit(20, 3_600_000)
# An IPv6 client has at least this network to itself.
_IPV6_PREFIX: Final = 64


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted before its secret was looked at."""

    store: Store
    limits: Mapping[str, Limit]
    at: int

    async def succeeded(self) -> None:
        """It was no guess: count it no more."""
        await self.store.sessions.forget_try(tuple(self.limits), self.at)


async def begin_try(request: ServiceRequest, account: str | None) -> Try:
    """Count a try to sign in as `account`, known or not; raises TooManyTries where a limit is reached.

    Without an account, only the address counts. The store keeps hashes of whom it counts: people type
    passwords where their name belongs.
    """
    limits = limits_of_address(request)
    if account is not None:
        limits[hash_secret(f"account {account.lower()}")] = FOR_ACCOUNT
    store, moment = request.state["store"], now()
    wait = await store.sessions.begin_try(limits, moment)
    if wait:
        raise TooManyTries(wait / 1000)
    return Try(store, limits, moment)


def limits_of_address(request: ServiceRequest) -> dict[str, Limit]:
    """The limit for where a request comes from; none where the server does not know."""
    network = _network(request.state["client_address"].of(request.scope))
    return {hash_secret(f"address {network}"): FOR_ADDRESS} if network else {}


def _network(address: str) -> str:
    """Whose tries an address counts with; an empty text where the server knows no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed)
