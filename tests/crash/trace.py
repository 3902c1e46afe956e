"""The order of system calls of a running service, as strace sees them."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.debian import install

_WAL: Final = r"\d+<[^>]*feedback\.db-wal>"
_WRITTEN: Final = re.compile(rf"pwrite64\({_WAL}")
_SYNCED: Final = re.compile(rf"fdatasync\({_WAL}\)? *(=|<unfinished)")
_RESUMED: Final = re.compile(r"^(\d+) .*<\.\.\. fdatasync resumed>\) *= 0")
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The body of a 201, which may be sent apart from its head.
_ANSWERED: Final = re.compile(
    rf'(?:write|writev|sendto|sendmsg)\(\d+<(?:socket|TCP).*\{{\\"id\\":\\"({_ID.pattern})'
)


@dataclass(frozen=True)
class Order:
    """How many answers 201 were seen, and which ids were answered before a sync covered them."""

    answers: int
    too_early: set[str]


def strace() -> str:
    """The path of strace; installed from Debian where that can be done."""
    if not shutil.which("strace"):
        install("strace")
    found = shutil.which("strace")
    assert found, "This test needs strace: apt-get install strace."
    return found


def order(lines: Iterable[str]) -> Order:
    """Read a trace made with -f -y and strings long enough for a whole page of the log."""
    written: set[str] = set()
    syncing: dict[str, set[str]] = {}  # thread -> what its sync under way covers
    durable: set[str] = set()
    answers, too_early = 0, set()
    for line in lines:
        thread = line.split(" ", 1)[0]
        if _WRITTEN.search(line):
            written.update(_ID.findall(line))
        elif sync := _SYNCED.search(line):
            if sync[1] == "=":
                durable |= written
            else:
                syncing[thread] = set(written)
        elif resumed := _RESUMED.search(line):
            durable |= syncing.pop(resumed[1], set())
        elif answered := _ANSWERED.search(line):
            answers += 1
            too_early |= {answered[1]} - durable
    return Order(answers, too_early)
