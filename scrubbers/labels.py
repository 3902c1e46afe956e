"""Whether the words around a number say what it is (asked of the plain form, without accents)."""

import re
from enum import IntEnum

from scrubbers.context import words_after, words_before

CLOSE = 40
"""Characters between a number and a word that labels it."""


class Said(IntEnum):
    """How clearly the words around a number say what it is."""

    NOTHING = 0
    NEARBY = 1
    """A word stands somewhere before or after it."""
    LABEL = 2
    """A word stands before it with no other number between."""


def said(plain: str, start: int, end: int, words: re.Pattern[str]) -> Said:
    """How clearly words that the pattern finds (in lower case) say what the stretch is."""
    before = words_before(plain, start)
    ends = [found.end() for found in words.finditer(before)]
    if ends:
        between = before[ends[-1] :]
        if len(between) <= CLOSE and not any(map(str.isdigit, between)):
            return Said.LABEL
        return Said.NEARBY
    return Said.NEARBY if words.search(words_after(plain, end)) else Said.NOTHING


_ANOTHER = re.compile(
    r"""
    (?: \b (?: ref (?:erence)? | order | invoice | case | ticket | permit | claim | application | uprn | isbn
      | imei | parcel | tracking | barcode | serial | meter | account | acc | version | badge | licen[cs]e
      | council | tax | charity | company | vat | grid | urn | item | id | job | policy | booking | member
      | library | cyfeirnod | archeb | anfoneb | achos | cais | cyfrif | trwydded | fersiwn | llyfrgell
      | mesurydd | gyngor ) s?
    | \# )
    \W* (?: (?:no|nos|number|num|nr|rhif|is|yw|was|of|code|id) \W* ){0,3} $
    """,
    re.VERBOSE,
)


def says_another(plain: str, start: int) -> bool:
    """Whether the words right before an offset say that a reference or another number follows."""
    return _ANOTHER.search(words_before(plain, start, CLOSE)) is not None
