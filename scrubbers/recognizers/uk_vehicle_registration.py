"""British vehicle registrations (DVLA INF104): since 2001 two letters, two digits and three letters.

Older ones look like many other references, so a word nearby must say what they are.
"""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.labels import said
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "UK_VEHICLE_REGISTRATION"

_GAP = r"[ \0.-]{0,8}"
_LETTER = r"[A-HJ-PR-Z]\0*"
"""I and Q are not used in the current format."""
_CURRENT = rf"[A-HJ-PR-Y]\0* [A-HJ-PR-Y]\0* [0-9]\0* [0-9]\0* {_GAP} {_LETTER}{_LETTER}{_LETTER}"
_PREFIX = rf"[A-HJ-NPR-TV-Y]\0* (?:[0-9]\0*){{1,3}} {_GAP} (?:[A-Z]\0*){{3}}"
_SUFFIX = rf"(?:[A-Z]\0*){{3}} {_GAP} (?:[0-9]\0*){{1,3}} [A-HJ-NPR-TV-Y]\0*"
_NORTHERN_IRELAND = rf"(?:[A-Z]\0*){{1,2}}[IZ]\0*(?:[A-Z]\0*)? {_GAP} (?:[0-9]\0*){{1,4}}"
_REGISTRATION = re.compile(
    rf"(?<![A-Za-z0-9\x01]) (?: (?P<current>{_CURRENT}) | {_PREFIX} | {_SUFFIX} | {_NORTHERN_IRELAND} )"
    r"(?![A-Za-z0-9\x01])",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = re.compile(
    r"\bv?reg(?:istration|istered)?s?\b|number ?plate|\bplate\b|vehicle|\b[cg]ar\b|\bcars\b|\bvan\b"
    r"|\bvr[mn]\b|parking|permit|motorbike|motorcycle|cerbyd|cofrestru|parcio"
)
_COMMON = frozenset(
    {
        *(
            "the",
            "and",
            "for",
            "was",
            "has",
            "are",
            "but",
            "not",
            "you",
            "all",
            "any",
            "can",
            "had",
            "her",
            "his",
        ),
        *("how", "our", "out", "she", "too", "two", "who", "why", "yet"),
    }
)
"""Words that may stand after "at 10"."""


class UkVehicleRegistrationRecognizer(ReadingRecognizer):
    """Finds UK_VEHICLE_REGISTRATION: the current format by its shape, older ones when a word says so."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 1

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The registrations in a text."""
        plain = reading.plain
        for found in _REGISTRATION.finditer(plain):
            near = said(plain, *found.span(), _WORDS)
            letters = found[0].replace("\0", "")
            one_case = letters.isupper() or letters.islower()
            if letters[-3:].lower() in _COMMON and not (near and one_case):
                continue
            if near or (found["current"] and one_case):
                yield RecognizerResult(KIND, *found.span(), 0.9 if near else 0.6)
