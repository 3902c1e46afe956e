"""Digits and letters as people say them, in English and Welsh."""

from random import Random

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WELSH = ("dim", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw")
SPELLING = (
    *("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India"),
    *("Juliet", "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo"),
    *("Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray", "Yankee", "Zulu"),
)
SPOKEN = {name[0]: name for name in SPELLING}


def english(rng: Random, group: str) -> str:
    """Return the characters one by one, digits in English; zero is also "oh" or "nought"."""
    zero = rng.choice(("zero", "zero", "oh", "nought"))
    names = (zero, *ENGLISH[1:])
    return " ".join(names[int(c)] if c.isdigit() else c for c in group)


def welsh(rng: Random, group: str) -> str:
    """Return the characters one by one, digits in Welsh; zero is also "sero", two of them "dwy"."""
    zero = rng.choice(("dim", "sero"))
    names = (zero, *WELSH[1:])
    return " ".join(names[int(c)] if c.isdigit() else c for c in group)


def doubled(rng: Random, number: str) -> str:
    """Return the digits as read aloud on the telephone, with "double" and "triple"."""
    zero = rng.choice(("zero", "oh"))
    names = (zero, *ENGLISH[1:])
    out, at = [], 0
    while at < len(number):
        run = 1
        while at + run < len(number) and number[at + run] == number[at] and run < 3:
            run += 1
        name = names[int(number[at])] if number[at].isdigit() else number[at]
        out.append(("", "double ", "triple ")[run - 1] + name)
        at += run
    return " ".join(out)
