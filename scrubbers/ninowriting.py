"""How two letters, six digits and a letter stand in a text."""

from __future__ import annotations

import re
from functools import cached_property

from scrubbers.characters import LETTER, TAIL, WALL
from scrubbers.clusters import Cluster, gap_between

_WORD_AFTER = re.compile(rf"{TAIL}*[^0-9A-Za-z{TAIL}]+[A-Za-z]{{2}}")
_WORD = re.compile(
    "[0-9]|a[bcdfgilmnprstuvwy]|b[aeiloruwy]|c[aeihloruwy]|d[aeioruwy]|dd|[a-d](?:[0-9]|[A-Z]{0,3}[0-9])",
    re.IGNORECASE,
)
"""How a word that is glued to the digits may begin; in "123456cthanks" none does."""
_CLOSING_WORD = re.compile("(?:thank|thx|please|pls|plis|diolch|cheers|dob)", re.IGNORECASE)
_SMALL_WORD_AFTER = re.compile("[^0-9A-Za-z]+[A-Za-z]?[a-z]")
_NUMBER_AFTER = re.compile(
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]|[0-9]{13}|[0-2]?[0-9][:.][0-5][0-9](?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""Another number, a card's or a time that stands directly after the suffix."""
_NUMBER_BEFORE = re.compile(r"[A-Za-z]{2}[0-9]{6}[A-Da-d]")
_CARD_BEFORE = re.compile(r"[0-9]{13}")
_LABEL_REACH = 24


class Writing:
    """Letters and digits in a plain text that may be a National Insurance number; all places are offsets."""

    def __init__(self, plain: str, first: int, second: int, cluster: Cluster, used: int) -> None:
        self.plain = plain
        self.start = first
        """The first letter."""
        self.second = second
        """The second letter."""
        self.end = cluster.ends[used - 1]
        """After the six digits."""
        self.prefix = (plain[first] + plain[second]).upper()
        self.sizes = cluster.sizes[:used]
        """How many digits each group has."""
        self.gaps = cluster.gaps[: used - 1]
        """What stands between the groups."""
        self.gap_before = gap_between(plain, second + 1, cluster.start)
        """What stands between the letters and the digits."""
        self.letters_joined = not gap_between(plain, first + 1, second)
        self.digit_after = used < len(cluster.groups) and not cluster.gaps[used - 1]
        self._more = used < len(cluster.groups)

    @cached_property
    def suffix(self) -> int | None:
        """The letter A to D after the digits, if there is one that does not begin a word."""
        plain, at = self.plain, after(self.plain, self.end)
        if self._more or at >= len(plain) or plain[at] not in "ABCDabcd":
            return None
        end = _end(plain, at)
        if plain[end : end + 1].isalnum():
            glued = not gap_between(plain, self.end, at)
            if glued:
                capital = plain[at].isupper() and plain[end].islower()
                return (
                    at if capital or _NUMBER_AFTER.match(plain, end) or not _WORD.match(plain, at) else None
                )
            return at if _CLOSING_WORD.match(plain, end) else None
        return at

    @property
    def end_of_suffix(self) -> int:
        """After the suffix and what belongs to it."""
        return self.end if self.suffix is None else _end(self.plain, self.suffix)

    @property
    def gap_after(self) -> str:
        """What stands between the digits and the suffix."""
        return "" if self.suffix is None else gap_between(self.plain, self.end, self.suffix)

    @property
    def word_after(self) -> bool:
        """Whether the suffix is an A that stands alone and a word follows it."""
        at = self.suffix
        if at is None or not self.gap_after or not self.is_article:
            return False
        return _WORD_AFTER.match(self.plain, at + 1) is not None

    @property
    def is_article(self) -> bool:
        """Whether the suffix may be the word "a"."""
        return self.suffix is not None and self.plain[self.suffix] in "aA"

    def begins_like_word(self, words: frozenset[str]) -> bool:
        """Whether the prefix stands alone and is one of these words."""
        return self.letters_joined and bool(self.gap_before) and not self.label and self.prefix in words

    @property
    def stands_out(self) -> bool:
        """Whether all letters are capitals and the word after them is not."""
        if not (self.is_upper and self.case_alike):
            return False
        return _SMALL_WORD_AFTER.match(self.plain, self.end_of_suffix) is not None

    @property
    def case_alike(self) -> bool:
        """Whether prefix and suffix are both capitals or both small letters."""
        return (
            self.suffix is not None and self.plain[self.suffix].isupper() == self.plain[self.second].isupper()
        )

    @property
    def is_upper(self) -> bool:
        """Whether both letters of the prefix are capitals."""
        return self.plain[self.start].isupper() and self.plain[self.second].isupper()

    @property
    def label(self) -> str:
        """The letters glued to the front of the prefix; not those of a number that ends there."""
        start = self.start
        while start > max(0, self.start - _LABEL_REACH) and self.plain[start - 1].isalpha():
            start -= 1
        if self.start - start == 1 and _NUMBER_BEFORE.fullmatch(self.plain, max(0, start - 8), start + 1):
            return ""
        return self.plain[start : self.start]

    @property
    def capitals_begin(self) -> bool:
        """Whether the prefix stands out from what it is glued to by its capitals."""
        return self.is_upper and self.plain[self.start - 1].islower()

    @property
    def digit_before(self) -> bool:
        """Whether a digit that is not the end of a card number stands directly before the prefix."""
        if not self.plain[self.start - 1 : self.start].isdigit():
            return False
        return not _CARD_BEFORE.fullmatch(self.plain, max(0, self.start - 13), self.start)

    @property
    def letter_after(self) -> bool:
        """Whether a letter stands directly after the digits."""
        return self.plain[self.end : self.end + 1].isalpha() or self.plain[self.end : self.end + 1] == LETTER

    @property
    def is_dated(self) -> bool:
        """Whether the digits are written like a date or a time of day."""
        return self.sizes == [2, 2, 2] and self.gaps[0] in {"/", ":", ".", "-"}


def writing_of(plain: str, cluster: Cluster) -> Writing | None:
    """The letters before a cluster and its first six digits; None if it has no such thing."""
    second = before(plain, cluster.start)
    first = before(plain, second)
    if first < 0 or not (plain[first].isalpha() and plain[second].isalpha()):
        return None
    if gap_between(plain, first + 1, second) and plain[first - 1 : first].isalnum():
        return None
    size = used = 0
    while size < 6:
        size += cluster.sizes[used]
        used += 1
    return Writing(plain, first, second, cluster, used) if size == 6 else None


def before(plain: str, at: int) -> int:
    """Offset of the last character before `at` that is no separator; -1 if there is none."""
    at -= 1
    while at >= 0 and not plain[at].isalnum() and plain[at] not in LETTER + WALL:
        at -= 1
    return at


def after(plain: str, at: int) -> int:
    """Offset of the first character from `at` that is no separator; the length if there is none."""
    while at < len(plain) and not plain[at].isalnum() and plain[at] not in LETTER + WALL:
        at += 1
    return at


def _end(plain: str, at: int) -> int:
    """Offset after the character at `at` and what belongs to it."""
    at += 1
    while at < len(plain) and plain[at] == TAIL:
        at += 1
    return at
