"""How much may come from one network, about one site and altogether in a while."""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from limits import RateLimitItem
from limits.errors import ConfigurationError
from limits.strategies import FixedWindowRateLimiter

from feedback.background import background
from feedback.errors import StartError, TooMany, Unavailable
from feedback.intake.following import Following
from feedback.intake.rate_counts import DatabaseCounts, Hit, MemoryCounts, RedisCounts, SharedCounts
from feedback.settings import Settings
from feedback.store import Store
from feedback.watching.logs import get_logger

_DAY: Final = 86_400  # seconds
# Seconds for which counting together is not tried again after it failed.
_ALONE_SECONDS: Final = 5.0
# Seconds until the secret of the day is asked for again after the database was away.
_AGAIN_SECONDS: Final = 60.0
_MAPPED: Final = bytes(10) + b"\xff\xff"  # ::ffff:192.0.2.1, IPv4 written as IPv6

log = get_logger("feedback.rate")


@dataclass(slots=True)
class Counted:
    """What was counted of one submission before anything of it was read."""

    network: str  # the hash by which it counts
    follows: bool  # its network had voted and was not counted again
    hits: list[Hit]


class Rate:
    """Counts each submission, here first and then together with the other processes.

    Counting here alone is always right for one process, and what it refuses costs the others nothing. Where
    counting together fails, it is what remains: the door is neither wide open nor shut.
    """

    def __init__(self, settings: Settings, store: Store, shared: SharedCounts | None) -> None:
        self._network = settings.rate
        self._site = settings.rate_site
        self._everybody = settings.rate_all
        self._store = store
        self._shared = shared
        self._alone_until = 0.0
        self._memory = MemoryCounts()
        self._limiter = FixedWindowRateLimiter(self._memory)
        self._following = Following()
        self._secret = b""

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, store: Store) -> "AsyncIterator[Rate]":
        """Begin to count where the settings say; raises StartError in one sentence."""
        shared: SharedCounts | None = DatabaseCounts(store.rates) if store.shared else None
        if settings.rate_store:
            try:
                shared = RedisCounts(settings.rate_store.get_secret_value())
            except ConfigurationError:
                raise StartError(
                    "FEEDBACK_RATE_STORE needs Redis' client; install the package as page-feedback[redis]."
                ) from None
        rate = cls(settings, store, shared)
        await rate.take_secret()
        try:
            async with background(rate.each_day(), "rate"):
                yield rate
        finally:
            if shared:
                await shared.close()

    def count_client(self, address: str) -> Counted:
        """Count one submission of a client; raises TooMany where its network or everybody sent too much.

        Called before anything of the body is read. Gives what `count_site` goes on with.
        """
        network = self._key(b"network", network_of(address))
        follows = self._network is not None and self._following.take(network)
        hits = [] if follows else self._hit(self._network, network)
        return Counted(network, follows, [*hits, *self._count(self._everybody, b"all", b"")])

    def may_be_shown_again(self, address: str) -> bool:
        """Whether one more refused form of this client is read, so that it can come back with its words.

        As many are as may be sent: reading and scrubbing one costs nearly what taking it does.
        """
        try:
            self._count(self._network, b"network again", network_of(address))
            self._count(self._everybody, b"all again", b"")
        except TooMany:
            return False
        return True

    async def count_site(self, site: str, counted: Counted, *, words: bool) -> None:
        """Count the same submission for its site, and for all processes; raises TooMany.

        `words`: it has some. A vote is counted for its network in any case, and the words to it may follow.
        """
        hits = counted.hits
        if not words and self._network is not None:
            if counted.follows:
                # It took what was meant for words.
                hits += self._hit(self._network, counted.network)
                self._following.voted(counted.network)
            self._following.voted(counted.network)
        hits += self._count(self._site, b"site", site.encode())
        if self._shared is None or not hits or time.monotonic() < self._alone_until:
            return
        seconds = None
        try:
            seconds = await self._shared.count(hits)
        except Exception as error:  # noqa: BLE001  # what was counted here has decided
            self._alone_until = time.monotonic() + _ALONE_SECONDS
            log.warning("rates are counted by this process alone", fault=type(error).__name__)
        if seconds is not None:
            raise TooMany(seconds)

    async def take_secret(self) -> bool:
        """Take the secret of the day; where the database is away, one of this process for the time being."""
        secret, agreed = secrets.token_hex(32), True
        if self._shared and self._store.shared:
            try:
                secret = await self._store.rates.secret(int(time.time() // _DAY), secret)
            except Unavailable:
                agreed = False
        self._secret = bytes.fromhex(secret)
        return agreed

    async def each_day(self) -> None:
        """Take a new secret at each midnight, in UTC; counts begin anew with it."""
        agreed = True
        while True:
            await asyncio.sleep(_DAY - time.time() % _DAY if agreed else _AGAIN_SECONDS)
            agreed = await self.take_secret()

    def _count(self, limit: RateLimitItem | None, kind: bytes, value: bytes) -> list[Hit]:
        return [] if limit is None else self._hit(limit, self._key(kind, value))

    def _key(self, kind: bytes, value: bytes) -> str:
        """A hash that nobody can turn round once the day's secret is gone; the address is kept nowhere."""
        return blake2b(kind + b"\0" + value, digest_size=16, key=self._secret).hexdigest()

    def _hit(self, limit: RateLimitItem | None, key: str) -> list[Hit]:
        if limit is None:
            return []
        if not self._limiter.hit(limit, key):
            raise TooMany(self._memory.get_expiry(limit.key_for(key)) - time.time())
        return [Hit(limit, key)]


def network_of(address: str) -> bytes:
    """The network that counts as one client: IPv4 /24, IPv6 /48; what is no address counts as itself."""
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)[:3]
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except (OSError, ValueError):
        return address.encode()
    return packed[12:15] if packed.startswith(_MAPPED) else packed[:6]
