"""Payment card numbers in a text: digits with the range, check digit, grouping and words of one."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from scrubbers import cardshapes
from scrubbers.characters import WALL
from scrubbers.clusters import Cluster, clusters
from scrubbers.context import AFTER, BEFORE, CardWords
from scrubbers.lookalikes import as_digits, blank
from scrubbers.maskedcards import masked_cards
from scrubbers.ranges import LONGEST, SHORTEST, Luhn, lengths_at, may_be_card
from scrubbers.reading import Reading

Place = tuple[int, int, float]
"""Start, end and score."""


TABLE = 8
"""So many groups, all of one size, are a table or a list rather than a number and something beside it."""


_WORD_IN_BRACKETS = re.compile(rf"{WALL}+|\[[A-Z][A-Z_]{{1,40}}\]")
"""A marker that somebody typed must not shield the number that it stands in."""


class _Window(NamedTuple):
    """A stretch of a cluster's digits with the range, length and check digit of a card number."""

    start: int
    end: int
    """Offsets into the digits of the cluster."""
    first: int
    last: int
    """Its groups: index of the first and index after the last."""


def cards(reading: Reading) -> Iterator[Place]:
    """Each card number of a text; linear in the length of the text."""
    plain = reading.plain
    sure = [
        place
        for cluster in reading.clusters
        if len(cluster.digits) >= SHORTEST
        for place in _Judge(plain, cluster).places()
    ]
    yield from sure
    yield from masked_cards(plain)
    if not (reading.has_lookalikes or reading.digits >= SHORTEST):
        return
    joined = _WORD_IN_BRACKETS.sub(blank, plain) if WALL in plain or "[" in plain else plain
    sure = [place for place in sure if not plain[place[1] : place[1] + 1].isalpha()]
    for loose in dict.fromkeys((joined, as_digits(joined))):
        if loose != plain:
            yield from _apart(_in_loose(loose, plain), sure)


def _in_loose(loose: str, plain: str) -> Iterator[Place]:
    """Numbers in a looser reading of a text, where it differs from the plain one."""
    for cluster in clusters(loose):
        if len(cluster.digits) >= SHORTEST:
            for place in _Judge(loose, cluster).places():
                if loose[place[0] : place[1]] != plain[place[0] : place[1]]:
                    yield place


def _apart(places: Iterable[Place], others: list[Place]) -> Iterator[Place]:
    """The places that overlap none of the others; both in order."""
    at = 0
    for place in places:
        while at < len(others) and others[at][1] <= place[0]:
            at += 1
        if at == len(others) or place[1] <= others[at][0]:
            yield place


class _Judge:
    """Weighs what speaks for and against the numbers in one cluster of digits."""

    def __init__(self, plain: str, cluster: Cluster) -> None:
        self.plain = plain
        self.cluster = cluster
        self.digits = cluster.digits
        self.sizes = cluster.sizes
        self.luhn = Luhn(self.digits)
        self.all_alike = len(self.sizes) >= TABLE and len(set(self.sizes)) == 1
        self.chained: set[_Window] = set()
        """Stretches that, one after the other, fill the cluster."""
        self.starts = [0]
        """Offset of each group into the digits of the cluster, and their number."""
        for size in self.sizes:
            self.starts.append(self.starts[-1] + size)

    @cached_property
    def before(self) -> CardWords:
        """What the words before the cluster say."""
        return CardWords.before(self.plain, self.cluster.start)

    @cached_property
    def after(self) -> CardWords:
        """What the words after the cluster say."""
        return CardWords.after(self.plain, self.cluster.end)

    def places(self) -> Iterator[Place]:
        """The numbers that are believed, none overlapping another."""
        windows = list(self._windows())
        isolated = self._isolated(windows)
        scored = [(self._score(each, each in isolated), each) for each in windows]
        scored += [(0.7, each) for each in self._glued()]
        taken: set[int] = set()
        for score, window in sorted(scored, key=self._rank):
            if score and taken.isdisjoint(range(window.start, window.end)):
                taken.update(range(window.start, window.end))
                yield *self._span(window), score
        if not taken and (mistyped := self._mistyped()):
            yield *self._span(mistyped), 0.6

    def _windows(self) -> Iterator[_Window]:
        """All valid stretches that begin and end with a group."""
        starts = self.starts
        for first, start in enumerate(starts[:-1]):
            lengths = lengths_at(self.digits, start)
            for last in range(first + 1, len(starts)) if lengths else ():
                end = starts[last]
                if end - start > LONGEST:
                    break
                if lengths >> (end - start) & 1 and self.luhn.holds(start, end):
                    yield _Window(start, end, first, last)

    def _valid(self, start: int, end: int) -> bool:
        return may_be_card(self.digits, start, end - start) and self.luhn.holds(start, end)

    def _span(self, window: _Window) -> tuple[int, int]:
        """Start and end in the text."""
        offsets = self.cluster.offsets
        if window.end == self.starts[window.last]:
            return offsets[window.start], self.cluster.ends[window.last - 1]
        return offsets[window.start], offsets[window.end]

    def _isolated(self, windows: list[_Window]) -> set[_Window]:
        """Stretches that end, on both sides, where the grouping changes or another such stretch begins."""
        left: set[_Window] = set()
        ends: set[int] = set()
        for window in windows:
            if window.first in ends or self._border(window, window.first - 1, window.first - 1):
                left.add(window)
                ends.add(window.last)
        both: set[_Window] = set()
        starts: set[int] = set()
        for window in sorted(left, key=lambda each: -each.last):
            if window.last in starts or self._border(window, window.last, window.last - 1):
                both.add(window)
                starts.add(window.first)
        ends.add(0)
        starts.add(len(self.sizes))
        self.chained = {each for each in both if each.first in ends and each.last in starts}
        return both

    def _border(self, window: _Window, group: int, gap: int) -> bool:
        """Whether the group beside a stretch, behind the gap, is grouped in another way."""
        if not 0 <= group < len(self.sizes):
            return True
        inner = self.cluster.gaps[window.first : window.last - 1]
        beyond = group - 1 if group < window.first else group + 1
        return (
            self.cluster.gaps[gap] not in inner
            or self.sizes[group] not in self.sizes[window.first : window.last]
            or (
                0 <= beyond < len(self.sizes)
                and self.sizes[beyond] not in self.sizes[window.first : window.last]
            )
            or (group >= window.last and cardshapes.is_expiry(self.cluster.groups[group]))
        )

    def _score(self, window: _Window, isolated: bool) -> float:
        """How sure it is that a valid stretch is a card number; 0 if it is not believed."""
        start, end = self._span(window)
        sizes = tuple(self.sizes[window.first : window.last])
        gaps = self.cluster.gaps[window.first : window.last - 1]
        sum_of_four = sizes == (4, 4, 4, 4) and len(set(gaps)) == 1
        if (
            (any("+" in gap and gap != "+" for gap in gaps) and not sum_of_four)
            or cardshapes.is_date(sizes, gaps)
            or cardshapes.in_code(self.plain, start, end)
        ):
            return 0
        spoken = self.cluster.is_spoken
        whole = len(sizes) == len(self.sizes)
        if self._near(start, end):
            part = not isolated and not whole and len(self.digits) <= LONGEST
            return 0 if part or (window.end - window.start < 14 and not isolated) else 1.0
        other = self.before.other and start - self.cluster.start < BEFORE and not self._set_off(window)
        if (other and sizes != (4, 4, 4, 4)) or self.plain[start - 1 : start] == "+":
            return 0
        if window.end - window.start < 14 and self.digits[window.start] != "4":
            return 0
        if len(sizes) == 1:
            return 0 if self._is_fraction(window) else 0.9
        if self._is_fraction(window):
            return 0
        if cardshapes.is_regular(sizes) or (spoken and whole):
            return 0.9 if isolated and (whole or not self._is_table(window)) else 0
        return 0.7 if whole and cardshapes.is_plausible(sizes, gaps) else 0

    def _near(self, start: int, end: int) -> bool:
        """Whether words say that what stands there is a card number."""
        if start - self.cluster.start < BEFORE and self.before.card:
            return True
        return self.cluster.end - end < AFTER and self.after.card and not self.after.other_card

    def _set_off(self, window: _Window) -> bool:
        """Whether the word before the cluster names another number of it, or is part of a path."""
        if window.first:
            return not {":", ";", ",", "\n"}.isdisjoint(self.cluster.gaps[window.first - 1])
        return window.end - window.start == 16 and self.plain[self.cluster.start - 1 :][:1] == "/"

    def _is_fraction(self, window: _Window) -> bool:
        """Whether the digits are the decimals of a number."""
        return (
            window.first > 0
            and self.cluster.gaps[window.first - 1] == "."
            and self.sizes[window.first - 1] < 4
        )

    def _is_table(self, window: _Window) -> bool:
        """Whether the stretch is part of a table or a list."""
        return self.all_alike and window not in self.chained

    def _glued(self) -> Iterator[_Window]:
        """Valid stretches inside one group: two cards in a row, or a card and its expiry date and code."""
        for index, size in enumerate(self.sizes):
            if size < SHORTEST + 2 or (
                size <= LONGEST and self._valid(self.starts[index], self.starts[index + 1])
            ):
                continue
            start, end = self.starts[index], self.starts[index + 1]
            for middle in range(start + 13, min(end, start + LONGEST + 1)):
                if not self._valid(start, middle):
                    continue
                rest = end - middle
                if SHORTEST < rest <= LONGEST and self._valid(middle, end):
                    yield _Window(start, middle, index, index + 1)
                    yield _Window(middle, end, index, index + 1)
                elif self._ends_card(middle - start, middle, index):
                    # One or two digits more at the end are typed by mistake, and no code.
                    mistake = rest <= 2 and index + 1 == len(self.sizes)
                    yield _Window(start, end if mistake else middle, index, index + 1)

    def _ends_card(self, length: int, middle: int, index: int) -> bool:
        """Whether the rest of a group, after a card number, is an expiry date or the like."""
        rest = self.digits[middle : self.starts[index + 1]]
        if cardshapes.is_expiry(rest):
            return True
        if rest in cardshapes.MONTHS and index + 1 < len(self.sizes):
            return self.cluster.gaps[index] in {"/", "-", ".", " "}
        return length in {15, 16} and len(rest) < 9 and self.before.card and index == 0

    @property
    def _named_after(self) -> bool:
        """Whether the words after the cluster alone say that it is a card number."""
        return self.after.card and not self.after.other_card and not self.before.other

    def _mistyped(self) -> _Window | None:
        """A stretch that is no valid number, though a word says that it is one and it is grouped like one."""
        if self.before.other_card or not (self.before.card or self._named_after):
            return None
        for first in range(min(3, len(self.sizes))):
            for last in range(first + 1, len(self.sizes) + 1):
                start, end = self.starts[first], self.starts[last]
                sizes = tuple(self.sizes[first:last])
                if end - start > LONGEST:
                    break
                usual = sizes in cardshapes.USUAL and may_be_card(self.digits, start, end - start)
                whole = first == 0 and last == len(self.sizes) and end - start > SHORTEST
                alike = whole and cardshapes.is_regular(sizes) and not cardshapes.is_years(self.digits, sizes)
                if usual or (self.before.right_before and alike):
                    return _Window(start, end, first, last)
        return None

    def _rank(self, scored: tuple[float, _Window]) -> tuple[float, bool, bool, int]:
        """Sorts the surest first, then those with a tail, then those of sixteen digits, then by place."""
        score, window = scored
        return -score, not self._has_tail(window), window.end - window.start != 16, window.start

    def _has_tail(self, window: _Window) -> bool:
        """Whether these are groups of four and a shorter one, alike divided."""
        sizes = self.sizes[window.first : window.last]
        gaps = self.cluster.gaps[window.first : window.last - 1]
        return len(sizes) == 5 and set(sizes[:-1]) == {4} and sizes[-1] < 4 and len(set(gaps)) == 1
