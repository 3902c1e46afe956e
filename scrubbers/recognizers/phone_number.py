"""Telephone numbers that may reach a person (Ofcom's National Telephone Numbering Plan, and phonenumbers).

Numbers that are public by nature stay: 03, 080, 084, 087, 09, and all short codes such as 101 or 119.
"""

import re
from collections.abc import Iterator

import phonenumbers
from presidio_analyzer import RecognizerResult

from scrubbers.clusters import Cluster
from scrubbers.context import words_before
from scrubbers.labels import CLOSE, Said, said, says_another
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.windows import Found, Window, surest, windows

KIND = "PHONE_NUMBER"

_BRITISH = re.compile("((?:00)?44)?(0)?([1-9][0-9]{8,9})")
_PERSONAL = re.compile("7[0-9]{9}|1[1-9][0-9]{7,8}|2[03489][0-9]{8}|5[56][0-9]{8}")
"""Mobile and personal, geographic, and internet numbers, without the 0."""

_USUAL = {
    *((11,), (5, 6), (5, 3, 3), (3, 4, 4), (4, 3, 4), (4, 4, 3), (4, 7), (3, 8), (5, 2, 4), (5, 4, 2)),
    *((5, 2, 2, 2), (5, 3, 1, 2), (3, 2, 2, 2, 2), (5, 1, 2, 3), (1,) * 11, (5, 5), (5, 2, 3), (5, 3, 2)),
}
"""How people group a British number; ten digits in one group may be anything."""
_GAPS = frozenset(" -./()\t\n\r_|")

_WORDS = re.compile(
    r"""
    \b (?: tel | telephone | phone | phoned | mob | mobile | cell | landline | call (?:ed)? | ring | rang
      | text | whats? \W? app | sms | dial | fax | contact | reach \W+ me | home \W+ number | my \W+ number )
    | ffon | \b ff[ou]n | symudol | \b rhif \W+ cyswllt | cysyllt
    """,
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""
    (?: \b (?: tel (?:ephone)? | (?:tele)? phone | mob (?:ile)? | cell | landline | home )
      \W* (?: (?:no|number|num|nr|is|on) \W* ){0,3}
    | \b (?: call | ring | text | phone | reach | contact | whatsapp ) \W+ (?:me|us|him|her|them|back)
      \W+ (?:back \W+)? on \W*
    | \b ffon (?:iwch|io)? \W* (?: fi \W+ ar | yw | ar )? \W* | symudol \W* (?:yw)? \W* ) $
    """,
    re.VERBOSE,
)
"""What must stand right before a number without its area code."""
_LOCAL = {(6,), (3, 3), (2, 4), (7,), (3, 4), (8,), (4, 4)}
_GRID = re.compile(r"(?<![A-Za-z])[A-Z]{2}\W?$")
"""The letters of an Ordnance Survey grid reference."""


class PhoneNumberRecognizer(ReadingRecognizer):
    """Finds PHONE_NUMBER by the numbering plan, the grouping and words nearby."""

    KINDS = (KIND,)
    FEWEST_DIGITS = 6

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The numbers in a text."""
        plain = reading.plain
        found = [_local(plain, cluster) for cluster in reading.clusters]
        if reading.digits >= 8 and ("+" in plain or "00" in plain):
            longest_first = windows(reading, *range(15, 7, -1), most_groups=7)
            found += [_international(plain, each) for each in longest_first]
        if reading.digits >= 10:
            found += [_british(plain, each) for each in windows(reading, *range(10, 16))]
        numbers = sorted(filter(None, found), key=lambda each: (each[0], -each[2], -each[1]))
        return (RecognizerResult(KIND, *each) for each in surest(numbers))


def _british(plain: str, window: Window) -> Found | None:
    if window.digits[0] not in "047" or not (number := _BRITISH.fullmatch(window.digits)):
        return None
    country, trunk, national = number.groups()
    if not _PERSONAL.fullmatch(national) or not (country or trunk or national[0] == "7"):
        return None
    start, end = _whole(plain, window)
    if not _GAPS.issuperset("".join(window.gaps)) or says_another(plain, start):
        return None
    clarity = said(plain, start, end, _WORDS)
    if clarity == Said.LABEL:
        return start, end, 0.95
    if not (country or trunk) or window.tied or _in_a_word(plain, window):
        return None
    if country and plain[start] in "+(":
        return start, end, 0.9
    if clarity:
        return start, end, 0.8
    if _is_usual(window, country, national) and not _GRID.search(plain[max(0, start - 4) : start]):
        return start, end, 0.6
    return None


def _is_usual(window: Window, country: str | None, national: str) -> bool:
    """Whether the grouping alone says that it is a telephone number."""
    if "\n" in "".join(window.gaps):
        return False
    if country:
        return len(window.sizes) <= 5
    # An area code that starts with 01 has four digits or more.
    return window.sizes in _USUAL and not (national[0] == "1" and window.sizes[0] == 3)


def _international(plain: str, window: Window) -> Found | None:
    """A number of another country, with its + or 00."""
    plus = plain[max(0, window.start - 1) : window.start] == "+"
    if not plus and not window.digits.startswith("00"):
        return None
    if not _GAPS.issuperset("".join(window.gaps)):
        return None
    number = window.digits if plus else window.digits[2:]
    if number.startswith("44"):
        return None
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return None
    start, end = _whole(plain, window)
    clarity = said(plain, start, end, _WORDS)
    if phonenumbers.is_valid_number(parsed) and (plus or clarity):
        return start, end, 0.9
    return (start, end, 0.7) if clarity == Said.LABEL and phonenumbers.is_possible_number(parsed) else None


def _local(plain: str, cluster: Cluster) -> Found | None:
    """A number without its area code, right after a word that says what it is."""
    if not 6 <= len(cluster.digits) <= 8 or cluster.digits[0] in "01":
        return None
    if tuple(cluster.sizes) not in _LOCAL or not {" ", "-"}.issuperset(cluster.gaps):
        return None
    labelled = _LABEL.search(words_before(plain, cluster.start, CLOSE))
    return (cluster.start, cluster.end, 0.6) if labelled else None


def _whole(plain: str, window: Window) -> tuple[int, int]:
    """Start and end of a number with the + and the brackets that belong to it."""
    start = window.start
    if plain[max(0, start - 1) : start] == "+":
        start -= 1
    if plain[max(0, start - 1) : start] == "(" and ")" in plain[start : window.end]:
        start -= 1
    return start, window.end


def _in_a_word(plain: str, window: Window) -> bool:
    """Whether letters touch the number, as in a code or a hash."""
    return plain[window.start - 1 : window.start].isalpha() or plain[window.end : window.end + 1].isalpha()
