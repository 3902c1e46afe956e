"""The client's id as a key: the same for the same id, with no number spelled in it."""

import re
from typing import Final
from uuid import UUID

from stdnum import luhn

from scrubbers import Scrubber

# A National Insurance number in the letters that hexadecimal has. Eight characters without the last letter
# count as one only beside a word that says so, as in any text, and an id has no words.
_NINO: Final = re.compile(r"[abce]{2}[0-9]{6}[abcd]")
_DIGITS: Final = re.compile(r"[0-9]{13,}")
_CARD_LENGTHS: Final = range(13, 20)


def without_numbers(sent: str, scrubber: Scrubber) -> str:
    """The id itself, or with `f` in place of digits that could be a number; about one id in forty has some.

    What is left of a random id is still far too long to meet another by chance. Nothing of the number is
    kept, not even as a hash, which could be turned round by trying all numbers.
    """
    plain = sent.replace("-", "")
    text = _NINO.sub(_mask, plain)
    text = _DIGITS.sub(lambda run: _mask(run) if _holds_card(run[0], scrubber) else run[0], text)
    return sent if text == plain else str(UUID(text))


def _mask(found: re.Match[str]) -> str:
    return "f" * len(found[0])


def _holds_card(digits: str, scrubber: Scrubber) -> bool:
    windows = (
        digits[start : start + length]
        for length in _CARD_LENGTHS
        for start in range(len(digits) - length + 1)
    )
    return any(luhn.is_valid(window) and scrubber.scrub(window).findings for window in windows)
