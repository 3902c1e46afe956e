"""Reads digits that are written as words, in English and in Welsh."""

import re

from scrubbers.characters import TAIL

_ONES = {
    "zero": 0, "oh": 0, "nought": 0, "naught": 0, "nil": 0, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "sero": 0, "dim": 0, "un": 1, "dau": 2, "dwy": 2, "tri": 3, "tair": 3, "pedwar": 4, "pedair": 4,
    "pump": 5, "pum": 5, "chwech": 6, "chwe": 6, "saith": 7, "wyth": 8, "naw": 9,
}  # fmt: skip
_WORDS = re.compile(
    "(?<![A-Za-z])(?:" + "|".join(sorted(_ONES, key=len, reverse=True)) + ")(?![A-Za-z])", re.IGNORECASE
)
_SPOKEN = frozenset(word.encode() for word in _ONES)
_WORDS_ONLY = bytes(
    ord(chr(octet).lower()) if octet < 128 and chr(octet).isalpha() else ord(" ") for octet in range(256)
)
"""Maps capitals to small letters and all but letters to spaces."""


def may_hold_digits(plain: bytes) -> bool:
    """Whether any word of a plain text may stand for a digit; made to be quick."""
    return not _SPOKEN.isdisjoint(plain.translate(_WORDS_ONLY).split())


def in_digits(plain: str) -> str:
    """The plain text with number words as digits, at the same length."""
    return _WORDS.sub(lambda word: str(_ONES[word[0].lower()]) + TAIL * (len(word[0]) - 1), plain)
