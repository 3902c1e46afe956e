"""The manners of writing e-mail addresses, telephone numbers, postcodes, registrations and IP addresses."""

from random import Random

from scrubbers.corpus import numbers
from scrubbers.corpus.kinds import (
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
from scrubbers.corpus.parts import Piece, Write, cut, surrounded

EMAIL, PHONE = "EMAIL_ADDRESS", "PHONE_NUMBER"
POSTCODE, VEHICLE, ADDRESS = "UK_POSTCODE", "UK_VEHICLE_REGISTRATION", "IP_ADDRESS"
NAMES = ("sian", "gwyn.hughes", "j_price", "m-roberts", "carys", "tom.o.evans", "info", "d.w.rees")
# RFC 2606 and RFC 6761 keep these for examples.
HOSTS = ("example.com", "example.org", "mail.example.net", "post.example", "ysgol.example", "example.co.uk")


def email(rng: Random) -> str:
    """Return an address in a domain kept for examples."""
    return f"{rng.choice(NAMES)}{rng.choice(('', str(rng.randrange(1, 99))))}@{rng.choice(HOSTS)}"


def tagged_email(rng: Random) -> str:
    """Return an address with a plus tag or many dots."""
    return email(rng).replace("@", rng.choice(("+council@", "+bins@", ".home@", "_2@")))


def email_piece(rng: Random) -> Piece:
    """Return an address as a piece of a text."""
    value = email(rng)
    return Piece(EMAIL, bare(value), value)


def email_at(*signs: str) -> Write:
    """Return an address with something else for the at sign."""
    return one(EMAIL, email, lambda rng, value: value.replace("@", rng.choice(signs)))


def said_email(rng: Random, value: str) -> str:
    """Return an address with its signs in words."""
    at, dot = rng.choice((" at ", " (at) ", "[at]")), rng.choice((" dot ", "."))
    return value.replace("@", at).replace(".", dot)


def either_phone(rng: Random) -> str:
    """Return a mobile or landline number."""
    return numbers.mobile(rng) if rng.random() < 0.6 else numbers.landline(rng)


def with_area(rng: Random, value: str) -> str:
    """Return a landline number with its area code set off."""
    code = 5 if value.startswith("01632") else 3 if value.startswith("02") else 4
    area, *rest = cut(value, code, *((3,) if code == 4 else (4,) if code == 3 else ()))
    return rng.choice((value, f"{area} {' '.join(rest)}", f"({area}) {' '.join(rest)}"))


def international(rng: Random, value: str) -> str:
    """Return a British telephone number with its country code."""
    code = rng.choice(("+44", "0044", "+44 ", "+44 (0)", "+44(0) "))
    return code + rng.choice((value[1:], " ".join(cut(value[1:], 4, 3)), "-".join(cut(value[1:], 4))))


def spaced_postcode(rng: Random, value: str) -> str:
    """Return a postcode with its space, in either case."""
    return either_case(rng, f"{value[:-3]} {value[-3:]}")


def address_piece(rng: Random) -> Piece:
    """Return an IP address as a piece of a text."""
    value = numbers.address(rng)
    return Piece(ADDRESS, bare(value), value)


EMAILS = {
    "email: plain": ("plain", one(EMAIL, email)),
    "email: capitals": ("plain", one(EMAIL, email, lambda rng, v: rng.choice((v.upper(), v.title())))),
    "email: tags and dots": ("plain", one(EMAIL, tagged_email)),
    "email: in brackets or quotes": (
        "plain",
        surrounded(email_piece, ("<", ">"), ("(", ")"), ('"', '"'), ("mailto:", ""), ("", ".")),
    ),
    "email: percent-encoded at": ("format", email_at("%40")),
    "email: entity for at": ("format", email_at("&#64;", "&commat;", "＠")),
    "email: at and dot in words": ("hard", one(EMAIL, email, said_email)),
    "email: spaces around at": ("hard", email_at(" @ ", " @", "@ ")),
}
PHONES = {
    "phone: mobile compact": ("plain", one(PHONE, numbers.mobile)),
    "phone: mobile 5-6": ("plain", spaced(PHONE, numbers.mobile, (" ", "-"), 5)),
    "phone: mobile 5-3-3": ("plain", spaced(PHONE, numbers.mobile, (" ", "-", "."), 5, 3)),
    "phone: mobile odd groups": (
        "plain",
        grouped(PHONE, numbers.mobile, (" ", "-"), (4, 4, 3), (3, 4, 4), (5, 2, 2, 2), (4, 3, 4)),
    ),
    "phone: landline": ("plain", one(PHONE, numbers.landline, with_area)),
    "phone: international": ("plain", one(PHONE, either_phone, international)),
    "phone: full-width": ("format", formatted(PHONE, numbers.mobile, FULL_WIDTH, 5, 3)),
    "phone: no-break spaces": ("format", formatted(PHONE, numbers.mobile, NO_BREAK, 5, 3)),
    "phone: invisible marks": ("format", formatted(PHONE, numbers.mobile, INVISIBLE, 5)),
    "phone: one by one": ("hard", one(PHONE, numbers.mobile, lambda rng, v: rng.choice(" -.").join(v))),
}
POSTCODES = {
    "postcode: with space": ("plain", one(POSTCODE, numbers.postcode, spaced_postcode)),
    "postcode: compact": ("plain", one(POSTCODE, numbers.postcode, either_case)),
    "postcode: no-break space": (
        "format",
        one(
            POSTCODE,
            numbers.postcode,
            lambda rng, v: rng.choice(("\u00a0", "&nbsp;", "%20")).join((v[:-3], v[-3:])),
        ),
    ),
}
VEHICLES = {
    "vehicle: with space": (
        "plain",
        one(VEHICLE, numbers.vehicle, lambda rng, v: either_case(rng, f"{v[:4]} {v[4:]}")),
    ),
    "vehicle: compact": ("plain", one(VEHICLE, numbers.vehicle, either_case)),
}
ADDRESSES = {
    "ip: address": ("plain", one(ADDRESS, numbers.address, either_case)),
    "ip: in brackets or beside a port": (
        "plain",
        surrounded(address_piece, ("[", "]"), ("", "/32"), ("(", ")"), ("", ","), ("from=", ";")),
    ),
}
MANNERS = (
    *manners(EMAIL, "email", EMAILS),
    *manners(PHONE, "phone", PHONES),
    *manners(POSTCODE, "postcode", POSTCODES),
    *manners(VEHICLE, "vehicle", VEHICLES),
    *manners(ADDRESS, "ip", ADDRESSES),
)
