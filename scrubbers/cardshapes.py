"""How the digits of a card number are grouped, and how those of other numbers are."""

import re
from collections.abc import Sequence
from itertools import pairwise

_KNOWN = frozenset(
    {
        (8, 8),
        (7, 7),
        (4, 6, 5),
        (4, 6, 4),
        (4, 4, 5),
        (4, 5, 4),
        (4, 4, 4, 4, 3),
        (6, 10),
        (6, 13),
        (4, 12),
        (12, 4),
    }
    | {(4, 4, 8), (8, 4, 4), (4, 8, 4), (6, 6, 4), (6, 4, 6), (4, 4, 4, 7)}
)
USUAL = frozenset({(16,), (15,), (4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 3), (8, 8), (5, 5, 5)})
"""The groupings of most cards."""


MONTHS = frozenset(f"{month:02}" for month in range(1, 13))


def is_regular(sizes: tuple[int, ...]) -> bool:
    """Whether the groups are as card numbers have them, or all alike but for a shorter last one."""
    if sizes in _KNOWN:
        return True
    by_thousands = sizes[0] <= 3 and set(sizes[1:]) == {3}
    return len(sizes) != 2 and (by_thousands or (len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0]))


def is_plausible(sizes: tuple[int, ...], gaps: Sequence[str]) -> bool:
    """Whether somebody may have grouped one number like this: alike gaps, not too many groups, no list."""
    gap = gaps[0]
    if len(set(gaps)) > 1 or "\n" in gap or ("," in gap and " " in gap):
        return False
    if gap == "." and sizes[0] < 4 and len(sizes) == 2:
        return False
    return sum(sizes) >= 3 * len(sizes) or (max(sizes) > 3 and sum(sizes) >= 2.4 * len(sizes))


def is_years(digits: str, sizes: tuple[int, ...]) -> bool:
    """Whether these are years in a row."""
    return set(sizes) == {4} and all(digits[at : at + 2] in {"19", "20"} for at in range(0, len(digits), 4))


def is_date(sizes: tuple[int, ...], gaps: Sequence[str]) -> bool:
    """Whether dates or times are among the groups."""
    return (
        len(set(gaps)) > 1
        and max(sizes) > 1
        and any(
            gap in {":", "/", "-", "."} and max(pair) <= 2
            for gap, pair in zip(gaps, pairwise(sizes), strict=True)
        )
    )


def is_expiry(digits: str) -> bool:
    """Whether digits may be a month and year, and perhaps a security code after them."""
    return re.fullmatch("(?:0[1-9]|1[0-2])(?:20)?[2-4][0-9](?:[0-9]{3,4})?", digits) is not None


_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEXADECIMAL = re.compile("(?:0x)?[0-9a-f-]+")
_IBAN = re.compile("[a-z]{2}[0-9]{2}[a-z]{4}[0-9]{7,23}")
_IBAN_BEGUN = re.compile(r"\b[A-Z]{2}[0-9]{2} ?[A-Z]{4} ?$")
_REACH = 40


def in_code(plain: str, start: int, end: int) -> bool:
    """Whether the digits are part of a hexadecimal number, a hash or a UUID."""
    left, right = start, end
    while left > max(0, start - _REACH) and (plain[left - 1].isalnum() or plain[left - 1] == "-"):
        left -= 1
    while right < min(len(plain), end + _REACH) and (plain[right].isalnum() or plain[right] == "-"):
        right += 1
    token = plain[left:right].lower()
    if (
        _UUID.fullmatch(token)
        or _IBAN.fullmatch(token)
        or _IBAN_BEGUN.search(plain, max(0, start - 12), start)
    ):
        return True
    return len(re.findall("[a-f]+", token)) >= 2 and _HEXADECIMAL.fullmatch(token) is not None
