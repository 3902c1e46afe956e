"""What stands beside a card number: its expiry date and its security code."""

import re
from collections.abc import Iterator

CODE = "CARD_SECURITY_CODE"
EXPIRY = "CARD_EXPIRY"

REACH = 120
"""Characters on either side of a card in which its labelled code and dates are looked for."""
CLOSE = 40
"""The same for a date without a label."""

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ion|chw|maw|ebr|mai|meh|gor|aws|med|hyd|tac|rha"
_YEAR = "(?:20)?[2-4][0-9]"
_NUMERIC = rf"(?:0?[1-9]|1[0-2]) \W{{1,3}} {_YEAR} | (?:0[1-9]|1[0-2]) {_YEAR}"
_DATE = rf"(?: {_NUMERIC} | (?:{_MONTHS})[a-z]* \W{{0,3}} {_YEAR} )"
_LABELLED_CODE = re.compile(
    r"""
    (?: cvv2? | cvc2? | csc | cid | cv2 | (?:security|sec|verification) \W+ (?:code|number|no)
      | cod \W+ diogelwch | (?:three|3|four|4|last) \W+ digits? | signature \W+ strip )
    [^0-9a-z]*
    (?: (?:is|was|yw|oedd|number|code|no|of|on|the|back|cod|cvv|cvc) [^0-9a-z]* ){0,5}
    ( [0-9] (?: [ \0.-]{0,5} [0-9] ){2,3} ) (?! [0-9a-z] )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LABELLED_DATE = re.compile(
    rf"""
    (?: exp[a-z]* | valid \W+ (?:thru|through|until|to|from) | start[a-z]* | ends? | until
      | dod \W+ i \W+ ben | dilys \W+ (?:tan|hyd|o) )
    [^0-9a-z]*
    (?: (?:date|is|was|on|at|the|in|yw|ar|dyddiad) [^0-9a-z]* ){{0,4}}
    ({_DATE}) (?! [0-9] )
    (?: \W{{0,4}} (?:to|until|till|hyd|tan|i)? \W{{1,4}} ({_DATE}) (?! [0-9] ) )?
    (?: \W{{1,6}} (?P<code> [0-9]{{3,4}} ) (?! [0-9A-Za-z] | \W{{1,3}} [0-9] ) )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BARE_DATE = re.compile(r"(?<![0-9/.-])(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4][0-9](?![0-9]|[/.-][0-9])")
_FOLLOWING_DATE = re.compile(
    rf"\W{{0,6}} ({_DATE}) (?: \W{{0,6}} ([0-9]{{3,4}}) )? (?! [0-9A-Za-z] )", re.IGNORECASE | re.VERBOSE
)
_FOLLOWING_CODE = re.compile(r"\W{1,6}([0-9]{3})(?![0-9A-Za-z]|\W{1,3}[0-9])")


def beside(plain: str, places: list[tuple[int, int]]) -> Iterator[tuple[str, int, int, float]]:
    """Kind, start, end and score of what stands beside the cards at these places (start, end)."""
    for start, end in _around(places, REACH):
        for found in _LABELLED_CODE.finditer(plain, start, end):
            yield CODE, *found.span(1), 0.9
        for found in _LABELLED_DATE.finditer(plain, start, end):
            yield EXPIRY, *found.span(1), 0.9
            if found[2]:
                yield EXPIRY, *found.span(2), 0.9
            if found["code"]:
                yield CODE, *found.span("code"), 0.8
    for start, end in _around(places, CLOSE):
        for found in _BARE_DATE.finditer(plain, start, end):
            yield EXPIRY, *found.span(), 0.7
    for _, end in places:
        if following := _FOLLOWING_DATE.match(plain, end):
            yield EXPIRY, *following.span(1), 0.8
            if following[2]:
                yield CODE, *following.span(2), 0.8
        elif following := _FOLLOWING_CODE.match(plain, end):
            yield CODE, *following.span(1), 0.7


def _around(places: list[tuple[int, int]], reach: int) -> list[tuple[int, int]]:
    """The places with so many characters on either side, those that then overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start - reach <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end + reach))
        else:
            joined.append((max(0, start - reach), end + reach))
    return joined
