"""The words around a number that say what it is, in English and in Welsh (in plain form, without accents)."""

from __future__ import annotations

import re
from typing import NamedTuple

from scrubbers.characters import TAIL, WALL

BEFORE = 80
"""Characters before a number in which its words are looked for."""
AFTER = 50
"""Characters after it."""
CLOSE = 30
"""Characters between a number and a word that stands right before it."""

NINO_WORDS = re.compile(
    r"""
    \b n\W{0,2}i\W{0,2} (?: n(?:o|um|umber|umbers|r|br)?s?\b | num | \# | : | = | is\b | yw\b | code | ref)
    | nino | nat(?:ional|\W+l)? \W* ins(?:urance)? | insurance \W* (?: n(?:o|um|r)\b | number )
    | yswiriant \W* (?: g?wladol | g?[ce]+nedlaethol ) | \b rhif \W+ y\W?g\b
    """,
    re.VERBOSE,
)
"""Asked of text in lower case."""
NI_ALONE = re.compile(r"(?<![A-Za-z])(?:N\.?I\b|ni\W{1,2}$)")
"""Asked of text as it stands: in small letters it is also a Welsh word and must stand right before."""

TEMPORARY_WORDS = re.compile(r"temporary | \b trn \b | cyfeirnod \W+ dros \W+ dro", re.VERBOSE)
_NOTHING_SAID = re.compile(r"(?:\W|is|yw|was|oedd|number|no|num|here|as|o|dwi|it)*")

CARD_WORDS = re.compile(
    r"""
    (?<!dis)(?<!post)(?<!score)(?<!place) card (?! iff | igan | board | io | in[ag] | iac )
    | (?:c|g|ch|ngh)erdyn | \b cardiau | visa | master \W* card | \b maestro | \b amex | american \W* express
    | \b diners | \b jcb | union \W* pay | long \W* number | rhif \W* hir | \b cvv | \b cvc
    | \b (?:pan|cc) \W* (?: [:=\#] | num | no \b | $ ) | \b (?:16|sixteen) \W* digit
    """,
    re.VERBOSE,
)
"""Not the words credit, debit and discover alone: Universal Credit and direct debit are no cards."""
OTHER_CARD_WORDS = re.compile(
    r"""
    library | llyfrgell | loyalty | clubcard | nectar | \b bus \b | \b bws \b | oyster | railcard | gift
    | blue \W* badge | bathodyn | \b id \W* card | member | travel
    """,
    re.VERBOSE,
)
OTHER_NUMBER_WORDS = re.compile(
    r"""
    imei | \b ref \b | reference | \b order \b | cyfeirnod | archeb | isbn | uprn | barcode | tracking
    | parcel | serial | timestamp | uuid | guid | \b ean \b | mpan | mprn | \b hash \b
    """,
    re.VERBOSE,
)


def words_before(plain: str, at: int, reach: int = BEFORE) -> str:
    """What stands before an offset, in lower case; nothing from beyond a redacted number."""
    return plain[max(0, at - reach) : at].rpartition(WALL)[2].replace(TAIL, "").lower()


def words_after(plain: str, at: int, reach: int = AFTER) -> str:
    """What stands after an offset, in lower case; nothing from beyond a redacted number."""
    return plain[at : at + reach].partition(WALL)[0].replace(TAIL, "").lower()


class NinoWords(NamedTuple):
    """What the words around a number say about it."""

    near: bool
    """It is a National Insurance number."""
    right_before: bool
    """So say the words right before it."""
    temporary: bool
    """It is a Temporary Reference Number."""

    @classmethod
    def around(cls, plain: str, start: int, end: int) -> NinoWords:
        """What the words around a stretch say."""
        words = words_before(plain, start)
        ends = [found.end() for found in NINO_WORDS.finditer(words)]
        nearest = plain[max(0, start - 40) : start].rpartition(WALL)[2].replace(TAIL, "")
        near = (
            bool(ends or NI_ALONE.search(nearest)) or NINO_WORDS.search(words_after(plain, end)) is not None
        )
        right_before = bool(ends) and _NOTHING_SAID.fullmatch(words, ends[-1]) is not None
        return cls(near, right_before, TEMPORARY_WORDS.search(words) is not None)


class CardWords(NamedTuple):
    """What the words on one side of a number say about it; of two words the nearer counts."""

    card: bool
    """It is a payment card number."""
    other: bool
    """It is a number of another kind."""
    right_before: bool
    """The word for a card stands close by."""
    other_card: bool
    """It belongs to a card that does not pay, such as a library card."""

    @classmethod
    def before(cls, plain: str, at: int) -> CardWords:
        """What the words before an offset say."""
        words = words_before(plain, at)
        card = max((found.end() for found in CARD_WORDS.finditer(words)), default=-1)
        other = max((found.end() for found in OTHER_NUMBER_WORDS.finditer(words)), default=-1)
        close = card > len(words) - CLOSE
        return cls(card > other, other > card, close and card > other, bool(OTHER_CARD_WORDS.search(words)))

    @classmethod
    def after(cls, plain: str, at: int) -> CardWords:
        """What the words after an offset say."""
        words = words_after(plain, at)
        card, other = CARD_WORDS.search(words), OTHER_NUMBER_WORDS.search(words)
        first = card is not None and (other is None or card.start() < other.start())
        return cls(first, other is not None and not first, False, bool(OTHER_CARD_WORDS.search(words)))
