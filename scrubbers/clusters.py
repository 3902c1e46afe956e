"""Runs of digits that only separators divide, and how they are grouped."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import cached_property

from scrubbers.characters import LETTER, TAIL, WALL

SEPARATOR = f"[^0-9A-Za-z{LETTER}{WALL}]"
"""Any plain character that may stand between the digits of one number."""

FEWEST = 6
"""Digits of the shortest number that we look for."""
_CLUSTER = re.compile(f"[0-9](?:{SEPARATOR}*[0-9]){{{FEWEST - 1},}}{TAIL}*")
_DIGIT = re.compile("[0-9]")
_GROUP = re.compile(f"[0-9](?:{TAIL}*[0-9])*{TAIL}*")


class Cluster:
    """Groups of digits with only separators between them; a group has nothing visible between its digits.

    The groups are kept as lists of strings and numbers, of which the garbage collector takes no notice.
    """

    def __init__(self, plain: str, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self._plain = plain
        found = list(_GROUP.finditer(plain, start, end))
        self.groups = [each[0].replace(TAIL, "") for each in found]
        """The digits of each group."""
        self.starts = [each.start() for each in found]
        """Offset in the text of the first digit of each group."""
        self.ends = [each.end() for each in found]
        """Offset after the last digit of each group and what belongs to it."""
        self.sizes = [len(each) for each in self.groups]
        """How many digits each group has."""
        self.digits = "".join(self.groups)
        """All digits of the cluster."""

    @cached_property
    def gaps(self) -> list[str]:
        """For each two neighbouring groups the separators between them, each once and sorted."""
        between = zip(self.ends, self.starts[1:], strict=False)
        return [gap_between(self._plain, end, start) for end, start in between]

    @cached_property
    def offsets(self) -> array[int]:
        """Offset in the text of each digit."""
        return array("l", (found.start() for found in _DIGIT.finditer(self._plain, self.start, self.end)))

    @cached_property
    def is_spoken(self) -> bool:
        """Whether several digits are written as words or escapes."""
        groups = zip(self.starts, self.ends, self.sizes, strict=True)
        return sum(end - start > size for start, end, size in groups) > 2


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
