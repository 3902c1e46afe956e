"""Where words stand that a reviewer saw and the scrubber missed: whole words, whatever case and accents."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# What may stick to words that somebody copies out of a sentence.
_BESIDE: Final = " ,.;:!?"
# From here on are the scripts of East Asia, which part no words.
_UNPARTED: Final = "\u2e80"
_APOSTROPHES: Final = str.maketrans("\u2018\u2019\u02bc", "'''")


def spans_of(missed: str, text: str, stand_ins: Iterable[str]) -> list[tuple[int, int]]:
    """Where in a text the words stand, in order, as offsets of their beginnings and ends.

    Part of a word or of a number, such as `12` in `12.50`, is none of them. What stands for something already
    (`[CREDIT_CARD]`, by the kinds of `stand_ins`) is no word of the visitor.
    """
    sought, _ = _folded(" ".join(missed.split()).strip(_BESIDE))
    if not sought or "[" in sought or "]" in sought:
        return []
    letters, places = _folded(text)
    whole = _before(sought[0]) + r"\s+".join(map(re.escape, sought.split())) + _after(sought[-1])
    taken = "|".join(map(str.casefold, stand_ins)) or "(?!)"
    found = re.finditer(rf"\[(?:{taken})\]|({whole})", letters)
    return [(places[match.start()], places[match.end()]) for match in found if match[1]]


def _folded(text: str) -> tuple[str, list[int]]:
    """Small letters without accents, and for each of them, and the end, its place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_APOSTROPHES)):
        for letter in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), [*places, len(text)]


def _before(first: str) -> str:
    """What may not stand before words that begin so."""
    if not first.isalnum() or first >= _UNPARTED:
        return ""
    return r"(?<![^\W_])" + (r"(?<!\d[.,:/])" if first.isdigit() else "")


def _after(last: str) -> str:
    if not last.isalnum() or last >= _UNPARTED:
        return ""
    return r"(?![^\W_])" + (r"(?![.,:/]\d)" if last.isdigit() else "")
