"""What all recognizers share about one text: its plain form and its clusters of digits, worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from scrubbers.canonical import canonical
from scrubbers.clusters import Cluster, clusters
from scrubbers.lookalikes import may_stand_for_digits
from scrubbers.numberwords import in_digits, may_hold_digits
from scrubbers.spelling import may_be_spelled, spelled

_NOT_DIGITS = bytes(set(range(256)) - set(b"0123456789"))


_SMALL_LETTERS = bytes(
    ord(chr(octet).lower()) if octet < 128 and chr(octet).isalpha() else ord(" ") for octet in range(256)
)
"""Maps capitals to small letters and all but letters to spaces."""
KEPT = 50
"""Clusters whose groups are kept for the next recognizer; more would fill the memory."""
MIN_DIGITS = 6
"""With fewer digits there is no number to be spelled out around them."""


class Reading:
    """One text as recognizers read it. Lives as long as the call that made it."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain = text if text.isascii() else canonical(text)
        octets = plain.encode()
        digits = len(octets.translate(None, _NOT_DIGITS))
        words = octets.translate(_SMALL_LETTERS).split()
        spoken = may_hold_digits(words, digits)
        if plain is text and (digits or spoken):
            plain = canonical(text)
        if spoken:
            plain = in_digits(plain)
            digits = len(plain.encode().translate(None, _NOT_DIGITS))
        if digits >= MIN_DIGITS and may_be_spelled(words):
            plain = spelled(plain)
        self.plain = plain
        """The plain form: ASCII, as long as the text, escapes and number words replaced by what they say."""
        self.digits = digits
        """How many digits the plain form holds."""

    @cached_property
    def lower(self) -> str:
        """The plain form in small letters."""
        return self.plain.lower()

    @cached_property
    def has_lookalikes(self) -> bool:
        """Whether a letter that looks like a digit stands beside one."""
        return may_stand_for_digits(self.plain)

    @property
    def clusters(self) -> Iterable[Cluster]:
        """The runs of six or more digits with nothing but separators between them, in order."""
        return clusters(self.plain) if self._clusters is None else self._clusters

    @cached_property
    def _clusters(self) -> list[Cluster] | None:
        """The clusters of a text that has few; of the many of another, what is worked out is not kept."""
        first = list(islice(clusters(self.plain), KEPT + 1))
        return first if len(first) <= KEPT else None


def reading_of(text: str, nlp_artifacts: object) -> Reading:
    """The reading that our engine passes along with the text; in anybody else's engine a new one."""
    reading = getattr(nlp_artifacts, "reading", None)
    return reading if isinstance(reading, Reading) and reading.text is text else Reading(text)
