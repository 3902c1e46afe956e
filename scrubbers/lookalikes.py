"""Reads letters that stand for digits, and words that join digits, where digits surround them."""

import re

from scrubbers.characters import TAIL
from scrubbers.clusters import SEPARATOR

DIGIT = "[0-9OoIilSBZ]"
"""A digit or a letter that looks like one."""
_DIGITS = str.maketrans("OoIilSBZ", "00111582")
_LETTER = "[OoIilSBZ]"
_MIXED = re.compile(f"[0-9]{SEPARATOR}{{0,3}}{_LETTER}|{_LETTER}{SEPARATOR}{{0,3}}[0-9]")
_RUN = re.compile(
    f"(?<![0-9A-Za-z]){DIGIT}{{1,19}}(?:{SEPARATOR}{{1,3}}{DIGIT}{{1,19}}){{0,18}}(?![0-9A-Za-z])"
)
_JOINED = re.compile(
    rf"""
    (?<= [0-9{TAIL}] ) ({SEPARATOR}{{1,3}})
    ( and | then | plus | followed\ by | next | a | ac | yna | wedyn ) (?= {SEPARATOR}{{1,3}} [0-9] )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def may_stand_for_digits(plain: str) -> bool:
    """Whether a letter that looks like a digit stands beside one."""
    return _MIXED.search(plain) is not None


def digits_of(stretch: str) -> str:
    """The stretch with digits for the letters that look like them."""
    return stretch.translate(_DIGITS)


def as_digits(plain: str) -> str:
    """The plain text with digits for look-alike letters in long runs, joining words taken out."""
    return _JOINED.sub(lambda found: found[1] + " " * len(found[2]), _RUN.sub(_cleared, plain))


def _cleared(run: re.Match[str]) -> str:
    shown = sum(map(str.isdigit, run[0]))
    cleared = digits_of(run[0])
    return cleared if shown >= 3 and sum(map(str.isdigit, cleared)) >= 12 else run[0]
