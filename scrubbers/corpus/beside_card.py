"""What stands beside a card number: expiry date, security code, account, other numbers."""

from random import Random

from scrubbers.corpus import numbers
from scrubbers.corpus.parts import Parts, Piece, Write, every

MONTHS = ("January", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "October", "Nov", "Dec")


def expiry(rng: Random) -> tuple[str, str]:
    """Return an expiry date as written and its bare value MMYY."""
    month, year = rng.randint(1, 12), rng.randint(25, 32)
    written = rng.choice(
        (
            f"{month:02}/{year}",
            f"{month:02}/{year}",
            f"{month:02}/20{year}",
            f"{month:02}-{year}",
            f"{month:02} {year}",
        )
    )
    return written, "".join(c for c in written if c.isdigit())


def printed_card(rng: Random) -> Piece:
    """Return a common card, compact or in fours."""
    number = numbers.common_card(rng)
    return Piece("CREDIT_CARD", number, rng.choice(("", " ", " ", "-")).join(every(number, 4)))


def with_expiry(*labels: str) -> Write:
    """Return a card with its expiry date."""

    def parts(rng: Random) -> Parts:
        written, value = expiry(rng)
        return [printed_card(rng), rng.choice(labels), Piece("CARD_EXPIRY", value, written)]

    return parts


def with_code(*labels: str) -> Write:
    """Return a card with its security code."""

    def parts(rng: Random) -> Parts:
        code = numbers.digits(rng, 3)
        return [printed_card(rng), rng.choice(labels), Piece("CARD_SECURITY_CODE", code, code)]

    return parts


def with_both(*labels: tuple[str, str]) -> Write:
    """Return a card with its expiry date and security code."""

    def parts(rng: Random) -> Parts:
        written, value = expiry(rng)
        code = numbers.digits(rng, 3)
        before, between = rng.choice(labels)
        return [
            printed_card(rng),
            before,
            Piece("CARD_EXPIRY", value, written),
            between,
            Piece("CARD_SECURITY_CODE", code, code),
        ]

    return parts


def code_first(rng: Random) -> Parts:
    """Return a security code and an expiry date told before the card."""
    written, value = expiry(rng)
    code = numbers.digits(rng, 3)
    return [
        rng.choice(("cvv ", "CVC: ", "security code ")),
        Piece("CARD_SECURITY_CODE", code, code),
        rng.choice((", exp ", " expires ", "; expiry ")),
        Piece("CARD_EXPIRY", value, written),
        rng.choice((", card ", " card number ", "; number ")),
        printed_card(rng),
    ]


def expiry_in_words(rng: Random) -> Parts:
    """Return a card with an expiry date whose month is a word."""
    month, year = rng.choice(MONTHS), rng.randint(2025, 2032)
    written = f"{month} {year}"
    return [
        printed_card(rng),
        rng.choice((" expires ", ", expiry date ", " exp. ", " valid until ")),
        Piece("CARD_EXPIRY", f"{month.upper()}{year}", written),
    ]


def beside_account(rng: Random) -> Parts:
    """Return a card next to a sort code and an account number."""
    sort, account = rng.choice(numbers.ACCOUNTS)
    return [
        printed_card(rng),
        rng.choice((", sort code ", " sort code ", "; sort ", "\nsort code: ")),
        Piece("UK_BANK_ACCOUNT", sort, "-".join((sort[:2], sort[2:4], sort[4:]))),
        rng.choice((" account ", ", account number ", " acc no ", "\naccount: ")),
        Piece("UK_BANK_ACCOUNT", account, account),
    ]


def beside_nino(rng: Random) -> Parts:
    """Return a card and a National Insurance number in one text."""
    number = numbers.nino(rng)
    return [
        printed_card(rng),
        rng.choice((" and NI ", ", national insurance ", " / ", "\n", " ")),
        Piece("UK_NINO", number, number),
    ]


def among_numbers(rng: Random) -> Parts:
    """Return a card between a sum and a date."""
    return [
        rng.choice(("£120.50, ", "ref 2291, ", "order 77812: ", "(1) ", "12/03/2024, ")),
        printed_card(rng),
        rng.choice((", £34.99", " on 12/03/2024", " at 10:45", " (2 times)", ", 3 May")),
    ]


BESIDE: dict[str, Write] = {
    "with expiry": with_expiry(" exp ", " expires ", ", expiry ", " exp: ", "\nExpiry: ", " valid to "),
    "with expiry, no label": with_expiry(" ", ", ", "\n"),
    "with security code": with_code(" cvv ", " CVC ", ", security code ", " cvv: ", " cv2 ", "\nCVV: "),
    "with expiry and code": with_both(
        (" exp ", " cvv "),
        (", expiry ", ", security code "),
        ("\nExp: ", "\nCVC: "),
        (" expires ", " and cvv is "),
    ),
    "with expiry and bare code": with_both((" ", " "), (", ", ", "), ("\n", "\n"), (" exp ", " ")),
    "code and expiry first": code_first,
    "expiry month in words": expiry_in_words,
    "beside a sort code": beside_account,
    "beside a National Insurance number": beside_nino,
}
