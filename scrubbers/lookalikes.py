"""Reads letters that stand for digits, and words that join digits, where digits surround them."""

import re

from scrubbers.characters import TAIL
from scrubbers.clusters import SEPARATOR

DIGIT = "[0-9OoIilLSBZ]"
"""A digit or a letter that looks like one."""
_DIGITS = str.maketrans("OoIilLSBZ", "001111582")
_LETTER = "[OoIilLSBZ]"
_MIXED = re.compile(f"[0-9]{SEPARATOR}{{0,3}}{_LETTER}|{_LETTER}{SEPARATOR}{{0,3}}[0-9]")
_RUN = re.compile(
    f"(?<![0-9A-Za-z]){DIGIT}{{1,19}}(?:{SEPARATOR}{{1,3}}{DIGIT}{{1,19}}){{0,18}}(?![0-9A-Za-z])"
)
JOINING_WORD = (
    "(?:and|then|plus|followed|by|next|last|final|finally|first|second|third|fourth|the|it|its|is|are|was|with|in|"
    "ends?|ending|finish(?:es|ing)?|starts?|begins?|middle|part|bit|numbers?|digits?|letters?|group|of|comes?|"
    "after|that|suffix|commas?|full|stop|pause|gap|new|newline|line|colon|blank|capital|prefix|umm?|erm?|uh|two|three|four|six|coma|a|ac|yna|wedyn|rhif|rhifau|digid|llythyren|olaf|gyntaf|nesaf|gorffen|gyda|yn|y|yw|ydi)"
)
"""What people say between the parts of a number that they tell."""
_JOINED = re.compile(
    rf"(?<=[0-9{TAIL}])(?:{SEPARATOR}{{1,3}}{JOINING_WORD}){{1,6}}(?={SEPARATOR}{{1,3}}[0-9])", re.IGNORECASE
)


def may_stand_for_digits(plain: str) -> bool:
    """Whether a letter that looks like a digit stands beside one."""
    return _MIXED.search(plain) is not None


def digits_of(stretch: str) -> str:
    """The stretch with digits for the letters that look like them."""
    return stretch.translate(_DIGITS)


def as_digits(plain: str) -> str:
    """The plain text with digits for look-alike letters in long runs, joining words taken out."""
    return _JOINED.sub(blank, _RUN.sub(_cleared, plain))


def blank(found: re.Match[str]) -> str:
    """As many spaces as were found characters."""
    return " " * len(found[0])


def _cleared(run: re.Match[str]) -> str:
    shown = sum(map(str.isdigit, run[0]))
    cleared = digits_of(run[0])
    return cleared if shown >= 3 and sum(map(str.isdigit, cleared)) >= 12 else run[0]
