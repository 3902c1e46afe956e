"""National Insurance numbers (HMRC manual NIM39110): two letters, six digits and mostly a letter A to D."""

from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.nino import KIND, ninos
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer


class UkNinoRecognizer(ReadingRecognizer):
    """Finds UK_NINO however it is written."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 2  # the others may be letters that look like digits

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        return (RecognizerResult(KIND, *found) for found in ninos(reading))
