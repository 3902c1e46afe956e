"""National Insurance numbers in a text: letters and digits with the prefix, grouping and words of one."""

import re
from collections.abc import Iterator

from scrubbers.characters import TAIL
from scrubbers.clusters import SEPARATOR, Cluster, clusters
from scrubbers.context import NinoWords
from scrubbers.lookalikes import DIGIT, JOINING_WORD, blank, digits_of
from scrubbers.ninowriting import Writing, writing_of
from scrubbers.reading import Reading

KIND = "UK_NINO"
Place = tuple[int, int, float]
"""Start, end and score."""

_SEX = re.compile(f"{SEPARATOR}{{0,3}}[MFmf](?![0-9A-Za-z])")
"""What an old temporary number ends with, after TN and a date of birth."""

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
_COMMON_WORDS = frozenset(
    {"AC", "AM", "AN", "AR", "AS", "AT", "BY", "NA", "ON", "OR", "RE", "WE", "YM", "YN", "YR"}
)
"""Those that often stand before a number and the word "a"."""
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
    if reading.digits >= 6:
        yield from _told(plain)
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
        if writing.prefix == "TN" and (sex := _SEX.match(plain, writing.end)):
            end = sex.end()
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
    if writing.word_after and (
        not writing.case_alike or (writing.begins_like_word(_COMMON_WORDS) and not writing.is_upper)
    ):
        return False
    grouped = len(writing.sizes) > 1
    if grouped and {*writing.gaps, writing.gap_after} == {writing.gap_before or writing.gap_after}:
        return True
    if writing.begins_like_word(_WORDS):
        if writing.is_article:
            return writing.stands_out or (writing.is_upper and writing.case_alike and not writing.word_after)
        return not writing.is_dated
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
    rf"""
    (?<=[A-Za-z]) (?! (?<=[a-z]) [a-z]{{2,6}} [^0-9A-Za-z] )
    {SEPARATOR}* (?P<six> {DIGIT} (?: {SEPARATOR}* {DIGIT} ){{5}} )
    {SEPARATOR}* (?P<suffix> [A-Da-d] ) (?![0-9A-Za-z])
    | (?<![0-9A-Za-z]) [A-Za-z]{{2}}
    {SEPARATOR}{{0,3}} (?P<alone> {DIGIT} (?: {SEPARATOR}{{0,3}} {DIGIT} ){{5}} )
    (?![0-9A-Za-z]) (?! {SEPARATOR}{{0,3}} [A-Da-d] (?![0-9A-Za-z]) )
    """,
    re.VERBOSE,
)
"""Not where a word goes on in small letters, as in "hello 174B"."""


def _with_lookalikes(plain: str) -> Iterator[Place]:
    """Numbers with O for 0, I or l for 1 and the like; a word must stand near those without a suffix."""
    pieces: list[str] = []
    places: set[int] = set()
    at = 0
    for found in _LOOKALIKES.finditer(plain):
        group = "six" if found["suffix"] else "alone"
        cleared = digits_of(found[group])
        if cleared == found[group] or sum(map(str.isdigit, found[group])) < 2:
            continue
        if found["suffix"] or NinoWords.around(plain, *found.span()).near:
            pieces += (plain[at : found.start(group)], cleared)
            places.add(found.start(group))
            at = found.end(group)
    clear = "".join((*pieces, plain[at:]))
    for cluster in clusters(clear) if places else ():
        if cluster.start in places and len(cluster.digits) == 6 and (judged := _judged(clear, cluster)):
            yield judged[0], judged[1], 0.8


_TOLD = re.compile(
    rf"(?:(?<=[0-9{TAIL}])|(?<=[^0-9A-Za-z][A-Za-z][A-Za-z])|(?<=\A[A-Za-z][A-Za-z])|(?<=[^0-9A-Za-z][A-Za-z]))"
    rf"(?:{SEPARATOR}{{1,3}}{JOINING_WORD}){{1,6}}(?={SEPARATOR}{{1,3}}(?:[0-9]|[A-Za-z](?![0-9A-Za-z])))",
    re.IGNORECASE,
)


def _told(plain: str) -> Iterator[Place]:
    """Numbers told in parts: "CE then 123456, last letter C"."""
    joined = _TOLD.sub(blank, plain)
    for cluster in clusters(joined) if joined != plain else ():
        found = _judged(joined, cluster)
        if found and joined[found[0] : found[1]] != plain[found[0] : found[1]]:
            letters = plain[found[0]] + plain[found[1] - 1]
            if letters.isupper() or NinoWords.around(plain, *found[:2]).near:
                yield found[0], found[1], 0.7


_REFERENCE = re.compile(
    rf"(?<![0-9A-Za-z])[0-9]{TAIL}*[0-9]{SEPARATOR}*[A-Za-z](?:{SEPARATOR}*[0-9]){{5}}(?![0-9A-Za-z])"
)


def _temporary_references(plain: str) -> Iterator[Place]:
    """Temporary Reference Numbers (two digits, a letter, five digits) where a word says so."""
    for found in _REFERENCE.finditer(plain):
        words = NinoWords.around(plain, *found.span())
        if words.temporary or words.near:
            yield *found.span(), 0.7
