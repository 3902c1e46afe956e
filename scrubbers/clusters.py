"""Runs of digits that only separators divide, and how they are grouped."""

import re
from functools import cached_property
from typing import NamedTuple

from scrubbers.characters import LETTER, TAIL, WALL

SEPARATOR = f"[^0-9A-Za-z{LETTER}{WALL}]"
"""Any plain character that may stand between the digits of one number."""

_CLUSTER = re.compile(f"[0-9](?:{SEPARATOR}*[0-9])*{TAIL}*")
_DIGIT = re.compile("[0-9]")
_GROUP = re.compile(f"[0-9](?:{TAIL}*[0-9])*{TAIL}*")


class Group(NamedTuple):
    """Digits with nothing visible between them."""

    digits: str
    start: int
    """Offset of the first digit in the text."""
    end: int
    """Offset after the last digit and what belongs to it."""


class Cluster:
    """Groups of digits with only separators between them."""

    def __init__(self, plain: str, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self._plain = plain

    @cached_property
    def groups(self) -> list[Group]:
        """The groups of digits, in order; at least one."""
        return [
            Group(found[0].replace(TAIL, ""), found.start(), found.end())
            for found in _GROUP.finditer(self._plain, self.start, self.end)
        ]

    @cached_property
    def gaps(self) -> list[str]:
        """For each two neighbouring groups the separators between them, each once and sorted."""
        return [
            gap_between(self._plain, left.end, right.start)
            for left, right in zip(self.groups, self.groups[1:], strict=False)
        ]

    @cached_property
    def digits(self) -> str:
        """All digits of the cluster."""
        return "".join(group.digits for group in self.groups)

    @cached_property
    def offsets(self) -> list[int]:
        """Offset in the text of each digit."""
        return [found.start() for found in _DIGIT.finditer(self._plain, self.start, self.end)]

    @cached_property
    def has_tails(self) -> bool:
        """Whether most digits are written as words or escapes."""
        return 2 * sum(group.end - group.start > len(group.digits) for group in self.groups) > len(
            self.groups
        )

    @property
    def count(self) -> int:
        """How many digits the cluster has; never more than it is long."""
        return self.end - self.start if self.end - self.start < 6 else len(self.digits)


def clusters(plain: str) -> list[Cluster]:
    """All clusters of a plain text, in order; linear in its length."""
    return [Cluster(plain, *found.span()) for found in _CLUSTER.finditer(plain)]


def gap_between(plain: str, start: int, end: int) -> str:
    """What kind of gap a stretch of separators is: the visible ones, each once and sorted."""
    separators = plain[start:end]
    if len(separators) == 1:
        return "" if separators == TAIL else separators
    return "".join(sorted(set(separators) - {TAIL}))
