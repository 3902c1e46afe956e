"""The words around a number that say what it is, in English and in Welsh (in plain form, without accents)."""

import re

from scrubbers.characters import TAIL, WALL

BEFORE = 80
"""Characters before a number in which its words are looked for."""
AFTER = 50
"""Characters after it."""

NINO_WORDS = re.compile(
    r"""
    \b n\W{0,2}i\W{0,2} (?: n(?:o|um|umber|umbers|r|br)?s?\b | num | \# | : | = | is\b | yw\b | code | ref)
    | nino | national \W* ins | nat(?:\W+l)? \W* ins | insurance \W* (?: n(?:o|um|r)\b | number )
    | yswiriant \W* (?: g?wladol | g?[ce]+nedlaethol ) | \b rhif \W+ y\W?g\b
    """,
    re.VERBOSE,
)
"""Asked of text in lower case."""
NI_ALONE = re.compile(r"(?<![A-Za-z])N\.?I\b")

CARD_WORDS = re.compile(
    r"""
    card | \b credit | \b debit | \b visa | mastercard | \b maestro | \b amex | american \W* express
    | \b diners | \b discover\b | \b jcb | union \W* pay | long \W* number | \b (?:c|g|ch|ngh)erdyn
    | cardiau | \b g?credyd | \b n?d+ebyd | rhif \W* hir | \b pan\b | \b cc\b | \b cvv | \b cvc | expir
    """,
    re.VERBOSE,
)
OTHER_NUMBER_WORDS = re.compile(
    r"""
    imei | isbn | uprn | barcode | tracking | parcel | serial | timestamp | uuid | guid | \bean\b | mpan
    | mprn | \bhash\b
    """,
    re.VERBOSE,
)


def words_before(plain: str, at: int, reach: int = BEFORE) -> str:
    """What stands before an offset, in lower case; nothing from beyond a redacted number."""
    return plain[max(0, at - reach) : at].rpartition(WALL)[2].replace(TAIL, "").lower()


def words_after(plain: str, at: int, reach: int = AFTER) -> str:
    """What stands after an offset, in lower case; nothing from beyond a redacted number."""
    return plain[at : at + reach].partition(WALL)[0].replace(TAIL, "").lower()


def nino_words_near(plain: str, start: int, end: int) -> bool:
    """Whether words near the stretch say that it is a National Insurance number."""
    before = words_before(plain, start)
    if NINO_WORDS.search(before) or NINO_WORDS.search(words_after(plain, end)):
        return True
    return (
        NI_ALONE.search(plain[max(0, start - 40) : start].rpartition(WALL)[2].replace(TAIL, "")) is not None
    )


def card_words_near(plain: str, start: int, end: int) -> bool:
    """Whether words near the stretch say that it is a payment card number."""
    return bool(CARD_WORDS.search(words_before(plain, start)) or CARD_WORDS.search(words_after(plain, end)))


def other_number_words_before(plain: str, start: int) -> bool:
    """Whether the words right before an offset say that another number follows."""
    return OTHER_NUMBER_WORDS.search(words_before(plain, start, 25)) is not None
