"""What makes letters and digits a National Insurance number: prefix, grouping, words nearby."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrubbers.characters import LETTER, TAIL, WALL
from scrubbers.clusters import SEPARATOR, Cluster, clusters
from scrubbers.context import nino_words_near
from scrubbers.reading import Reading

KIND = "UK_NINO"

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIXES = frozenset(
    first + second
    for first in _LETTERS
    if first not in "DFIQUV"
    for second in _LETTERS
    if second not in "DFIQUVO" and first + second not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
)
"""The prefixes that HMRC gives out (NIM39110)."""
WITH_WORDS = PREFIXES | {"OO", "FY", "TN"}
"""Prefixes seen in administrative and temporary numbers; believed when a word nearby says what they are."""

_WORDS = frozenset(
    {
        *("AB", "AC", "AH", "AM", "AN", "AR", "AS", "AT", "AY", "BE", "BY", "EE", "EH", "EM", "ER", "HA"),
        *("HE", "HM", "HY", "MA", "ME", "MM", "MR", "MS", "MY", "NA", "NC", "NE", "OC", "OR", "OS", "OW"),
        *("PA", "PC", "PE", "PM", "RE", "RM", "SA", "SC", "WE", "YE", "YN", "YR"),
    }
)
"""Prefixes that are words, or that other references start with."""

_LABEL = re.compile(
    "(?:ni|nino|no|num|number|nr|is|yw|rhif|insurance|gwladol|code|id|my|mine|it)$", re.IGNORECASE
)
"""What may be glued to the front of a number."""

_VISIBLE = re.compile(f"[^{TAIL}]")


@dataclass(frozen=True, slots=True)
class _Writing:
    """A possible number as it stands in the text."""

    plain: str
    first: int
    second: int
    """Offsets of the two letters."""
    cluster: Cluster
    used: int
    """How many groups of the cluster make the six digits."""

    @property
    def end(self) -> int:
        """Offset after the six digits."""
        return self.cluster.groups[self.used - 1].end

    @property
    def gaps(self) -> list[str]:
        """What stands between the groups."""
        return self.cluster.gaps[: self.used - 1]

    @property
    def sizes(self) -> list[int]:
        """How many digits each group has."""
        return [len(group.digits) for group in self.cluster.groups[: self.used]]


def ninos(reading: Reading) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of each National Insurance number; linear in the length of the text."""
    for cluster in reading.clusters:
        if cluster.count >= 6 and (found := _judge(reading.plain, cluster)):
            yield found
    yield from _confused(reading.plain)


def _judge(plain: str, cluster: Cluster) -> tuple[int, int, float] | None:
    """Whether the first six digits of a cluster, with the letters around them, are a number."""
    writing = _writing(plain, cluster)
    if writing is None:
        return None
    prefix = (plain[writing.first] + plain[writing.second]).upper()
    suffix = _suffix(writing, prefix)
    end = writing.end if suffix is None else _end(plain, suffix)
    if prefix in PREFIXES and (score := _score(writing, prefix, suffix)):
        return writing.first, end, score
    if prefix in WITH_WORDS and nino_words_near(plain, writing.first, end):
        return writing.first, end, 0.7
    return None


def _writing(plain: str, cluster: Cluster) -> _Writing | None:
    second = _before(plain, cluster.start)
    first = _before(plain, second)
    if first < 0 or not (plain[first].isalpha() and plain[second].isalpha()):
        return None
    if _apart(plain, first, second) and plain[first - 1 : first].isalnum():
        return None
    size = used = 0
    while size < 6:
        size += len(cluster.groups[used].digits)
        used += 1
    return _Writing(plain, first, second, cluster, used) if size == 6 else None


def _suffix(writing: _Writing, prefix: str) -> int | None:
    """Offset of the suffix letter, if there is one."""
    if writing.used < len(writing.cluster.groups):
        return None
    plain = writing.plain
    at = _after(plain, writing.end)
    if at >= len(plain) or plain[at] not in "ABCDabcd":
        return None
    if plain[_end(plain, at) : _end(plain, at) + 1].isalnum():
        glued = at == writing.end
        capital_ends = plain[at].isupper() and plain[_end(plain, at)].islower()
        return at if glued and capital_ends else None
    # "SC123456 a company", "CE123456. A letter came"
    is_word = plain[at] in "aA" and re.compile(r"\s+[A-Za-z]{2}").match(plain, at + 1) is not None
    if is_word and at > writing.end:
        alike = plain[at].isupper() == plain[writing.second].isupper()
        gap = plain[writing.end : at].replace(TAIL, "")
        if not alike or prefix in _WORDS or (gap not in {" ", "-"} and gap not in writing.gaps):
            return None
    return at


def _score(writing: _Writing, prefix: str, suffix: int | None) -> float:
    """How sure it is that this is a number; 0 if it is not."""
    plain = writing.plain
    start, end = writing.first, writing.end if suffix is None else suffix + 1
    near = nino_words_near(plain, start, end)
    digits_apart = _apart(plain, writing.second, writing.cluster.start)
    gap = "".join(sorted(set(plain[writing.second + 1 : writing.cluster.start]) - {TAIL}))
    word = prefix in _WORDS and digits_apart and not _apart(plain, writing.first, writing.second)
    label = _letters_before(plain, start)
    if label:
        capitals = label[-1].islower() and plain[start].isupper() and plain[writing.second].isupper()
        known = _LABEL.search(label) is not None
        if digits_apart and not capitals and not (known and suffix is not None):
            return 0
        if not capitals and not known and not near:
            return 0
    elif plain[start - 1 : start].isdigit() and not near:
        return 0
    after = plain[end : end + 1]
    if suffix is None and (after.isalpha() or after == LETTER) and not near:
        return 0
    if after.isdigit() and not near:
        return 0
    uniform = len(set(writing.gaps)) <= 1
    dated = writing.sizes == [2, 2, 2] and any(set(each) & set("/:.") or each == "-" for each in writing.gaps)
    if suffix is not None:
        if word and ((writing.used == 1 and suffix > writing.end) or dated) and not near:
            return 0
        return 1.0 if near or writing.sizes in ([6], [2, 2, 2]) else 0.9
    if near:
        return 0 if word and writing.used == 1 and plain[start].islower() else 0.8
    typical = writing.sizes == [2, 2, 2] and uniform and writing.gaps[0] in {" ", "-"}
    if typical and gap in {"", writing.gaps[0]} and not (dated and gap == "") and prefix not in _WORDS:
        return 0.6 if plain[start].isupper() and plain[writing.second].isupper() else 0
    return 0


_DIGIT = "[0-9OoIil|SBZ]"
_CONFUSABLE = str.maketrans("OoIil|SBZ", "001111582")
_MIXED = re.compile(f"[0-9]{SEPARATOR}?[OoIil|SBZ]|[OoIil|SBZ]{SEPARATOR}?[0-9]")
_CONFUSED = re.compile(
    f"(?<=[A-Za-z]){SEPARATOR}*({_DIGIT}(?:{SEPARATOR}*{_DIGIT}){{5}}){SEPARATOR}*[A-Da-d](?![0-9A-Za-z])"
)


def _confused(plain: str) -> Iterator[tuple[int, int, float]]:
    """Numbers with O for 0, I or l for 1 and the like, and a suffix."""
    if not _MIXED.search(plain):
        return
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _CONFUSED.finditer(plain):
        start, end = found.span(1)
        if sum(map(str.isdigit, found[1])) < 3 or found[1].translate(_CONFUSABLE) == found[1]:
            continue
        pieces += (plain[at:start], found[1].translate(_CONFUSABLE))
        places.append(start)
        at = end
    if not places:
        return
    clear = "".join((*pieces, plain[at:]))
    starts = set(places)
    for cluster in clusters(clear):
        if cluster.start in starts and cluster.count == 6 and (judged := _judge(clear, cluster)):
            yield judged[0], judged[1], min(judged[2], 0.8)


def _before(plain: str, at: int) -> int:
    """Offset of the last character before `at` that is no separator; -1 if there is none."""
    at -= 1
    while at >= 0 and not plain[at].isalnum() and plain[at] not in LETTER + WALL:
        at -= 1
    return at


def _after(plain: str, at: int) -> int:
    """Offset of the first character from `at` that is no separator."""
    while at < len(plain) and not plain[at].isalnum() and plain[at] not in LETTER + WALL:
        at += 1
    return at


def _end(plain: str, at: int) -> int:
    """Offset after the character at `at` and what belongs to it."""
    at += 1
    while at < len(plain) and plain[at] == TAIL:
        at += 1
    return at


def _apart(plain: str, left: int, right: int) -> bool:
    """Whether anything visible stands between the characters at two offsets."""
    return _VISIBLE.search(plain, left + 1, right) is not None


def _letters_before(plain: str, at: int) -> str:
    """The last letters, at most twenty, that stand directly before an offset."""
    start = at
    while start > max(0, at - 20) and plain[start - 1].isalpha():
        start -= 1
    return plain[start:at]
