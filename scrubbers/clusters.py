"""Runs of digits that only separators divide, and how they are grouped."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from scrubbers.characters import LETTER, TAIL, WALL

SEPARATOR = f"[^0-9A-Za-z{LETTER}{WALL}]"
"""Any plain character that may stand between the digits of one number."""

FEWEST = 6
"""Digits of the shortest number that we look for."""
_CLUSTER = re.compile(f"[0-9](?:{SEPARATOR}*[0-9]){{{FEWEST - 1},}}{TAIL}*")
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
    def is_spoken(self) -> bool:
        """Whether several digits are written as words or escapes."""
        return sum(group.end - group.start > len(group.digits) for group in self.groups) > 2


def clusters(plain: str) -> Iterator[Cluster]:
    """All clusters of at least FEWEST digits in a plain text, in order; linear in its length."""
    for found in _CLUSTER.finditer(plain):
        yield Cluster(plain, *found.span())


def gap_between(plain: str, start: int, end: int) -> str:
    """What kind of gap a stretch of separators is: the visible ones, each once and sorted."""
    separators = plain[start:end]
    if len(separators) == 1:
        return "" if separators == TAIL else separators
    return "".join(sorted(set(separators) - {TAIL}))
