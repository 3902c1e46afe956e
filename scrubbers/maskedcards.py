"""Card numbers with some digits hidden, where more than the last four can be read."""

import re
from collections.abc import Iterator

from scrubbers.characters import TAIL
from scrubbers.context import CardWords
from scrubbers.ranges import LONGEST

_SIGN = "[0-9*#xX]"
_MASKED = re.compile(rf"(?<![0-9A-Za-z*#]){_SIGN}(?:[ \-./_{TAIL}]{{0,3}}{_SIGN}){{8,30}}(?![0-9A-Za-z*#])")
_SHORTENED = re.compile(
    r"""
    (?<![0-9A-Za-z]) [2-6][0-9]{3} [ -]? (?:[0-9]{2,4}[ -]?)?
    (?: [*#.]{2,} | [xX]{2,} | -{2,} ) [ -]? [0-9]{2,4} (?![0-9A-Za-z])
    """,
    re.VERBOSE,
)
_HIDDEN = re.compile(r"[*#]{2}|[xX]{2}|[.-]{2}")
_PAIRS = ("**", "##", "xx", "XX", "..", "--")
"""One of these is in every text with a masked card; looking for them costs next to nothing."""
_EMPHASIS = re.compile(r"^[*#]{1,3}(?=[0-9])|(?<=[0-9])[*#]{1,3}$")


def masked_cards(plain: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of each masked number that leaves more than its last four digits."""
    if not any(pair in plain for pair in _PAIRS):
        return
    for found in _MASKED.finditer(plain):
        signs = _EMPHASIS.sub("", re.sub(rf"[ \-./_{TAIL}]", "", found[0]))
        shown = sum(map(str.isdigit, signs))
        hidden = len(signs) - shown
        starts_well = signs[0] in "23456*#xX"
        if (
            13 <= len(signs) <= LONGEST
            and hidden >= 2
            and shown > 4
            and starts_well
            and _HIDDEN.search(signs)
        ):
            yield *found.span(), 0.8
    for found in _SHORTENED.finditer(plain):
        if CardWords.before(plain, found.start()).card or CardWords.after(plain, found.end()).card:
            yield *found.span(), 0.7
