"""National Insurance numbers in a text: letters and digits with the prefix, grouping and words of one."""

import re
from collections.abc import Iterator

from scrubbers.characters import TAIL
from scrubbers.clusters import SEPARATOR, Cluster, clusters
from scrubbers.context import NinoWords
from scrubbers.lookalikes import DIGIT, digits_of
from scrubbers.ninowriting import Writing, writing_of
from scrubbers.reading import Reading

KIND = "UK_NINO"
Place = tuple[int, int, float]
"""Start, end and score."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIXES = frozenset(
    first + second
    for first in _LETTERS
    if first not in "DFIQUV"
    for second in _LETTERS
    if second not in "DFIQUVO" and first + second not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
)
"""The prefixes that HMRC gives out (NIM39110)."""
RARE_PREFIXES = frozenset({"OO", "FY", "TN"})
"""Seen in administrative and temporary numbers; believed when a word nearby says what they are."""

_WORDS = frozenset(
    {
        *(
            "AC",
            "AH",
            "AI",
            "AM",
            "AN",
            "AR",
            "AS",
            "AT",
            "AY",
            "BE",
            "BY",
            "EE",
            "EH",
            "EI",
            "EM",
            "ER",
            "HA",
        ),
        *(
            "HE",
            "HM",
            "HY",
            "MA",
            "ME",
            "MI",
            "MR",
            "MS",
            "MY",
            "NA",
            "NE",
            "NI",
            "ON",
            "OR",
            "OS",
            "OW",
            "PA",
        ),
        *("PE", "PM", "RE", "SA", "SY", "WE", "YE", "YM", "YN", "YR"),
    }
)
"""Prefixes that are words in English or Welsh, as in "at 120000 a week"."""
_OTHERS = frozenset({"AC", "NC", "OC", "RC", "SC", "SL", "LP", "RE"})
"""Prefixes of company numbers and of what is often written before other numbers."""

_SORT_CODE = frozenset({"AC", "SC"})
"""What is often written before a sort code."""
_SHORT_FOR_SORT_CODE = re.compile(r"s ?/ ?c[^/0-9]*", re.IGNORECASE)
"""In "S/C 20-29-59 A/C 63748472" stands no prefix."""

_GLUED_WORDS = re.compile(
    "(?:my|the|fy|national|insurance|yswiriant|gwladol|ni|nino|nin|no|num|number|nr|is|yw|rhif|code|id|ref|nat|ins)+",
    re.IGNORECASE,
)
"""What may be glued to the front of a number."""


def ninos(reading: Reading) -> Iterator[Place]:
    """Each National Insurance number of a text; linear in the length of the text."""
    plain = reading.plain
    for cluster in reading.clusters:
        if found := _judged(plain, cluster):
            yield found
    if reading.has_lookalikes:
        yield from _with_lookalikes(plain)
    if reading.digits > 6:
        yield from _temporary_references(plain)


def _judged(plain: str, cluster: Cluster) -> Place | None:
    """The number whose digits are the first six of a cluster, if it is one."""
    writing = writing_of(plain, cluster)
    if writing is None or _SHORT_FOR_SORT_CODE.fullmatch(plain, writing.start, cluster.start):
        return None
    if writing.prefix not in PREFIXES and writing.prefix not in RARE_PREFIXES:
        return None
    suffix = writing.suffix
    words = NinoWords.around(plain, writing.start, writing.end if suffix is None else suffix + 1)
    if suffix is not None and not _is_suffix(writing) and not (words.right_before and writing.case_alike):
        suffix = None
    end = writing.end if suffix is None else writing.end_of_suffix
    if writing.prefix in RARE_PREFIXES:
        score = 0.7 if words.near and not writing.label else 0
    elif not _begins_well(writing, words):
        score = 0
    elif suffix is None:
        score = _score_without_suffix(writing, words)
    else:
        score = _score(writing, words)
    return (writing.start, end, score) if score else None


def _begins_well(writing: Writing, words: NinoWords) -> bool:
    """Whether what stands directly before the first letter may stand before a number."""
    if words.near and not writing.label:
        return True
    if writing.digit_before:
        return False
    if not writing.label or writing.capitals_begin:
        return True
    if writing.gap_before:
        return words.near and writing.sizes != [6]
    return words.near or _GLUED_WORDS.fullmatch(writing.label) is not None


def _is_suffix(writing: Writing) -> bool:
    """Whether the letter after the digits is more than the word "a" in "SC123456 a company"."""
    if not writing.gap_after:
        return True
    if writing.word_after and not writing.case_alike:
        return False
    grouped = len(writing.sizes) > 1
    if grouped and {*writing.gaps, writing.gap_after} == {writing.gap_before or writing.gap_after}:
        return True
    if writing.begins_like_word(_WORDS):
        return writing.stands_out if writing.is_article else not writing.is_dated
    if writing.letters_joined and writing.prefix in _OTHERS and not grouped:
        return not writing.word_after
    return not writing.word_after or writing.gap_after in {" ", "-", writing.gap_before}


def _score(writing: Writing, words: NinoWords) -> float:
    """How sure it is that prefix, digits and suffix are a number."""
    if words.near:
        return 1.0
    if writing.digit_after:
        return 0
    if "/" in "".join(writing.gaps) and writing.sizes not in ([2, 2, 2], [6], [1] * 6):
        return 0
    return 1.0 if writing.sizes in ([6], [2, 2, 2]) else 0.9


def _score_without_suffix(writing: Writing, words: NinoWords) -> float:
    """How sure it is that prefix and digits alone are a number."""
    if writing.begins_like_word(_WORDS) and not writing.is_upper and not words.right_before:
        return 0
    if words.near:
        return 0.8
    if writing.letter_after or writing.digit_after or not writing.is_upper or writing.prefix in _SORT_CODE:
        return 0
    grouped = writing.sizes == [2, 2, 2] and len(set(writing.gaps)) == 1 and writing.gaps[0] in {" ", "-"}
    alike = writing.gap_before == writing.gaps[0] if writing.gaps else False
    return 0.6 if grouped and (alike or (not writing.gap_before and writing.gaps[0] == " ")) else 0


_LOOKALIKES = re.compile(
    f"(?<=[A-Za-z]){SEPARATOR}*({DIGIT}(?:{SEPARATOR}*{DIGIT}){{5}}){SEPARATOR}*[A-Da-d](?![0-9A-Za-z])"
)


def _with_lookalikes(plain: str) -> Iterator[Place]:
    """Numbers with O for 0, I or l for 1 and the like, and a suffix."""
    pieces: list[str] = []
    places: set[int] = set()
    at = 0
    for found in _LOOKALIKES.finditer(plain):
        cleared = digits_of(found[1])
        if cleared != found[1] and sum(map(str.isdigit, found[1])) >= 2:
            pieces += (plain[at : found.start(1)], cleared)
            places.add(found.start(1))
            at = found.end(1)
    clear = "".join((*pieces, plain[at:]))
    for cluster in clusters(clear) if places else ():
        if cluster.start in places and len(cluster.digits) == 6 and (judged := _judged(clear, cluster)):
            yield judged[0], judged[1], 0.8


_REFERENCE = re.compile(
    rf"(?<![0-9A-Za-z])[0-9]{TAIL}*[0-9]{SEPARATOR}*[A-Za-z](?:{SEPARATOR}*[0-9]){{5}}(?![0-9A-Za-z])"
)


def _temporary_references(plain: str) -> Iterator[Place]:
    """Temporary Reference Numbers (two digits, a letter, five digits) where a word says so."""
    for found in _REFERENCE.finditer(plain):
        if NinoWords.around(plain, *found.span()).temporary:
            yield *found.span(), 0.7
