"""What all recognizers share about one text: its plain form and its clusters of digits, worked out once."""

from __future__ import annotations

from functools import cached_property

from scrubbers.canonical import canonical
from scrubbers.clusters import Cluster, clusters
from scrubbers.numberwords import count_number_words, in_digits
from scrubbers.spelling import spelled

_NOT_DIGITS = bytes(set(range(256)) - set(b"0123456789"))


MIN_WORDS = 3
"""Fewer number words, and no digits, make no number that we look for."""
MIN_DIGITS = 6


class Reading:
    """One text as recognizers read it. Lives as long as the call that made it."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain = text if text.isascii() else canonical(text)
        octets = plain.encode()
        digits = len(octets.translate(None, _NOT_DIGITS))
        words = count_number_words(octets)
        spoken = words and (words >= MIN_WORDS or digits)
        if plain is text and (digits or spoken):
            plain = canonical(text)
        if spoken:
            plain = in_digits(plain)
            digits = len(plain.encode().translate(None, _NOT_DIGITS))
        if digits >= MIN_DIGITS:
            plain = spelled(plain)
        self.plain = plain
        """The plain form: ASCII, as long as the text, escapes and number words replaced by what they say."""
        self.digits = digits
        """How many digits the plain form holds."""

    @cached_property
    def clusters(self) -> list[Cluster]:
        """The runs of digits with nothing but separators between them, in order."""
        return clusters(self.plain)


def reading_of(text: str, nlp_artifacts: object) -> Reading:
    """The reading that our engine passes along with the text; in anybody else's engine a new one."""
    reading = getattr(nlp_artifacts, "reading", None)
    return reading if isinstance(reading, Reading) and reading.text is text else Reading(text)
