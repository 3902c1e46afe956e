"""Reads digits that are written as words, in English and in Welsh."""

import re

from scrubbers.characters import TAIL


def _table(words: str, first: int = 0) -> dict[str, int]:
    """Words by the number they stand for: one place a number, words for the same number joined by a slash."""
    return {word: number for number, place in enumerate(words.split(), first) for word in place.split("/")}


_ONES = _table("zero/oh/nought/naught/nil one two three four five six seven eight nine") | _table(
    "sero/dim un dau/ddau/dwy/ddwy tri/thri/tair pedwar/pedair pump/pum chwech/chwe saith wyth naw"
)
_UNITS = {word: number for word, number in _ONES.items() if number}
_TEENS = _table("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_TEENS |= {"deuddeg": 12, "pymtheg": 15, "deunaw": 18}
_TENS = _table("twenty/ugain thirty forty/fourty/deugain fifty sixty/trigain seventy eighty ninety", 2)
_TIMES = _table("double/dwbl/dwbwl triple/treble/trebl/triphlyg quadruple", 2)


def _any(*tables: dict[str, int]) -> str:
    return "|".join(sorted({word for table in tables for word in table}, key=len, reverse=True))


_GAP = "[^0-9A-Za-z]"
_WORD = re.compile(
    rf"""
    (?<![A-Za-z])
    (?: (?P<times> {_any(_TIMES)} ) {_GAP}+ (?: (?P<said> {_any(_ONES)} ) (?![A-Za-z]) | (?P<shown> [0-9] ) )
      | (?: (?P<count> {_any(_ONES)} ) {_GAP}+ )? (?P<ten> dd?eg )
        (?: {_GAP}+ (?P<more> {_any(_ONES)} ) (?! {_GAP}+ dd?eg ) )?
      | (?P<tens> {_any(_TENS)} ) (?: {_GAP}+ (?P<unit> {_any(_UNITS)} ) )?
      | (?P<teen> {_any(_TEENS)} )
      | (?P<one> {_any(_ONES)} )
    ) (?![A-Za-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ANY = _any(_ONES, _TEENS, _TENS, _TIMES, {"deg": 1, "ddeg": 1})
_SPOKEN = frozenset(_ANY.encode().split(b"|"))
_RUN = re.compile(
    rf"(?<![A-Za-z])(?<!next )(?<!last )(?<!first )(?<!final )(?<!other )"
    rf"(?:{_ANY})(?:{_GAP}+(?:{_ANY}|[0-9]+)(?![A-Za-z]))+"
    rf"|(?<=[0-9])(?P<left>{_GAP}+)(?:{_ANY})(?=(?:{_GAP}+[0-9]))",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"{_GAP}+(?:{_ANY})(?={_GAP}+(?:times|goes|attempts|tries|days|weeks|months|years|hours|minutes|people|"
    rf"gwaith|diwrnod|wythnos|mis|blynedd)(?![A-Za-z]))",
    re.IGNORECASE,
)
"""In "one seven three times" the last word counts something else."""
_PREFIX = re.compile(f"[Oo][Hh]{_GAP}+[0-9]|OH{_GAP}+[a-z]")
FEW = 4
"""With so many digits a single number word may be part of a number; without, three close together."""


def may_hold_digits(words: list[bytes], digits: int) -> bool:
    """Whether the small-letter words of a text with so many digits may make a number; quick when none do."""
    if _SPOKEN.isdisjoint(words):
        return False
    if digits >= FEW:
        return True
    places = [place for place, word in enumerate(words) if word in _SPOKEN]
    return any(third - first <= 4 for first, third in zip(places, places[2:], strict=False))


def in_digits(plain: str) -> str:
    """The plain text with digits for number words where two stand in a row, or one between digits.

    The length stays: "four" becomes 4 and three TAILs, "double four" two digits, "forty one" one group 41.
    """
    return _RUN.sub(_run_in_digits, plain)


def _run_in_digits(run: re.Match[str]) -> str:
    # "OH 12 34 56 C" begins with a prefix, not with a nought.
    start = 2 if _PREFIX.match(run[0]) else 0
    count = _COUNT.match(run.string, run.start() + run[0].rstrip().rindex(" ")) if " " in run[0] else None
    end = count.start() - run.start() if count else len(run[0])
    return run[0][:start] + _WORD.sub(_digits, run[0][start:end]) + run[0][end:]


def _digits(word: re.Match[str]) -> str:
    """The digits that one word, or words that belong together, stand for."""
    written = word[0]
    if word["one"]:
        digits = str(_ONES[word["one"].lower()])
    elif word["teen"]:
        digits = str(_TEENS[word["teen"].lower()])
    elif word["tens"]:
        digits = str(10 * _TENS[word["tens"].lower()] + _ONES[(word["unit"] or "zero").lower()])
    elif word["ten"]:
        digits = str(10 * _ONES[(word["count"] or "one").lower()] + _ONES[(word["more"] or "zero").lower()])
    else:
        return _repeated(word)
    return digits + TAIL * (len(written) - len(digits))


def _repeated(word: re.Match[str]) -> str:
    """ "double four" as two digits with the gap between them, "treble four" as three."""
    said = "shown" if word["shown"] else "said"
    digit = word["shown"] or str(_ONES[word["said"].lower()])
    times = " ".join(digit * (_TIMES[word["times"].lower()] - 1))
    gap = word[0][len(word["times"]) : word.start(said) - word.start()]
    return times.ljust(len(word["times"]), TAIL) + gap + digit.ljust(len(word[said]), TAIL)
