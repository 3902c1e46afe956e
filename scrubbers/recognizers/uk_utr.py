"""Unique Taxpayer References (HMRC): ten digits, the first a check digit.

The weights of the other nine are 6 7 8 9 10 5 4 3 2, modulus 11. One number in eleven passes the check, so a
word nearby must say what it is.
"""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult
from stdnum.gb import utr

from scrubbers.context import words_before
from scrubbers.labels import CLOSE, Said, said
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.windows import Found, Window, surest, windows

KIND = "UK_UTR"

_WORDS = re.compile(
    r"""
    \b u \.? t \.? r \b | unique \W+ tax | tax \W? payer | self \W? assessment | hunan \W? asesiad
    | trethdalwr
    | (?<! council \s ) tax \W+ ref | cyfeirnod \W+ (?: unigryw | treth \b (?! \W+ (?:y\W+)? [cg]yngor ) )
    """,
    re.VERBOSE,
)
_HINTS = ("utr", "u.t.r", "tax", "assess", "asesiad", "treth", "unigryw")
"""One of these is in every such word; they cost less to look for."""
_LABEL = re.compile(r"\bu\.?t\.?r\b\W*(?:(?:number|no|num|nr)\W*)?(?:(?:is|was|yw)\W*)?$")
"""What says right before a number that it is one, whatever its check digit."""


class UkUtrRecognizer(ReadingRecognizer):
    """Finds UK_UTR by its check digit and a word nearby."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 10

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        if not any(hint in reading.lower for hint in _HINTS):
            return iter(())
        found = (_judged(reading.plain, window) for window in windows(reading, 10))
        return (RecognizerResult(KIND, *each) for each in surest(filter(None, found)))


def _judged(plain: str, window: Window) -> Found | None:
    start, end = window.start, window.end
    if window.digits[0] == utr.calc_check_digit(window.digits[1:]):
        clarity = said(plain, start, end, _WORDS)
        return (start, end, 1.0 if clarity == Said.LABEL else 0.8) if clarity else None
    # A slip of the finger still gives the number away.
    mistyped = not window.tied and _LABEL.search(words_before(plain, start, CLOSE))
    return (start, end, 0.6) if mistyped else None
