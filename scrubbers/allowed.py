"""Values that stay in the text however they are written: examples in guidance, the council's own numbers."""

from collections.abc import Iterable

from scrubbers.canonical import canonical
from scrubbers.findings import Finding

EXAMPLES = ("QQ 12 34 56 C",)
"""Shown as an example by the GOV.UK Design System; never a real National Insurance number."""


class Allowed:
    """The values to keep, compared by their letters and digits alone."""

    def __init__(self, values: Iterable[str]) -> None:
        given = [values] if isinstance(values, str) else values
        self._values = {essence(value) for value in (*EXAMPLES, *given)} - {""}

    def holds(self, text: str, finding: Finding) -> bool:
        """Whether the finding's value in the text is one to keep."""
        return essence(text[finding.start : finding.end]) in self._values


def essence(value: str) -> str:
    """The letters and digits of a value in capitals, in their plain form."""
    return "".join(filter(str.isalnum, canonical(value))).upper()
