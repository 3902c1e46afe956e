"""Passwords as argon2id hashes, made off the event loop, at most two at once."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from feedback.errors import Unavailable

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes and one lane.
_MEMORY_KIB: Final = 19_456
_PASSES: Final = 2
_LANES: Final = 1
_AT_ONCE: Final = 2
# Each takes about 50 ms; who would wait longer than some seconds is turned away.
_WAITING: Final = 100


class Passwords:
    """Makes and checks hashes; one for the whole service."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(_PASSES, _MEMORY_KIB, _LANES)
        self._threads = ThreadPoolExecutor(_AT_ONCE, "passwords")
        self._waiting = 0
        # What an unknown name's password is compared with, so that it takes the same time as a known one's.
        self._nobodys = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The hash of a password, with its salt and parameters."""
        return await self._run(password, None)

    async def verify(self, password: str, known: str | None) -> bool:
        """Whether the hash `known` is of this password; without one, takes as long and is false."""
        right = await self._run(password, known or self._nobodys)
        return bool(right) and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(known)

    def close(self) -> None:
        """Finish what has begun."""
        self._threads.shutdown()

    async def _run(self, password: str, known: str | None) -> str:
        if self._waiting >= _WAITING:
            raise Unavailable
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._work, plain(password), known
            )
        finally:
            self._waiting -= 1

    def _work(self, password: str, known: str | None) -> str:
        """The hash of the password, or where there is one to compare, that one if it is right."""
        if known is None:
            return self._hasher.hash(password)
        try:
            self._hasher.verify(known, password)
        except VerificationError:
            return ""
        return known


def plain(password: str) -> str:
    """The same characters in one form, since keyboards differ in it (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password)
