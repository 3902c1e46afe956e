"""The manners of writing a National Insurance number."""

from collections.abc import Callable
from random import Random

from scrubbers.corpus import numbers, words
from scrubbers.corpus.formats import CYRILLIC, FORMATS, GREEK, Format, Groups, translated
from scrubbers.corpus.parts import Manner, Parts, Piece, Write, cut, piece_in_tags, spoken, surrounded, two

KIND = "UK_NINO"


def pairs(number: str) -> Groups:
    """Return the groups as printed on the card: CE 12 34 56 C."""
    return cut(number, 2, 2, 2, 2)


def cased(rng: Random, number: str) -> str:
    """Return the number in capitals mostly, sometimes in small letters if its prefix is no word."""
    small = rng.random() < 0.3 and number[:2] not in numbers.NINO_WORDS
    return number.lower() if small else number


def one(write: Callable[[Random, str], str], make: Callable[[Random], str] = numbers.nino) -> Write:
    """Return the parts of a text with one number, written by a function of the number."""

    def parts(rng: Random) -> Parts:
        number = make(rng)
        return piece_in_tags(KIND, number, write(rng, number))

    return parts


def grouped(separators: tuple[str, ...], *sizes: int) -> Write:
    """Return a writing with a separator between groups of these sizes."""
    return one(lambda rng, number: rng.choice(separators).join(cut(cased(rng, number), *sizes)))


def short(rng: Random) -> str:
    """Return a number without its suffix letter."""
    return numbers.nino(rng)[:8]


def in_format(form: Format) -> Write:
    """Return a writing in a Unicode or markup format, grouped in pairs or in one group of six."""

    def write(rng: Random, number: str) -> str:
        sizes = rng.choice(((2, 2, 2, 2, 1), (2, 2, 2, 2, 1), (2, 6, 1)))
        return form(rng, cut(cased(rng, number), *sizes))

    return one(write)


def look_alike(table: dict[int, int]) -> Write:
    """Return a writing whose letters come from another script; at least one of them has a double."""

    def make(rng: Random) -> str:
        while True:
            number = numbers.nino(rng)
            if any(ord(c) in table for c in number):
                return number

    return one(lambda rng, number: translated(table)(rng, pairs(number)), make)


def with_zero(rng: Random) -> str:
    """Return a number that holds a zero and a one, so that O and l can stand for them."""
    number = list(numbers.nino(rng))
    first, second = rng.sample(range(2, 8), 2)
    number[first], number[second] = "0", "1"
    return "".join(number)


def lettered(zero: str, ones: str) -> Callable[[Random, str], str]:
    """Return a writing with letters typed for the digits 0 and 1."""

    def write(rng: Random, number: str) -> str:
        body = number[2:8].replace("0", rng.choice(zero)).replace("1", rng.choice(ones))
        return rng.choice(("", " ")).join(cut(number[:2] + body + number[8:], 2, 2, 2, 2, 1))

    return write


def common(rng: Random) -> Piece:
    """Return a number as most people write it, compact or in pairs."""
    number = numbers.nino(rng)
    return Piece(KIND, number, rng.choice(("", "", " ")).join(pairs(cased(rng, number))))


def described(rng: Random, number: str) -> str:
    """Return the number told in parts, as one says it to a clerk."""
    prefix, body, suffix = number[:2], number[2:8], number[8:]
    return rng.choice(
        (
            f"{prefix} then {body} then {suffix}",
            f"{prefix} and then {body[:2]} {body[2:4]} {body[4:]} and the letter {suffix}",
            f"{prefix}, numbers {body}, last letter {suffix}",
            f"{prefix} dash {body[:2]} dash {body[2:4]} dash {body[4:]} dash {suffix}",
            f"{prefix} space {body[:2]} space {body[2:4]} space {body[4:]} space {suffix}",
        )
    )


def temporary(rng: Random) -> str:
    """Return an old temporary number: TN, date of birth, sex letter."""
    return f"TN{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randint(40, 99)}{rng.choice('MF')}"


def reference(rng: Random) -> str:
    """Return a Temporary Reference Number: 11 A1 11 11."""
    return f"{numbers.digits(rng, 2)}{rng.choice('ABCEGHJKLM')}{numbers.digits(rng, 5)}"


def administrative(rng: Random) -> str:
    """Return a number with an administrative prefix (HMRC NIM39110)."""
    prefix = rng.choice(("OO", "CR", "FY", "MW", "NC", "PP", "PY", "PZ"))
    return prefix + numbers.digits(rng, 6) + rng.choice("ABCD")


def odd_case(rng: Random, number: str) -> str:
    """Return the number with capitals and small letters mixed."""
    letters = rng.choice((number[0] + number[1].lower(), number[0].lower() + number[1]))
    return letters + number[2:8] + rng.choice((number[8].lower(), number[8]))


def several(rng: Random, number: str) -> str:
    """Return the groups with a different separator in each gap."""
    out = ""
    for group in pairs(number):
        out += rng.choice((" ", "-", ".", "/", "", "  ", ", ")) + group if out else group
    return out


def among_numbers(rng: Random) -> Parts:
    """Return a number between a date or a reference and a time, as on a letter."""
    return [
        rng.choice(("ref 2291 ", "12/03/2024 ", "(1) ", "page 2, ", "24 hrs ")),
        common(rng),
        rng.choice((" 2024", " 10:45", ", 3 times", " 01/02/23", " 7 days ago")),
    ]


PLAIN: dict[str, Write] = {
    "compact": grouped(("",), 9),
    "compact small letters": one(lambda _, number: number.lower(), numbers.nino_not_a_word),
    "mixed case": one(odd_case, numbers.nino_not_a_word),
    "pairs": one(lambda _, number: " ".join(pairs(number))),
    "pairs small letters": one(lambda _, number: " ".join(pairs(number)).lower(), numbers.nino_not_a_word),
    "group of six": grouped((" ",), 2, 6, 1),
    "suffix glued": grouped((" ",), 2, 7),
    "prefix glued": grouped((" ",), 8, 1),
    "ends glued to pairs": grouped((" ",), 4, 2, 3),
    "threes inside": grouped((" ",), 2, 3, 3, 1),
    "three threes": grouped((" ", "-"), 3, 3, 3),
    "two and four": one(
        lambda rng, number: " ".join(cut(cased(rng, number), *rng.choice(((2, 2, 4, 1), (2, 4, 2, 1)))))
    ),
    "hyphens": grouped(("-",), 2, 2, 2, 2, 1),
    "hyphens around six": grouped(("-",), 2, 6, 1),
    "dots": grouped((".",), 2, 2, 2, 2, 1),
    "slashes": grouped(("/",), 2, 2, 2, 2, 1),
    "underscores": grouped(("_",), 2, 2, 2, 2, 1),
    "commas": grouped((",", ", "), 2, 2, 2, 2, 1),
    "double spaces": grouped(("  ", "   "), 2, 2, 2, 2, 1),
    "spaced hyphens": grouped((" - ", "- ", " -"), 2, 2, 2, 2, 1),
    "mixed separators": one(several),
    "tabs": grouped(("\t",), 2, 2, 2, 2, 1),
    "new lines": grouped(("\n",), 2, 2, 2, 2, 1),
    "one by one": one(lambda rng, number: " ".join(cased(rng, number))),
    "one by one with marks": one(lambda rng, number: rng.choice(("-", ".", "/", ", ")).join(number)),
    "in brackets": surrounded(common, ("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("((", "))")),
    "in quotes": surrounded(common, ('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("«", "»")),
    "before punctuation": surrounded(
        common, ("", "."), ("", ","), ("", "!!"), ("", "?"), ("", ";"), ("", "...")
    ),
    "after a label": surrounded(
        common, ("NI:", ""), ("NINO:", ""), ("NI no.", ""), ("NI#", ""), ("NI=", ""), ("N.I.", "")
    ),
    "after a dash": surrounded(
        common, ("- ", ""), ("-", ""), ("– ", ""), ("* ", ""), ("> ", ""), ("1. ", "")
    ),
    "two numbers": two(common, " and ", " or ", ", my wife ", " (mine), ", " not "),
    "side by side": two(common, " ", ", ", "/", " / ", "\n", "; ", " & "),
}
# Without the suffix letter, in frames that say what the number is.
SHORT: dict[str, Write] = {
    "no suffix": one(lambda rng, number: cased(rng, number), short),
    "no suffix, pairs": one(lambda rng, number: " ".join(pairs(cased(rng, number))), short),
    "no suffix, group of six": one(lambda rng, number: " ".join(cut(cased(rng, number), 2, 6)), short),
    "no suffix, hyphens": one(lambda rng, number: rng.choice("-./").join(pairs(number)), short),
}
WRAPPED: dict[str, Write] = {
    "html attribute": surrounded(
        common, ('<input name="nino" value="', '">'), ("<a href='#' title='", "'>x</a>")
    ),
    "html element": surrounded(
        common, ("<p>", "</p>"), ("<strong>", "</strong>"), ("<td>", "</td>"), ("<nino>", "</nino>")
    ),
    "json field": surrounded(common, ('{"nino":"', '"}'), ('{"nino": "', '", "ok": false}'), ('\\"', '\\"')),
    "url query": surrounded(
        common, ("https://www.example.gov.uk/claim?nino=", "&step=2"), ("/search?q=", ""), ("?ni=", "#top")
    ),
    "url path": surrounded(common, ("https://www.example.gov.uk/people/", "/edit"), ("/claims/", "")),
    "email header": surrounded(
        common, ("Subject: RE: ", " claim\nFrom: Benefits\n"), ("Subject: ", "\n"), ("Fwd: ", "\n")
    ),
    "csv row": surrounded(common, ("Evans,", ",refused"), ('"Evans";"', '";"refused"'), ("7,", ",x")),
    "markdown marks": surrounded(
        common, ("**", "**"), ("`", "`"), ("_", "_"), ("[", "](#)"), ("# ", "\n"), ("~~", "~~")
    ),
    "table row": surrounded(common, ("| NI | ", " |"), ("NI\t", "\tno"), ("|", "|")),
}
HARD: dict[str, Write] = {
    "letter O for zero": one(lettered("Oo", "1"), with_zero),
    "letter I or l for one": one(lettered("0", "Il"), with_zero),
    "letters O and I": one(lettered("Oo", "IlL"), with_zero),
    "digits as words": one(
        lambda rng, number: f"{number[:2]} {words.english(rng, number[2:8])} {number[8]}",
    ),
    "some digits as words": one(
        lambda rng, number: f"{number[:2]} {number[2:6]} {words.english(rng, number[6:8])} {number[8]}"
    ),
    "digits as words in Welsh": one(
        lambda rng, number: f"{number[:2]} {words.welsh(rng, number[2:8])} {number[8]}",
    ),
    "double and triple": one(
        lambda rng, number: f"{number[:2]} {words.doubled(rng, number[2:8])} {number[8]}",
        lambda rng: (n := numbers.nino(rng))[:4] + n[3] + n[5] * 2 + n[7:],
    ),
    "letters spelt out": one(
        lambda _, number: " ".join(words.SPOKEN[c] if c.isalpha() else c for c in number),
    ),
    "bracketed groups": one(
        lambda rng, number: (
            (b := rng.choice(("()", "[]", "{}"))) and "".join(b[0] + g + b[1] for g in pairs(number))
        )
    ),
    "colons": grouped((":", " : "), 2, 2, 2, 2, 1),
    "hashes and stars": grouped(("#", "*", " * ", "~", "="), 2, 2, 2, 2, 1),
    "quoted groups": one(lambda rng, number: rng.choice((" ", ", ")).join(f'"{g}"' for g in pairs(number))),
    "pipes and pluses": grouped(("|", "+", " + ", "\\"), 2, 2, 2, 2, 1),
    "wide gaps": grouped(("        ", "          ", " " * 14), 2, 2, 2, 2, 1),
    "blank lines": grouped(("\n\n", "\n\n\n", " \n \n"), 2, 2, 2, 2, 1),
    "separators in a row": grouped((" -- ", "---", ". - ", " / / ", "...", "__"), 2, 2, 2, 2, 1),
    "glued to words": surrounded(
        common, ("mynumberis", ""), ("nino", "thanks"), ("mynationalinsurancenumberis", ""), ("NI", "")
    ),
    "glued to a sentence": surrounded(
        common, ("number:", "please"), ("its", ","), ("ni-", "-thanks"), ("ref/", "/x")
    ),
    "beside other numbers": among_numbers,
}
HARD_LABELLED: dict[str, Write] = {
    "told in parts": one(described),
    "suffix far away": one(
        lambda rng, number: f"{number[:8]}{rng.choice(('   ', ' - ', ' / ', ', '))}{number[8]}"
    ),
    "temporary number": one(lambda rng, n: rng.choice(("", " ")).join(pairs(n)), temporary),
    "temporary reference": one(lambda rng, n: rng.choice(("", " ")).join(cut(n, 2, 2, 2, 2)), reference),
    "administrative prefix": one(lambda rng, n: rng.choice(("", " ")).join(pairs(n)), administrative),
    "no suffix, one by one": one(lambda _, n: " ".join(n), short),
    "no suffix, letter O": one(lettered("Oo", "1Il"), lambda rng: with_zero(rng)[:8]),
    "no suffix, digits as words": one(lambda rng, n: f"{n[:2]} {words.english(rng, n[2:])}", short),
}


MANNERS = (
    *(Manner(KIND, f"nino: {name}", "plain", write, "nino any") for name, write in PLAIN.items()),
    *(Manner(KIND, f"nino: {name}", "plain", write, "nino") for name, write in SHORT.items()),
    Manner(
        KIND, "nino: nothing else", "plain", one(lambda rng, n: rng.choice(("", " ")).join(pairs(n))), "alone"
    ),
    Manner(
        KIND,
        "nino: in a long letter",
        "plain",
        one(lambda rng, n: rng.choice(("", " ")).join(pairs(n))),
        "long",
    ),
    *(Manner(KIND, f"nino: {name}", "format", in_format(form), "nino any") for name, form in FORMATS.items()),
    *(Manner(KIND, f"nino: {name}", "format", write, "nino any") for name, write in WRAPPED.items()),
    Manner(KIND, "nino: Cyrillic letters", "format", look_alike(CYRILLIC), "nino any"),
    Manner(KIND, "nino: Greek letters", "format", look_alike(GREEK), "nino any"),
    *(Manner(KIND, f"nino: {name}", "hard", write, "nino any", spoken(name)) for name, write in HARD.items()),
    *(
        Manner(KIND, f"nino: {name}", "hard", write, "nino", spoken(name))
        for name, write in HARD_LABELLED.items()
    ),
    Manner(
        KIND,
        "nino: no suffix, no word nearby",
        "hard",
        one(lambda _, n: " ".join(pairs(n)), short),
        "nino unlabelled",
    ),
)
