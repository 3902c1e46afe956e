"""Payment card numbers: ranges and lengths of the networks, and the check digit (ISO/IEC 7812).

The ranges are those of braintree/credit-card-type `src/lib/card-types.ts`.
"""

from array import array
from itertools import accumulate

SHORTEST = 12
LONGEST = 19


def _lengths(*lengths: int) -> int:
    """A set of lengths as bits."""
    return sum(1 << length for length in lengths)


_RANGES = (
    ("4", "4", _lengths(13, 16, 18, 19)),  # Visa
    ("51", "55", _lengths(16)),  # Mastercard
    ("2221", "2720", _lengths(16)),
    ("34", "34", _lengths(15)),  # American Express
    ("37", "37", _lengths(15)),
    ("300", "305", _lengths(14, 16, 19)),  # Diners
    ("36", "36", _lengths(14, 16, 19)),
    ("38", "39", _lengths(14, 16, 19)),
    ("6011", "6011", _lengths(16, 19)),  # Discover
    ("644", "649", _lengths(16, 19)),
    ("65", "65", _lengths(16, 19)),
    ("3528", "3589", _lengths(16, 17, 18, 19)),  # JCB
    ("2131", "2131", _lengths(15)),
    ("1800", "1800", _lengths(15)),
    ("62", "62", _lengths(14, 15, 16, 17, 18, 19)),  # UnionPay
    ("81", "81", _lengths(14, 15, 16, 17, 18, 19)),
    ("2200", "2204", _lengths(16, 17, 18, 19)),  # Mir
    ("50", "50", _lengths(*range(12, 20))),  # Maestro
    ("56", "59", _lengths(*range(12, 20))),
    ("60", "61", _lengths(*range(12, 20))),
    ("63", "63", _lengths(*range(12, 20))),
    ("66", "69", _lengths(*range(12, 20))),
)


def _by_prefix() -> list[int]:
    """For each number of four digits the lengths that a card starting with it may have."""
    table = [0] * 10_000
    for first, last, lengths in _RANGES:
        places = 4 - len(first)
        for prefix in range(int(first) * 10**places, (int(last) + 1) * 10**places):
            table[prefix] |= lengths
    return table


_LENGTHS = _by_prefix()
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def lengths_at(digits: str, start: int) -> int:
    """The lengths, as bits, of the numbers that networks issue with the four digits at `start`."""
    return _LENGTHS[int(digits[start : start + 4])]


def may_be_card(digits: str, start: int, length: int) -> bool:
    """Whether a network issues numbers of this length that start with the four digits at `start`."""
    return bool(lengths_at(digits, start) >> length & 1)


class Luhn:
    """Check digits of all stretches of a run of digits, each in constant time."""

    def __init__(self, digits: str) -> None:
        plain = list(map(int, digits))
        doubled = [_DOUBLED[digit] for digit in plain]
        even, odd = list(plain), list(plain)
        even[1::2] = doubled[1::2]
        odd[::2] = doubled[::2]
        self._sums = (array("l", accumulate(even, initial=0)), array("l", accumulate(odd, initial=0)))

    def holds(self, start: int, end: int) -> bool:
        """Whether the last digit from `start` to `end` is the check digit of those before it."""
        sums = self._sums[(end - 1) & 1]
        return (sums[end] - sums[start]) % 10 == 0
