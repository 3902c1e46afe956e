"""Dates of birth: a date is one only where words say so, in English or in Welsh."""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.characters import TAIL, WALL
from scrubbers.clusters import SEPARATOR
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "DATE_OF_BIRTH"

_HINTS = (
    "born",
    "birth",
    "bday",
    "b-day",
    "d.o.b",
    "dob",
    "d o b",
    "d/o/b",
    "geni",
    "blwydd",
    "eni ",
    "ganwyd",
    "ganed",
    "anwyd",
)
"""One of these is in every text that has one of the words below; they cost less to look for."""
_SIDE = f"(?<![0-9A-Za-z{WALL}])"
_NOUN = re.compile(
    rf"""
    {_SIDE} (?: d\W?o\W?b (?![a-z]) \.? | dates?\W+(?:of\W+)?birth | birth\W?dates?
      | b(?:irth|['’]|-)?day s? (?! \W+ (?:part|card|cake|do\b|bash|celebr|event|present|gift|week|treat))
      | (?:n?dd?|h)?ydd?iad(?:au)? \W+ geni | (?:ph?|b|mh)en\W?blwydd )
    """,
    re.VERBOSE,
)
"""Names of the date itself."""
_VERB = re.compile(rf"{_SIDE} (?: born | n?g?eni | g?anwyd | g?aned ) (?![a-z])", re.VERBOSE)
"""What is said of a person."""

_MONTH = (
    r"(?: jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
    r"|ion|chwe|maw|ebr|mai|meh|gor|awst|medi|hyd|tach|rhag|fawrth|fai|fehefin|orffennaf|fedi|dachwedd|ragfyr"
    r") [a-z]*"
)
_DAY = r"(?: 3[01] | [12][0-9] | 0?[1-9] )"
_MONTH_NUMBER = r"(?: 1[0-2] | 0?[1-9] )"
_ORDINAL = r"(?:\0* (?:st|nd|rd|th|fed|ydd|eg|af|il|ain))?"
_YEAR = r"(?: (?:19|20)[0-9]{2} | [0-9]{2} )"
_SIGN = rf"{SEPARATOR}{{1,12}}"
_DATE = re.compile(
    rf"""
    (?: {_DAY} {_SIGN} {_MONTH_NUMBER} {_SIGN} {_YEAR}
      | {_MONTH_NUMBER} {_SIGN} {_DAY} {_SIGN} {_YEAR}
      | (?:19|20)[0-9]{{2}} {_SIGN} {_MONTH_NUMBER} {_SIGN} {_DAY}
      | {_DAY} {_ORDINAL} {SEPARATOR}{{0,12}} (?:(?:of|o)\W)? (?:the\W)? {_MONTH}
        {SEPARATOR}{{0,12}} {_YEAR}
      | {_MONTH} {SEPARATOR}{{1,12}} {_DAY} {_ORDINAL} {_SIGN} {_YEAR}
      | (?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})
    ) \0* (?![0-9A-Za-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIRST = re.compile(
    rf"(?<![0-9A-Za-z]) (?: [0-9] | {_MONTH} {SEPARATOR}{{1,12}} [0-9] )", re.VERBOSE | re.IGNORECASE
)
"""Where a date may start."""
_BETWEEN = re.compile(r"(?: [^0-9\n.!?;] | \n(?!\n) | [.;](?!\s) ){0,40} $", re.VERBOSE)
_AFTER_VERB = re.compile(r"[ \n,:]* (?: [a-z']+ \s+ ){0,4} (?: [a-z']+ [ ,:]+ )? $", re.VERBOSE)
_AND = re.compile(r"\W{0,3}(?:and|&|a|ac|or)?\W{0,3}", re.IGNORECASE)
_BEFORE_NOUN = re.compile(
    r"\W{0,4} (?: (?:is|was|are|yw|oedd|as|my|his|her|their|the|our|fy|ei|eu|a|child|'s) \W+ ){0,4} $",
    re.VERBOSE,
)

REACH = 45
"""Characters between a word and its date."""


class DateOfBirthRecognizer(ReadingRecognizer):
    """Finds DATE_OF_BIRTH right after or before words that say so."""

    KINDS = (KIND,)
    FEWEST_DIGITS = 3

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The dates in a text."""
        lower = reading.lower
        if not any(hint in lower for hint in _HINTS):
            return
        for words, usual in ((_NOUN, _BETWEEN), (_VERB, _AFTER_VERB)):
            for word in words.finditer(lower):
                yield from _following(lower, word.end(), usual)
        for word in _NOUN.finditer(lower):
            yield from _preceding(lower, word.start())


def _following(lower: str, at: int, usual: re.Pattern[str]) -> Iterator[RecognizerResult]:
    """The date after a word, and those that follow it in a list."""
    first = _FIRST.search(lower, at, at + REACH + 12)
    if first is None or not usual.match(lower[at : first.start()].replace(TAIL, "")):
        return
    date = _DATE.match(lower, first.start())
    while date:
        yield RecognizerResult(KIND, *date.span(), 0.9)
        joined = _AND.match(lower, date.end())
        date = _DATE.match(lower, joined.end()) if joined and joined[0] else None


def _preceding(lower: str, at: int) -> Iterator[RecognizerResult]:
    """The date before a word: "12/03/1970 is my date of birth"."""
    left = max(0, at - REACH)
    for first in _FIRST.finditer(lower, left, at):
        date = _DATE.match(lower, first.start())
        if date and date.end() <= at and _BEFORE_NOUN.match(lower[date.end() : at]):
            yield RecognizerResult(KIND, *date.span(), 0.8)
            return
