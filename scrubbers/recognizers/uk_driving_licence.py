"""Driving licence numbers of Great Britain (DVLA): sixteen characters that tell name and date of birth.

Five of the surname (padded with 9), the decade's digit, the month (50 more for women), the day, the year's
digit, two initials (9 for none), one digit or letter, two check letters whose rule is not public.
"""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.clusters import SEPARATOR
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "UK_DRIVING_LICENCE"

_GAP = f"{SEPARATOR}{{0,20}}"
_NUMBER = re.compile(
    rf"""
    (?<![A-Za-z0-9])
    (?= (?:[A-Z9]\0*){{5}} [^A-Za-z\1] )
    [A-Z]\0* (?:[A-Z]\0*){{0,4}} (?:9\0*){{0,4}} {_GAP}
    [0-9] {_GAP}
    (?: [05]{_GAP}[1-9] | [16]{_GAP}[0-2] ) {_GAP}
    (?: 0{_GAP}[1-9] | [12]{_GAP}[0-9] | 3{_GAP}[01] ) {_GAP}
    [0-9] {_GAP}
    [A-Z] {_GAP} [A-Z9] {_GAP}
    [0-9A-Z] {_GAP}
    [A-Z] {_GAP} [A-Z]\0* (?![A-Za-z0-9\1])
    """,
    re.VERBOSE | re.IGNORECASE,
)


_DATE = re.compile("9{0,4}[0-9](?:[05][1-9]|[16][0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]")
"""The digits after the padding; looked at first, since that is quick."""
_REACH = 40
"""Characters before the date in which the surname stands, entities between them included."""


class UkDrivingLicenceRecognizer(ReadingRecognizer):
    """Finds UK_DRIVING_LICENCE by its shape and the date in it."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 6

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        at = 0
        for cluster in reading.clusters:
            if _DATE.match(cluster.digits):
                surname = max(at, cluster.start - _REACH)
                if found := _NUMBER.search(reading.plain, surname, cluster.start + 3 * _REACH):
                    at = found.end()
                    yield RecognizerResult(KIND, *found.span(), 0.95)
