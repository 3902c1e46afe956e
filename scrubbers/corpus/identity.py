"""The manners of writing bank, health, tax, licence and passport numbers and dates of birth."""

from collections.abc import Callable
from random import Random

from scrubbers.corpus import numbers
from scrubbers.corpus.dates import MONTHS, WELSH_MONTHS
from scrubbers.corpus.kinds import (
    ENTITIES,
    FULL_WIDTH,
    INVISIBLE,
    NO_BREAK,
    bare,
    either_case,
    formatted,
    grouped,
    manners,
    one,
    spaced,
)
from scrubbers.corpus.parts import Parts, Piece, Write, cut

BANK, IBAN, NHS, LICENCE = "UK_BANK_ACCOUNT", "IBAN_CODE", "UK_NHS", "UK_DRIVING_LICENCE"
PASSPORT, UTR, BIRTH = "UK_PASSPORT", "UK_UTR", "DATE_OF_BIRTH"
FOURS = (4,) * 8


def account(separators: tuple[str, ...], *labels: tuple[str, str]) -> Write:
    """Return a sort code and an account number with the words before each."""

    def parts(rng: Random) -> Parts:
        sort, number = rng.choice(numbers.ACCOUNTS)
        before, between = rng.choice(labels)
        written = rng.choice(separators).join(cut(sort, 2, 2))
        return [before, Piece(BANK, sort, written), between, Piece(BANK, number, number)]

    return parts


def account_first(rng: Random) -> Parts:
    """Return the account number before the sort code."""
    sort, number = rng.choice(numbers.ACCOUNTS)
    return [
        rng.choice(("account number ", "acc no. ", "a/c ", "rhif cyfrif ")),
        Piece(BANK, number, number),
        rng.choice((" sort code ", ", sort code ", " s/c ", " cod didoli ")),
        Piece(BANK, sort, "-".join(cut(sort, 2, 2))),
    ]


def birth(write: Callable[[Random, int, int, int], str]) -> Write:
    """Return a date of birth written by a function of day, month and year."""

    def parts(rng: Random) -> Parts:
        written = write(rng, rng.randint(1, 28), rng.randint(1, 12), rng.randint(1932, 2012))
        return [Piece(BIRTH, bare(written), written)]

    return parts


def numeric_birth(separators: tuple[str, ...], short_year: bool = False) -> Write:
    """Return a date of birth in figures, with or without leading zeros."""

    def write(rng: Random, day: int, month: int, year: int) -> str:
        last = f"{year % 100:02}" if short_year else str(year)
        first = (f"{day:02}", f"{month:02}") if short_year or rng.random() < 0.8 else (str(day), str(month))
        return rng.choice(separators).join((*first, last))

    return birth(write)


def spoken_birth(rng: Random, day: int, month: int, year: int) -> str:
    """Return a date of birth with the month as a word."""
    name = MONTHS[month - 1][: rng.choice((3, 20))]
    tail = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return rng.choice(
        (
            f"{day} {name} {year}",
            f"{day}{tail} {name} {year}",
            f"{day}{tail} of {name} {year}",
            f"{name} {day}, {year}",
        )
    )


def passport_groups(rng: Random, value: str) -> str:
    """Return a passport number in threes, or its letters set off."""
    return rng.choice(" -").join(cut(value, 3, 3) if value[0].isdigit() else cut(value, 2))


BANKS = {
    "bank: sort code and account": (
        "plain",
        account(
            ("-",),
            ("sort code ", " account "),
            ("sort code: ", " account number: "),
            ("S/C ", " A/C "),
            ("", " "),
        ),
    ),
    "bank: sort code with spaces": (
        "plain",
        account((" ",), ("sort code ", " account "), ("Sort: ", ", Account: "), ("sort code ", " acc no ")),
    ),
    "bank: sort code compact": (
        "plain",
        account(("",), ("sort code ", " account "), ("sc ", " acc "), ("sort code:", " account no:")),
    ),
    "bank: on two lines": (
        "plain",
        account(("-", " "), ("Sort code: ", "\nAccount number: "), ("Sort ", "\nAcct ")),
    ),
    "bank: account first": ("plain", account_first),
    "bank: in Welsh": (
        "plain",
        account(("-", " "), ("cod didoli ", " rhif cyfrif "), ("Cod didoli: ", ", Rhif y cyfrif: ")),
    ),
    "bank: other dashes": (
        "format",
        account(
            ("–", "\u2011", "\u00a0"), ("sort code ", " account "), ("Sort code: ", ", account number: ")
        ),
    ),
    "bank: dots and slashes": (
        "hard",
        account((".", "/"), ("sort code ", " account "), ("sort code: ", "; account number: ")),
    ),
}
IBANS = {
    "iban: compact": ("plain", one(IBAN, numbers.iban, either_case)),
    "iban: fours": ("plain", spaced(IBAN, numbers.iban, (" ",), *FOURS)),
    "iban: no-break spaces": ("format", formatted(IBAN, numbers.iban, NO_BREAK, *FOURS)),
    "iban: space entities": ("format", formatted(IBAN, numbers.iban, ENTITIES, *FOURS)),
    "iban: hyphens and dots": ("hard", spaced(IBAN, numbers.iban, ("-", ".", "  "), *FOURS)),
}
HEALTH = {
    "nhs: compact": ("plain", one(NHS, numbers.nhs)),
    "nhs: 3-3-4": ("plain", spaced(NHS, numbers.nhs, (" ",), 3, 3)),
    "nhs: hyphens": ("plain", spaced(NHS, numbers.nhs, ("-", " - "), 3, 3)),
    "nhs: no-break spaces": ("format", formatted(NHS, numbers.nhs, NO_BREAK, 3, 3)),
    "nhs: full-width": ("format", formatted(NHS, numbers.nhs, FULL_WIDTH, 3, 3)),
    "nhs: odd groups": (
        "hard",
        grouped(NHS, numbers.nhs, (" ", ".", "  "), (2, 2, 2, 2), (5,), (4, 3), (1, 3, 3)),
    ),
}
LICENCES = {
    "licence: compact": ("plain", one(LICENCE, numbers.driving_licence, either_case)),
    "licence: groups": (
        "plain",
        grouped(LICENCE, numbers.driving_licence, (" ", "-"), (5, 6), (5, 6, 2), (5, 6, 3)),
    ),
    "licence: no-break spaces": ("format", formatted(LICENCE, numbers.driving_licence, NO_BREAK, 5, 6)),
    "licence: invisible marks": ("format", formatted(LICENCE, numbers.driving_licence, INVISIBLE, 5, 6)),
}
PASSPORTS = {
    "passport: compact": ("plain", one(PASSPORT, numbers.passport)),
    "passport: groups": ("plain", one(PASSPORT, numbers.passport, passport_groups)),
    "passport: full-width": ("format", formatted(PASSPORT, numbers.passport, FULL_WIDTH, 9)),
}
TAX = {
    "utr: compact": ("plain", one(UTR, numbers.utr)),
    "utr: 5-5": ("plain", spaced(UTR, numbers.utr, (" ", "-"), 5)),
    "utr: 3-3-4": ("plain", spaced(UTR, numbers.utr, (" ",), 3, 3)),
    "utr: no-break spaces": ("format", formatted(UTR, numbers.utr, NO_BREAK, 5)),
}
BIRTHS = {
    "birth: slashes": ("plain", numeric_birth(("/",))),
    "birth: hyphens and dots": ("plain", numeric_birth(("-", "."))),
    "birth: short year": ("plain", numeric_birth(("/", ".", "-"), short_year=True)),
    "birth: month in words": ("plain", birth(spoken_birth)),
    "birth: month in Welsh": ("plain", birth(lambda _, d, m, y: f"{d} {WELSH_MONTHS[m - 1]} {y}")),
    "birth: year first": ("plain", birth(lambda _, d, m, y: f"{y}-{m:02}-{d:02}")),
    "birth: spaces": ("hard", numeric_birth((" ",))),
    "birth: spaced slashes": ("hard", numeric_birth((" / ", " - ", " . "))),
}
MANNERS = (
    *manners(BANK, "bank", BANKS, only_welsh=("bank: in Welsh",)),
    *manners(IBAN, "iban", IBANS),
    *manners(NHS, "nhs", HEALTH),
    *manners(LICENCE, "driving licence", LICENCES),
    *manners(PASSPORT, "passport", PASSPORTS),
    *manners(UTR, "utr", TAX),
    *manners(BIRTH, "birth", BIRTHS, only_welsh=("birth: month in Welsh",)),
)
