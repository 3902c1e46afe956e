"""What a scrubber hands back: where something was found, and the text without it."""

from typing import NamedTuple, NoReturn, final


class Finding(NamedTuple):
    """One redacted stretch of the original text, never its value."""

    kind: str
    start: int
    """Offset of the first character in the original text."""
    end: int
    """Offset after the last character in the original text."""
    score: float
    """How sure the rules are, above 0 and up to 1."""


_SEAL = object()


@final
class Scrubbed:
    """A text that went through a scrubber, and what was taken out of it.

    Only a Scrubber makes one, so a function that takes a Scrubbed cannot be handed raw text.
    """

    __slots__ = ("findings", "text")

    text: str
    """The redacted text: each finding is replaced by its kind in square brackets."""
    findings: tuple[Finding, ...]
    """Sorted, never overlapping; offsets are those of the original text."""

    def __init__(self, text: str, findings: tuple[Finding, ...], seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only a Scrubber makes a Scrubbed")
        set_once = object.__setattr__
        set_once(self, "text", text)
        set_once(self, "findings", findings)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Scrubbed never changes")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Scrubbed never changes")

    def __repr__(self) -> str:
        return f"Scrubbed(text={self.text!r}, findings={self.findings!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scrubbed):
            return NotImplemented
        return self.text == other.text and self.findings == other.findings

    def __hash__(self) -> int:
        return hash((self.text, self.findings))

    def __reduce__(self) -> tuple[object, ...]:
        return (_seal, (self.text, self.findings))


def _seal(text: str, findings: tuple[Finding, ...]) -> Scrubbed:
    """Make a Scrubbed; for the scrubber and for unpickling alone."""
    return Scrubbed(text, findings, _SEAL)
