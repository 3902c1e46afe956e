"""International bank account numbers (ISO 13616): country, check digits (ISO 7064, modulus 97-10), bank."""

import re
from collections.abc import Iterator
from functools import cache

from presidio_analyzer import RecognizerResult
from stdnum import iban, numdb

from scrubbers.clusters import SEPARATOR
from scrubbers.context import words_before
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "IBAN_CODE"

_GAP = f"{SEPARATOR}{{0,20}}"
"""Up to three separators, which may be written as entities."""
_START = re.compile(
    f"(?:(?<![A-Za-z0-9])|(?<=iban))[A-Z]\0*[A-Z]{_GAP}[0-9]{_GAP}[0-9](?={_GAP}[0-9A-Z])", re.IGNORECASE
)
_OTHER = re.compile("[^0-9A-Za-z]+")


class IbanCodeRecognizer(ReadingRecognizer):
    """Finds IBAN_CODE by its country, length and check digits."""

    KINDS = (KIND,)
    FEWEST_DIGITS = 12

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        plain = reading.plain
        at = 0
        while start := _START.search(plain, at):
            at = start.start() + 1
            shape = _shape(_OTHER.sub("", start[0])[:2].upper())
            written = shape.match(plain, start.start()) if shape else None
            if written is None:
                continue
            if iban.is_valid(_OTHER.sub("", written[0])):
                score = 1.0
            elif _is_mistyped(plain, written):
                score = 0.6
            else:
                continue
            yield RecognizerResult(KIND, *written.span(), score)
            at = written.end()


def _is_mistyped(plain: str, written: re.Match[str]) -> bool:
    """Whether the word IBAN says that it was meant to be one: a slip still gives the number away."""
    after = plain[written.end() : written.end() + 1]
    return not after.isalnum() and "iban" in words_before(plain, written.start(), 25)


@cache
def _shape(country: str) -> re.Pattern[str] | None:
    """As many letters and digits as the numbers of a country have; None where there are none."""
    structure = numdb.get("iban").info(country)[0][1].get("bban")
    if structure is None:
        return None
    length = sum(map(int, re.findall("[0-9]+", structure)))
    return re.compile(f"[A-Za-z](?:{_GAP}[0-9A-Za-z]){{{length + 3}}}\0*")
