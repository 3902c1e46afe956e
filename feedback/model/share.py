"""The share of votes that found a page useful, with what chance allows around it; pure arithmetic.

Wilson's score interval: E. B. Wilson, Probable Inference (JASA 22, 1927). The difference of two shares:
R. G. Newcombe, Interval Estimation for the Difference Between Independent Proportions (Statistics in
Medicine 17, 1998), method 10. Both stay within their bounds and hold for few votes, where the textbook's
p ± 1.96 s does not.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

# 95 % of the normal distribution lie within so many standard deviations of its middle.
Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, its 95 % interval, and how many votes it is of."""

    value: float
    low: float
    high: float
    votes: int

    @classmethod
    def of(cls, yes: int, no: int) -> "Share | None":
        """The share of yes; None where nobody voted."""
        votes = yes + no
        if not votes:
            return None
        middle = yes + Z * Z / 2
        half = Z * sqrt(yes * no / votes + Z * Z / 4)
        whole = votes + Z * Z
        return cls(yes / votes, max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole), votes)


@dataclass(frozen=True, slots=True)
class Change:
    """How much a share rose (above 0) or fell (below), between -1 and 1, with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def between(cls, before: Share | None, after: Share | None) -> "Change | None":
        """From one share to a later one; None where nobody voted before or after."""
        if before is None or after is None:
            return None
        value = after.value - before.value
        return cls(
            value,
            value - sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2),
            value + sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2),
        )

    @property
    def verdict(self) -> str:
        """`better` or `worse` where chance alone hardly explains it, else `unclear`."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "unclear"
