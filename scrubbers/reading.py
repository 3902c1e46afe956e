"""What all recognizers share about one text: its plain form and its clusters of digits, worked out once."""

from __future__ import annotations

from functools import cached_property

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
    def has_lookalikes(self) -> bool:
        """Whether a letter that looks like a digit stands beside one."""
        return may_stand_for_digits(self.plain)

    @cached_property
    def clusters(self) -> list[Cluster]:
        """The runs of six or more digits with nothing but separators between them, in order."""
        return clusters(self.plain)


def reading_of(text: str, nlp_artifacts: object) -> Reading:
    """The reading that our engine passes along with the text; in anybody else's engine a new one."""
    reading = getattr(nlp_artifacts, "reading", None)
    return reading if isinstance(reading, Reading) and reading.text is text else Reading(text)
