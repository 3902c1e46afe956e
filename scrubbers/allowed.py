"""Values that stay in the text however they are written: examples in guidance, the council's own numbers."""

import re
from collections.abc import Iterable

from scrubbers.canonical import canonical
from scrubbers.findings import Finding

EXAMPLES = ("QQ 12 34 56 C",)
"""Shown as an example by the GOV.UK Design System; never a real National Insurance number."""


_COUNTRY = re.compile("^(?:00)?440?(?=[1-9][0-9]{8,9}$)")
"""What stands for the 0 of a British telephone number when it is written for callers from abroad."""


class Allowed:
    """Values to keep, compared by their letters and digits alone; telephone numbers in their form at home."""

    def __init__(self, values: Iterable[str]) -> None:
        given = [values] if isinstance(values, str) else values
        self._values = {essence(value) for value in (*EXAMPLES, *given)} - {""}

    def holds(self, text: str, finding: Finding) -> bool:
        """Whether the finding's value in the text is one to keep."""
        return essence(text[finding.start : finding.end]) in self._values


def essence(value: str) -> str:
    """The letters, digits and at signs of a value in capitals, in their plain form."""
    kept = "".join(sign for sign in canonical(value) if sign.isalnum() or sign == "@").upper()
    return _COUNTRY.sub("0", kept) if kept.startswith(("44", "0044")) else kept
