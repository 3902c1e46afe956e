"""What makes a stretch of digits a payment card number: range, check digit, grouping, words nearby."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubbers.clusters import Cluster
from scrubbers.context import card_words_near, other_number_words_before
from scrubbers.ranges import LONGEST, SHORTEST, Luhn, may_be_card
from scrubbers.reading import Reading


class _Window(NamedTuple):
    """Neighbouring groups of a cluster that together make a valid card number."""

    first: int
    """Index of the first group."""
    last: int
    """Index after the last group."""
    length: int
    """How many digits."""


def cards(reading: Reading) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of each card number; linear in the length of the text."""
    for cluster in reading.clusters:
        if cluster.end - cluster.start >= SHORTEST and len(cluster.digits) >= SHORTEST:
            for window, score in _best(reading.plain, cluster):
                yield cluster.groups[window.first].start, cluster.groups[window.last - 1].end, score


def _windows(cluster: Cluster) -> Iterator[_Window]:
    digits, groups = cluster.digits, cluster.groups
    luhn = Luhn(digits)
    starts = [0]
    for group in groups:
        starts.append(starts[-1] + len(group.digits))
    for first in range(len(groups)):
        start = starts[first]
        for last in range(first + 1, len(groups) + 1):
            length = starts[last] - start
            if length > LONGEST:
                break
            if length >= SHORTEST and may_be_card(digits, start, length) and luhn.holds(start, starts[last]):
                yield _Window(first, last, length)


def _best(plain: str, cluster: Cluster) -> list[tuple[_Window, float]]:
    """The windows that are believed, none overlapping another."""
    windows = list(_windows(cluster))
    scored = [(window, _score(plain, cluster, window)) for window in windows]
    chosen: list[tuple[_Window, float]] = []
    taken: set[int] = set()
    for window, score in sorted(scored, key=lambda each: (-each[1], each[0].first)):
        groups = range(window.first, window.last)
        if score and taken.isdisjoint(groups):
            taken.update(groups)
            chosen.append((window, score))
    return chosen


_REGULAR = frozenset(
    {
        (4, 6, 5),
        (4, 6, 4),
        (4, 4, 4, 4, 3),
        (4, 4, 5),
        (4, 5, 4),
        (6, 10),
        (6, 13),
        (4, 12),
        (4, 4, 8),
        (8, 4, 4),
    }
)


def _score(plain: str, cluster: Cluster, window: _Window) -> float:
    start, end = cluster.groups[window.first].start, cluster.groups[window.last - 1].end
    sizes = [len(group.digits) for group in cluster.groups[window.first : window.last]]
    gaps = cluster.gaps[window.first : window.last - 1]
    near = card_words_near(plain, start, end)
    if near:
        return 1.0 if window.length in {15, 16} else 0.95
    if other_number_words_before(plain, start) or _part_of_code(plain, start, end):
        return 0
    if len(sizes) == 1:
        left = cluster.gaps[window.first - 1] if window.first else None
        if left == "." and len(cluster.groups[window.first - 1].digits) <= 3:
            return 0
        if plain[start - 1 : start] == "+":
            return 0
        return 0.9
    whole = len(sizes) == len(cluster.groups)
    regular = tuple(sizes) in _REGULAR or (len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0])
    uniform = len(set(gaps)) == 1
    if plain[start - 1 : start] == "+" or (len(sizes) == 2 and sizes[0] <= 3 and gaps[0] == "."):
        return 0
    if regular and set(gaps) == {","} and set(sizes[1:]) == {3}:
        return 0
    if regular and (whole or _isolated(cluster, window)):
        return 0.9
    if whole and uniform:
        return 0.7
    return 0


def _isolated(cluster: Cluster, window: _Window) -> bool:
    sizes = {len(group.digits) for group in cluster.groups[window.first : window.last]}
    inner = set(cluster.gaps[window.first : window.last - 1])
    sides = []
    if window.first:
        sides.append((window.first - 1, window.first - 1))
    if window.last < len(cluster.groups):
        sides.append((window.last, window.last - 1))
    return all(
        len(cluster.groups[group].digits) not in sizes or cluster.gaps[gap] not in inner
        for group, gap in sides
    )


_TOKEN = re.compile(r"[0-9A-Za-z-]*")


def _part_of_code(plain: str, start: int, end: int) -> bool:
    """Whether the digits are part of a hexadecimal number, a hash or a UUID."""
    left = start
    while left > max(0, start - 40) and (plain[left - 1].isalnum() or plain[left - 1] == "-"):
        left -= 1
    right = min(len(plain), end + 40)
    found = _TOKEN.match(plain, left, right)
    token = found[0].lower() if found else ""
    if re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", token):
        return True
    letters = re.findall("[a-z]+", token)
    return len(letters) >= 2 and re.fullmatch("(?:0x)?[0-9a-f-]+", token) is not None
