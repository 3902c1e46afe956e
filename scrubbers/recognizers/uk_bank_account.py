"""British bank accounts (Pay.UK): a sort code of six digits with an account number of six to ten digits.

Neither says by itself what it is: one of them must be named, or the two stand together as banks print them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from presidio_analyzer import RecognizerResult

from scrubbers.context import words_after, words_before
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.windows import Window, windows

KIND = "UK_BANK_ACCOUNT"

_BOTH = 12
"""The fewest digits of a sort code with an account number."""
APART = 60
"""Characters between a sort code and its account number."""

_LINK = r"\W* (?: (?:no|nos|number|num|nr|is|yw|code|rhif|and|of|my|the|a|acc|account) \W* ){0,5} $"
_SORT = re.compile(rf"(?: \b sort | \b s\W?c | didoli ) {_LINK}", re.VERBOSE)
_ACCOUNT = re.compile(rf"(?: \b acc (?:ount|t)? | \b a\W?c | \b ac | cyfrif ) {_LINK}", re.VERBOSE)
_BANK_ACCOUNT = re.compile(
    rf"(?: \b bank | \b fanc | \b banc ) \W+ (?: account | acc | a/c | cyfrif ) {_LINK}", re.VERBOSE
)
_NAMED = re.compile(r"\b(?:bank|[bf]anc)\b")
_BANK = re.compile(
    r"\bbank|\b[bf]anc\b|\bsort|account|\ba/?c\b|direct debit|debyd|refund|ad-?daliad|\bbacs\b|\bpay\b"
    r"|payment|cyfrif"
)


class _Number(NamedTuple):
    """A possible sort code or account number."""

    window: Window
    labelled: bool


class UkBankAccountRecognizer(ReadingRecognizer):
    """Finds UK_BANK_ACCOUNT: both numbers, as one where nothing but separators parts them."""

    COUNTRY_CODE = "uk"
    KINDS = (KIND,)
    FEWEST_DIGITS = 6

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        plain = reading.plain
        if _NAMED.search(reading.lower):
            for account in _accounts(reading):
                if _BANK_ACCOUNT.search(words_before(plain, account.window.start)):
                    yield RecognizerResult(KIND, account.window.start, account.window.end, 0.7)
        if reading.digits < _BOTH:
            return
        sort_codes = [_sort_code(plain, window) for window in windows(reading, 6, most_groups=3)]
        accounts = _accounts(reading) if any(sort_codes) else []
        for sort_code in filter(None, sort_codes):
            yield from _pair(plain, sort_code, accounts)


def _accounts(reading: Reading) -> list[_Number]:
    found = (_account(reading.plain, window) for window in windows(reading, 6, 7, 8, 9, 10, most_groups=4))
    return list(filter(None, found))


def _sort_code(plain: str, window: Window) -> _Number | None:
    sizes, gaps = window.sizes, set(window.gaps)
    if sizes not in {(6,), (2, 2, 2)} or len(gaps) > 1:
        return None
    labelled = _SORT.search(words_before(plain, window.start)) is not None
    return _Number(window, labelled) if labelled or sizes == (2, 2, 2) else None


def _account(plain: str, window: Window) -> _Number | None:
    labelled = _ACCOUNT.search(words_before(plain, window.start)) is not None
    if window.sizes != (8,) and not (labelled and len(set(window.gaps)) <= 1):
        return None
    return _Number(window, labelled)


def _pair(plain: str, sort: _Number, accounts: list[_Number]) -> Iterator[RecognizerResult]:
    """The sort code and the account number nearest to it, if they are believed."""
    start, end = sort.window.start, sort.window.end
    after = bisect_left(accounts, end, key=lambda each: each.window.start)
    for account in (*accounts[after : after + 1], *reversed(accounts[max(0, after - 5) : after])):
        first, last = sorted((sort.window, account.window), key=lambda each: each.start)
        between = plain[first.end : last.start]
        if (
            first.end > last.start
            or len(between) > APART
            or not (score := _score(plain, sort, account, between))
        ):
            continue
        if any(map(str.isalnum, between)):
            yield RecognizerResult(KIND, start, end, score)
            yield RecognizerResult(KIND, account.window.start, account.window.end, score)
        else:
            yield RecognizerResult(KIND, first.start, last.end, score)
        return


def _score(plain: str, sort: _Number, account: _Number, between: str) -> float:
    """How sure it is that the two are an account; 0 if they are not."""
    if sort.labelled:
        return 1.0 if account.labelled or account.window.sizes == (8,) else 0
    around = words_before(plain, min(sort.window.start, account.window.start)) + words_after(
        plain, sort.window.end
    )
    bank = _BANK.search(around) is not None
    if _may_be_date(sort.window) and not bank:
        return 0
    if account.labelled and not _may_be_date(sort.window):
        return 0.95
    together = len(between) <= 3 and not any(map(str.isalnum, between))
    return 0.8 if together and sort.window.start < account.window.start else 0


def _may_be_date(window: Window) -> bool:
    day, month = int(window.digits[:2]), int(window.digits[2:4])
    return 1 <= day <= 31 and 1 <= month <= 12
