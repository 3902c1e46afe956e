"""NHS numbers (NHS Data Dictionary): ten digits, the last a check digit (weights 10 to 2, modulus 11)."""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult
from stdnum.gb import nhs

from scrubbers.context import words_before
from scrubbers.labels import CLOSE, Said, said, says_another
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.windows import Found, Window, surest, windows

KIND = "UK_NHS"

_WORDS = re.compile(
    r"\bn\.?h\.?s\b|\bg\.?i\.?g\b|health (?:service )?number|hospital number|patient|rhif iechyd|\bclaf\b"
)
_LABEL = re.compile(r"\b(?:nhs|gig)\W*(?:(?:number|no|num|nr|id)\W*)?(?:(?:is|was|yw)\W*)?$")
"""What says right before a number that it is one, whatever its check digit."""
_PRINTED = (3, 3, 4)
"""The grouping that the NHS prints, which says what the number is without a word."""


class UkNhsRecognizer(ReadingRecognizer):
    """Finds UK_NHS by its check digit and a word nearby or the grouping 3-3-4."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 10

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        found = (_judged(reading.plain, window) for window in windows(reading, 10))
        return (RecognizerResult(KIND, *each) for each in surest(filter(None, found)))


def _judged(plain: str, window: Window) -> Found | None:
    if score := _score(plain, window):
        return window.start, window.end, score
    return None


def _score(plain: str, window: Window) -> float:
    start, end = window.start, window.end
    if nhs.checksum(window.digits):
        # A slip of the finger still gives the number away.
        mistyped = not window.tied and _LABEL.search(words_before(plain, start, CLOSE))
        return 0.6 if mistyped else 0
    match said(plain, start, end, _WORDS):
        case Said.LABEL:
            return 1.0
        case Said.NEARBY:
            return 0.85
    if window.sizes != _PRINTED or window.gaps not in ([" ", " "], ["-", "-"]) or window.tied:
        return 0
    return 0 if says_another(plain, start) else 0.55
