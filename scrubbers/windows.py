"""Stretches of a run of digits that are as long as a number of some kind, aligned to the groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from scrubbers.clusters import Cluster
from scrubbers.reading import Reading

Found = tuple[int, int, float]
"""Start, end and score of a number in a text."""


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring groups of a cluster."""

    cluster: Cluster
    first: int
    """Index of the first group."""
    last: int
    """Index after the last group."""
    digits: str

    @property
    def start(self) -> int:
        """Offset of the first digit in the text."""
        return self.cluster.starts[self.first]

    @property
    def end(self) -> int:
        """Offset after the last digit in the text."""
        return self.cluster.ends[self.last - 1]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(self.cluster.sizes[self.first : self.last])

    @property
    def gaps(self) -> list[str]:
        """What kind of gap stands between the groups."""
        return self.cluster.gaps[self.first : self.last - 1]

    @property
    def tied(self) -> bool:
        """Whether a sign alone, such as in 1/2, ties the window to digits beside it."""
        sides = self.cluster.gaps[max(0, self.first - 1) : self.first]
        sides += self.cluster.gaps[self.last - 1 : self.last]
        return any(side in {"-", "/", ".", "_", ":"} for side in sides)


def windows(reading: Reading, *lengths: int, most_groups: int = 15) -> Iterator[Window]:
    """All windows with one of these numbers of digits, in order; linear in the length of the text."""
    shortest = min(lengths)
    for cluster in reading.clusters:
        if len(cluster.digits) >= shortest:
            yield from _in_cluster(cluster, lengths, most_groups)


def _in_cluster(cluster: Cluster, lengths: tuple[int, ...], most_groups: int) -> Iterator[Window]:
    places = list(accumulate(cluster.sizes, initial=0))
    group_at = {place: group for group, place in enumerate(places)}
    for first, place in enumerate(places):
        for length in lengths:
            last = group_at.get(place + length)
            if last is not None and last - first <= most_groups:
                yield Window(cluster, first, last, cluster.digits[place : place + length])


def surest(found: Iterable[Found]) -> list[Found]:
    """Of those that overlap the surest, and of those that are as sure the first; takes them in order."""
    chosen: list[Found] = []
    for each in found:
        if not chosen or each[0] >= chosen[-1][1]:
            chosen.append(each)
        elif each[2] > chosen[-1][2]:
            chosen[-1] = each
    return chosen
