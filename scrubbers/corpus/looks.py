"""Makers of look-alikes: checksums, barcodes, readings and other numbers that are not personal."""

from collections.abc import Callable
from random import Random
from uuid import UUID

from scrubbers.corpus.numbers import DIGITS, NINO_NEVER, digits, luhn_end, luhn_sum

Look = Callable[[Random], str]


def any_of(*choices: str) -> Look:
    """Return one of the choices, `#` being a random digit and `@` a random capital."""

    def write(rng: Random) -> str:
        pattern = rng.choice(choices)
        return "".join(
            rng.choice(DIGITS) if c == "#" else rng.choice("ABCDEFGHJKLMNPRSTUWY") if c == "@" else c
            for c in pattern
        )

    return write


def failing(rng: Random, number: str) -> str:
    """Return the number with a last digit that fails Luhn."""
    while luhn_sum(number) == 0:
        number = number[:-1] + rng.choice(DIGITS)
    return number


def money(rng: Random) -> str:
    """Return a sum of money."""
    pounds = rng.choice(
        (
            rng.randint(1, 99),
            rng.randint(100, 3000),
            rng.randint(10_000, 999_999),
            rng.randint(1_000_000, 99_999_999),
        )
    )
    return rng.choice(
        (
            f"£{pounds}",
            f"£{pounds:,}",
            f"£{pounds}.{rng.randint(0, 99):02}",
            f"£{pounds:,}.{rng.randint(0, 99):02}",
            f"{pounds} pounds",
            f"{pounds}p",
        )
    )


def uuid(rng: Random) -> str:
    """Return a UUID; one in four of digits only."""
    if rng.random() < 0.25:
        return f"{digits(rng, 8)}-{digits(rng, 4)}-4{digits(rng, 3)}-8{digits(rng, 3)}-{digits(rng, 12)}"
    text = str(UUID(int=rng.getrandbits(128), version=4))
    return rng.choice((text, text, text.upper(), text.replace("-", "")))


def hashed(rng: Random) -> str:
    """Return a checksum in hex; one in four holds what looks like a National Insurance number."""
    text = f"{rng.getrandbits(256):064x}"[: rng.choice((32, 40, 64))]
    if rng.random() < 0.25:
        text = text[:9] + "ce" + digits(rng, 6) + "c" + text[18:]
    return text


def hexadecimal(rng: Random) -> str:
    """Return a hex number of six to sixteen places."""
    return f"{rng.getrandbits(64):016x}"[: rng.choice((6, 8, 10, 12, 16))]


def decimal(rng: Random) -> str:
    """Return a decimal fraction with many places."""
    whole, places = rng.choice(("0", "3", "51", "-3", "1")), rng.choice((6, 9, 12, 15, 17))
    return f"{whole}.{rng.choice('123456789')}{digits(rng, places)}"


def imei(rng: Random) -> str:
    """Return a handset number of 15 digits, Luhn-valid."""
    number = luhn_end(rng.choice(("35", "86", "01", "99")) + digits(rng, 12))
    return rng.choice(
        (
            number,
            f"{number[:2]}-{number[2:8]}-{number[8:14]}-{number[14:]}",
            f"{number[:2]} {number[2:8]} {number[8:14]} {number[14:]}",
        )
    )


def ean13(rng: Random, start: str) -> str:
    """Return a 13-digit article number with its check digit (GS1)."""
    body = start + digits(rng, 12 - len(start))
    return body + str(-sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(body)) % 10)


def isbn(rng: Random) -> str:
    """Return an ISBN-13, compact or with hyphens."""
    number = ean13(rng, rng.choice(("978", "978", "979")))
    return rng.choice(
        (
            number,
            f"{number[:3]}-{number[3]}-{number[4:8]}-{number[8:12]}-{number[12]}",
            f"{number[:3]} {number[3:]}",
        )
    )


def barcode(rng: Random) -> str:
    """Return a barcode: EAN-13 of Britain and elsewhere, EAN-8, UPC."""
    return rng.choice(
        (ean13(rng, "50"), ean13(rng, "50"), ean13(rng, "87"), digits(rng, 8), "0" + digits(rng, 11))
    )


def table(rng: Random) -> str:
    """Return a row or column of four-digit numbers that rise like readings."""
    while True:
        count = rng.choice((3, 4, 5, 9, 10, 12))
        value, step, rows = rng.randint(1000, 8000), rng.randint(3, 90), []
        for _ in range(count):
            rows.append(f"{value:04}")
            value += rng.randint(1, step)
        # Four numbers that make a valid card are one to any reader; longer lists hold such fours by chance.
        if count >= 9 or not any(
            luhn_sum("".join(rows[at:end])) == 0 for at in range(count) for end in range(at + 3, count + 1)
        ):
            return rng.choice((" ", ", ", "\n", "\t", " / ", " | ")).join(rows)


def never_prefix(rng: Random) -> str:
    """Return what looks like a National Insurance number with a prefix that was never issued."""
    prefix = rng.choice(
        (
            *sorted(NINO_NEVER - {"TN"}),
            "DA",
            "FB",
            "IC",
            "QE",
            "UH",
            "VK",
            "AD",
            "BF",
            "CI",
            "EQ",
            "GU",
            "HV",
            "AO",
        )
    )
    body, suffix = digits(rng, 6), rng.choice("ABCD")
    return rng.choice(
        (
            prefix + body + suffix,
            f"{prefix} {body[:2]} {body[2:4]} {body[4:]} {suffix}",
            f"{prefix} {body} {suffix}",
            f"{prefix}-{body}",
        )
    )


def card_like(rng: Random) -> str:
    """Return 16 digits that start like a card and fail Luhn, grouped or not."""
    start = rng.choice(("4", "51", "54", "2221", "6011"))
    number = failing(rng, start + digits(rng, 16 - len(start)))
    return rng.choice(
        (
            number,
            number,
            " ".join(number[i : i + 4] for i in range(0, 16, 4)),
            "-".join(number[i : i + 4] for i in range(0, 16, 4)),
        )
    )


def grid(rng: Random) -> str:
    """Return an Ordnance Survey grid reference, Welsh squares mostly."""
    square = rng.choice(("SH", "SJ", "SN", "SO", "SS", "ST", "SM", "SK", "TL"))
    east, north = digits(rng, 3), digits(rng, 3)
    return rng.choice(
        (
            f"{square} {east} {north}",
            f"{square}{east}{north}",
            f"{square} {east}{digits(rng, 2)} {north}{digits(rng, 2)}",
            f"{square} {east[:2]} {north[:2]}",
        )
    )


def coordinates(rng: Random) -> str:
    """Return a latitude and longitude in Wales."""
    north, west = 51 + rng.random() * 2, 3 + rng.random() * 2
    places = rng.choice((4, 6, 8, 14))
    return rng.choice(
        (
            f"{north:.{places}f}, -{west:.{places}f}",
            f"{north:.{places}f},-{west:.{places}f}",
            f"{int(north)}°{rng.randint(0, 59)}'{rng.randint(0, 59)}\"N {int(west)}°{rng.randint(0, 59)}'W",
        )
    )


def tracking(rng: Random) -> str:
    """Return a parcel's tracking number."""
    return any_of(
        "RR########5GB",
        "JD00########0#####",
        "QQ ### ### ### GB",
        "H0#########@",
        "1Z@@@###0#########",
        "15#############",
    )(rng)


def library_card(rng: Random) -> str:
    """Return a library card's barcode: 14 digits from 2, Luhn-valid, in no card range."""
    number = luhn_end("2" + rng.choice("013456789") + digits(rng, 11))
    return number if not number.startswith(("2131", "222", "22")) else "20" + digits(rng, 12)


def code(rng: Random) -> str:
    """Return what a broken page shows."""
    return any_of(
        "{{ fee_#### }}",
        "NaN-##-##",
        "undefined[##]",
        "TypeError: 0x########",
        "%%FEE_##%%",
        "x = #### + ####;",
        "E_####_@@",
        "HTTP 50#",
        "ORA-#####",
        "AADSTS5####",
    )(rng)


def ambiguous(rng: Random) -> str:
    """Return a sentence whose words and numbers stand as in a National Insurance number."""
    return any_of(
        "we go to 120000 a",
        "at 12 34 56 a bell rings",
        "it is 123456 a big number is it not, number ##",
        "my 12 34 56 button sequence for the gate #### does not work",
        "on 12 05 19 a lorry hit house ##",
        "me 20 30 40 can choose from the bands, band ##",
        "so 150000 a year is enough for ## of you?",
        "as 250000 a year goes to ##",
        "no 10 12 14 b are in the same block as ##",
        "he 40 she 38 and the kids 10 12 a family of ##",
        "we had 10 20 30 c temperatures in ## rooms",
        "at ###### a month",
        "by ###### a council house costs more",
        "to ###### d",
        "page ### ### a",
    )(rng)
