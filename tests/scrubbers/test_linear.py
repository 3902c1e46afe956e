"""Time grows with the length of the text and no faster, for the worst texts we know."""

import gc
import time
from collections.abc import Iterator

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(time_limit=60)
LENGTH = 6_250
DOUBLINGS = 4  # to 100,000 characters
RATIO = 2.2
TRIES = 20

WORST = {
    "digits": "4",
    "digits apart": "4 ",
    "digits in lines": "4\n",
    "valid cards": "4111111111111111 ",
    "valid cards in a row": "4111111111111111",
    "cards in groups": "4111 1111 1111 1111 5555 5555 5555 4444 ",
    "groups of four": "4111 ",
    "mistyped cards": "card 4111 1111 1111 1112 ",
    "numbers": "CE123456C ",
    "numbers in a row": "CE123456C",
    "temporary numbers": "11 A1 11 11 ",
    "letters": "AB",
    "number words": "four ",
    "Welsh tens": "un deg ",
    "repeated words": "double four ",
    "joined numbers": "4 and ",
    "spelled separators": "4 dash ",
    "spelled letters": "Alpha ",
    "look-alikes": "1l",
    "look-alikes apart": "O0 ",
    "masks": "4**",
    "stars": "*",
    "masked cards": "411111******1111 ",
    "tags": "<b>4",
    "open tags": "<b",
    "entities": "&#52;",
    "ampersands": "&amp;",
    "percent": "%25",
    "percent digits": "%34",
    "backslashes": "\\",
    "JSON escapes": "\\u0034",
    "soft breaks": "=20",
    "brackets": "[A",
    "markers": "[UK_NINO] ",
    "zero-width": "4\u200b",
    "only zero-width": "\u200b",
    "marks": "\u0301",
    "full-width": "４",
    "surrogates": "\ud800",
    "pipes": "|",
    "dashes": "-",
    "context words": "ni number ",
    "dates by a card": "exp 12/27 ",
    "codes by a card": "cvv is is ",
    "at signs": "@",
    "at words": "at at ",
    "addresses": "a@b.co ",
    "dots before at": "a." * 40 + "@",
    "telephones": "07700 900123 ",
    "telephones one by one": "0 7 7 0 0 9 0 0 1 2 3 ",
    "telephones abroad": "+1 2 3 4 5 6 7 8 9 ",
    "banks": "20-29-59 12345678 ",
    "named banks": "sort code 202959 ",
    "starts of IBANs": "GB82 ",
    "ten digits": "NHS 9990000018 ",
    "taxes": "UTR 1955839661 ",
    "passports": "passport 123456789 ",
    "licences": "MORGA657054 ",
    "births": "born 3 may ",
}


def seconds(unit: str, length: int) -> float:
    """Processor time of one scrub of so many characters."""
    text = "4111111111111111 " + unit * (length // len(unit)) + " CE123456"
    start = time.process_time()
    SCRUBBER.scrub(text)
    return time.process_time() - start


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Keeps Python's collector, which looks at all objects of the whole test run, out of the times."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_each_doubling_of_the_text_takes_at_most_about_twice_the_time(unit: str) -> None:
    bound = RATIO**DOUBLINGS
    short = long = float("inf")
    # The least of several tries, over several doublings: the machine may be busy.
    for _ in range(TRIES):
        short = min(short, *(seconds(unit, LENGTH) for _ in range(3)))
        long = min(long, seconds(unit, LENGTH * 2**DOUBLINGS))
        if long <= bound * short:
            break
    assert long <= bound * short
