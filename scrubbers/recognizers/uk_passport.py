"""British passport numbers (HM Passport Office): nine digits, or two letters and seven digits.

There is no check digit, so a word nearby must say what the number is.
"""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.labels import Said, said, says_another
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.windows import Found, Window, surest, windows

KIND = "UK_PASSPORT"

_WORDS = re.compile(r"passports?\b|\b(?:p|b|mh|ph)asbort(?:au)?\b")
_LETTERS = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]\0*[A-Za-z])[^0-9A-Za-z\x01\x02]{0,3}$")
"""The two letters right before seven digits."""


class UkPassportRecognizer(ReadingRecognizer):
    """Finds UK_PASSPORT when a word nearby says so."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 7

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        if "assport" not in reading.lower and "asbort" not in reading.lower:
            return iter(())
        found = (_judged(reading.plain, window) for window in windows(reading, 7, 9))
        return (RecognizerResult(KIND, *each) for each in surest(filter(None, found)))


def _judged(plain: str, window: Window) -> Found | None:
    start, end = window.start, window.end
    if len(window.digits) == 7:
        letters = _LETTERS.search(plain[max(0, start - 8) : start])
        if window.first or letters is None:
            return None
        start -= min(start, 8) - letters.start(1)
    if window.tied or len(set(window.gaps)) > 1 or says_another(plain, start):
        return None
    match said(plain, start, end, _WORDS):
        case Said.LABEL:
            return start, end, 0.9
        case Said.NEARBY:
            return start, end, 0.6
    return None
