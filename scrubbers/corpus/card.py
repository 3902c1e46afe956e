"""The manners of writing a payment card number, and what stands beside it."""

from collections.abc import Callable
from random import Random

from scrubbers.corpus import numbers, words
from scrubbers.corpus.beside_card import BESIDE, among_numbers
from scrubbers.corpus.formats import FORMATS, Format, Groups
from scrubbers.corpus.parts import (
    Manner,
    Parts,
    Piece,
    Write,
    cut,
    every,
    piece_in_tags,
    spoken,
    surrounded,
    two,
)

KIND = "CREDIT_CARD"


def as_printed(number: str) -> Groups:
    """Return the groups as the networks print them: 4-6-5, 4-6-4, or fours."""
    if len(number) in (14, 15) and number[0] == "3":
        return cut(number, 4, 6, len(number) - 10)
    return every(number, 4)


def one(write: Callable[[Random, str], str], make: Callable[[Random], str] = numbers.common_card) -> Write:
    """Return the parts of a text with one card, written by a function of the number."""

    def parts(rng: Random) -> Parts:
        number = make(rng)
        return piece_in_tags(KIND, number, write(rng, number))

    return parts


def grouped(separators: tuple[str, ...], size: int) -> Write:
    """Return a writing of a 16-digit card with a separator between groups of this size."""
    return one(lambda rng, number: rng.choice(separators).join(every(number, size)))


def of(*networks: str) -> Callable[[Random], str]:
    """Return a maker of numbers of the networks named."""
    return lambda rng: numbers.card(rng, *networks)


def network(*networks: str) -> Write:
    """Return a network's card, compact or as printed, with spaces or hyphens."""
    return one(lambda rng, number: rng.choice(("", " ", " ", "-")).join(as_printed(number)), of(*networks))


def in_format(form: Format) -> Write:
    """Return a writing in a Unicode or markup format, in groups as printed."""
    return one(
        lambda rng, number: form(rng, as_printed(number)),
        lambda rng: (
            numbers.card(rng, "american express", "discover")
            if rng.random() < 0.2
            else numbers.common_card(rng)
        ),
    )


def common(rng: Random) -> Piece:
    """Return a card as most people hold and write it, compact or in fours."""
    number = numbers.common_card(rng)
    return Piece(KIND, number, rng.choice(("", "", " ", "-")).join(every(number, 4)))


def masked(*shown: tuple[int, int]) -> Write:
    """Return a card of which the first and last digits are shown and the rest masked."""

    def parts(rng: Random) -> Parts:
        number = numbers.common_card(rng)
        first, last = rng.choice(shown)
        mask = rng.choice("*xX•#")
        text = number[:first] + mask * (16 - first - last) + number[16 - last :]
        value = number[:first] + "*" * (16 - first - last) + number[16 - last :]
        return [Piece(KIND, value, rng.choice(("", " ", "-")).join(every(text, 4)))]

    return parts


def unionpay_without_luhn(rng: Random) -> str:
    """Return a UnionPay number that fails Luhn, as some do."""
    number = numbers.card(rng, "unionpay")
    return number[:-1] + str((int(number[-1]) + rng.randint(1, 9)) % 10)


def several(rng: Random, number: str) -> str:
    """Return the groups with a different separator in each gap."""
    out = ""
    for group in every(number, 4):
        out += rng.choice((" ", "-", ".", "/", "", "  ", ", ")) + group if out else group
    return out


def odd_groups(rng: Random, number: str) -> str:
    """Return the 16 digits in groups as people break them when they copy."""
    sizes = rng.choice(
        ((5, 5, 6), (6, 4, 6), (4, 12), (12, 4), (6, 10), (3, 3, 4, 6), (4, 4, 8), (8, 4, 4), (1, 15))
    )
    return rng.choice((" ", " ", "-")).join(cut(number, *sizes))


def lettered(zero: str, ones: str) -> Write:
    """Return a card with letters typed for the digits 0 and 1."""

    def make(rng: Random) -> str:
        while True:
            number = numbers.common_card(rng)
            if "0" in number and "1" in number:
                return number

    return one(
        lambda rng, number: rng.choice(("", " ", "-")).join(
            every(number.replace("0", rng.choice(zero)).replace("1", rng.choice(ones)), 4)
        ),
        make,
    )


def told(rng: Random, number: str) -> str:
    """Return the groups with words between them, as one says them to a clerk."""
    return rng.choice((" then ", " and then ", " dash ", " space ", ", next ")).join(every(number, 4))


PLAIN: dict[str, Write] = {
    "compact": grouped(("",), 16),
    "fours": grouped((" ",), 4),
    "fours with hyphens": grouped(("-",), 4),
    "fours with dots": grouped((".",), 4),
    "fours with slashes": grouped(("/",), 4),
    "fours with underscores": grouped(("_",), 4),
    "fours with commas": grouped((",", ", "), 4),
    "fours with double spaces": grouped(("  ", "   "), 4),
    "fours with spaced hyphens": grouped((" - ", "- ", " -"), 4),
    "fours with mixed separators": one(several),
    "fours with tabs": grouped(("\t",), 4),
    "fours on new lines": grouped(("\n",), 4),
    "pairs": grouped((" ", "-"), 2),
    "eights": grouped((" ", "-"), 8),
    "odd groups": one(odd_groups),
    "one by one": grouped((" ",), 1),
    "one by one with marks": grouped(("-", ".", ", ", "/"), 1),
    "in brackets": surrounded(common, ("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("((", "))")),
    "in quotes": surrounded(common, ('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("«", "»")),
    "before punctuation": surrounded(
        common, ("", "."), ("", ","), ("", "!!"), ("", "?"), ("", ";"), ("", "...")
    ),
    "after a label": surrounded(
        common, ("card:", ""), ("no.", ""), ("VISA:", ""), ("CC#", ""), ("card=", ""), ("PAN:", "")
    ),
    "after a dash": surrounded(
        common, ("- ", ""), ("-", ""), ("– ", ""), ("* ", ""), ("> ", ""), ("1. ", "")
    ),
    "two cards": two(common, " and ", " or ", ", then ", " (mine), ", " not "),
    "side by side": two(common, " ", ", ", " / ", "\n", "; ", " & "),
    "published test numbers": one(
        lambda rng, n: rng.choice(("", " ", "-")).join(as_printed(n)),
        lambda rng: rng.choice([n for n in numbers.PUBLISHED if len(n) > 13]),
    ),
    "visa": network("visa"),
    "mastercard": network("mastercard"),
    "mastercard 2-series": network("mastercard 2-series"),
    "american express": network("american express"),
    "american express in fours": one(
        lambda rng, n: rng.choice(" -").join(every(n, 4)), of("american express")
    ),
    "american express with dots": one(
        lambda rng, n: rng.choice((".", "/", "  ", "_")).join(as_printed(n)), of("american express")
    ),
    "diners": network("diners"),
    "diners in fours": one(lambda rng, n: rng.choice(" -").join(every(n, 4)), of("diners")),
    "diners 16": network("diners 16"),
    "discover": network("discover"),
    "jcb": network("jcb"),
    "unionpay": network("unionpay"),
    "mir": network("mir"),
    "visa 19": network("visa 19"),
}
# Rare lengths, in frames that say that it is a card.
LABELLED: dict[str, Write] = {
    "visa 13": network("visa 13"),
    "visa 18": network("visa 18"),
    "jcb 15": network("jcb 15"),
    "unionpay 17 to 19": network("unionpay 17 to 19"),
    "maestro 16": network("maestro 16"),
    "maestro short": network("maestro short"),
    "maestro long": network("maestro long"),
}
WRAPPED: dict[str, Write] = {
    "html attribute": surrounded(
        common, ('<input name="pan" value="', '">'), ("<a title='", "' href='#'>x</a>")
    ),
    "html element": surrounded(
        common, ("<p>", "</p>"), ("<strong>", "</strong>"), ("<td>", "</td>"), ("<card>", "</card>")
    ),
    "json field": surrounded(
        common, ('{"card":"', '"}'), ('{"pan": "', '", "ok": false}'), ('\\"', '\\"'), ('{"n":', "}")
    ),
    "url query": surrounded(
        common, ("https://www.example.gov.uk/pay?card=", "&step=2"), ("/search?q=", ""), ("?pan=", "#top")
    ),
    "url path": surrounded(common, ("https://www.example.gov.uk/pay/", "/confirm"), ("/cards/", "")),
    "email header": surrounded(
        common, ("Subject: RE: ", " payment\nFrom: Payments\n"), ("Subject: ", "\n"), ("Fwd: ", "\n")
    ),
    "csv row": surrounded(common, ("Evans,", ",refused"), ('"Evans";"', '";"refused"'), ("Price,", ",x")),
    "markdown marks": surrounded(
        common, ("**", "**"), ("`", "`"), ("_", "_"), ("[", "](#)"), ("# ", "\n"), ("~~", "~~")
    ),
    "table row": surrounded(common, ("| Card | ", " |"), ("Card\t", "\tno"), ("|", "|")),
}
HARD: dict[str, Write] = {
    "letter O for zero": lettered("Oo", "1"),
    "letter I or l for one": lettered("0", "Il"),
    "letters O and I": lettered("Oo", "IlL"),
    "digits as words": one(lambda rng, n: words.english(rng, n)),
    "groups of words": one(lambda rng, n: ", ".join(words.english(rng, g) for g in every(n, 4))),
    "some digits as words": one(lambda rng, n: f"{n[:4]} {n[4:8]} {n[8:12]} {words.english(rng, n[12:])}"),
    "digits as words in Welsh": one(lambda rng, n: words.welsh(rng, n)),
    "double and triple": one(
        words.doubled,
        lambda rng: rng.choice(
            [n for n in numbers.PUBLISHED if len(n) == 16 and n[:2] in {"42", "55", "51", "22"}]
        ),
    ),
    "told with words between": one(told),
    "bracketed groups": one(
        lambda rng, n: (b := rng.choice(("()", "[]", "{}"))) and "".join(b[0] + g + b[1] for g in every(n, 4))
    ),
    "colons": grouped((":", " : "), 4),
    "hashes and stars": grouped(("#", " * ", "~", "=", ";"), 4),
    "quoted groups": one(lambda rng, n: rng.choice((" ", ", ")).join(f'"{g}"' for g in every(n, 4))),
    "pipes and pluses": grouped(("|", "+", " + ", "\\"), 4),
    "wide gaps": grouped(("        ", "          ", " " * 14), 4),
    "blank lines": grouped(("\n\n", "\n\n\n", " \n \n"), 4),
    "separators in a row": grouped((" -- ", "---", ". - ", " / / ", "...", "__"), 4),
    "glued to words": surrounded(
        common, ("card", ""), ("mycardis", "thanks"), ("visa", "exp"), ("cardnumber", "")
    ),
    "glued to a sentence": surrounded(
        common, ("number:", "please"), ("its", ","), ("card-", "-thanks"), ("ref/", "/x")
    ),
    "beside other numbers": among_numbers,
}
HARD_LABELLED: dict[str, Write] = {
    "one wrong digit": one(lambda rng, n: rng.choice(("", " ", "-")).join(every(n, 4)), numbers.wrong_card),
    "unionpay without check digit": one(
        lambda rng, n: rng.choice(("", " ", "-")).join(every(n, 4)), unionpay_without_luhn
    ),
    "masked but twelve digits": masked((8, 4), (4, 8)),
    "masked middle": masked((6, 4), (4, 4), (6, 6)),
    "first digits only masked": masked((0, 8), (0, 12), (0, 6)),
}

MANNERS = (
    *(Manner(KIND, f"card: {name}", "plain", write, "card any") for name, write in PLAIN.items()),
    *(Manner(KIND, f"card: {name}", "plain", write, "card") for name, write in LABELLED.items()),
    *(Manner(KIND, f"card: {name}", "plain", write, "card details") for name, write in BESIDE.items()),
    Manner(
        KIND,
        "card: nothing else",
        "plain",
        one(lambda rng, n: rng.choice(("", " ", "-")).join(every(n, 4))),
        "alone",
    ),
    Manner(
        KIND,
        "card: in a long letter",
        "plain",
        one(lambda rng, n: rng.choice(("", " ")).join(every(n, 4))),
        "long",
    ),
    *(Manner(KIND, f"card: {name}", "format", in_format(form), "card any") for name, form in FORMATS.items()),
    *(Manner(KIND, f"card: {name}", "format", write, "card any") for name, write in WRAPPED.items()),
    *(Manner(KIND, f"card: {name}", "hard", write, "card any", spoken(name)) for name, write in HARD.items()),
    *(Manner(KIND, f"card: {name}", "hard", write, "card") for name, write in HARD_LABELLED.items()),
)
