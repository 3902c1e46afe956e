"""IP addresses: four numbers up to 255 (RFC 791) or groups of hexadecimal digits with colons (RFC 4291)."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from presidio_analyzer import RecognizerResult

from scrubbers.context import words_before
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "IP_ADDRESS"

_CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z:.]) (?: (?:[0-9]{1,3}\.){3} [0-9]{1,3} | (?=[0-9A-Fa-f.]*:) [0-9A-Fa-f:.]{4,45} )"
    r" (?<![:.]) (?![0-9A-Za-z]|\.[0-9]|:[0-9A-Fa-f]*:)",
    re.VERBOSE,
)
_VERSION = re.compile(r"(?:\bversion|\bv|\bfersiwn|\bsection|\bappendix|\bbuild|\brelease)\W*$")


class IpAddressRecognizer(ReadingRecognizer):
    """Finds IP_ADDRESS of both versions."""

    KINDS = (KIND,)
    FEWEST_DIGITS = 2

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The addresses in a text."""
        # The text as it stands: in "from=203.0.113.9" is no quoted-printable =20.
        for found in _CANDIDATE.finditer(reading.text):
            if _is_address(found[0]) and not _VERSION.search(words_before(reading.text, found.start(), 20)):
                yield RecognizerResult(KIND, *found.span(), 0.9)


def _is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    # "1::2" may be anything.
    return "." in written or len(written.replace(":", "")) > 4
