"""Time grows with the length of the text and no faster, for the worst texts we know."""

import time

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(time_limit=60)
LENGTH = 50_000
RATIO = 2.2
TRIES = 15

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
}


def seconds(text: str) -> float:
    """Processor time of one scrub."""
    start = time.process_time()
    SCRUBBER.scrub(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_twice_the_text_takes_at_most_about_twice_the_time(unit: str) -> None:
    once = "4111111111111111 " + unit * (LENGTH // len(unit)) + " CE123456"
    twice = "4111111111111111 " + unit * (2 * LENGTH // len(unit)) + " CE123456"
    times: list[tuple[float, float]] = []
    # The least of several tries: the machine may be busy.
    for _ in range(TRIES):
        times.append((seconds(once), seconds(twice)))
        least = [min(column) for column in zip(*times, strict=True)]
        if least[1] <= RATIO * least[0]:
            break
    assert least[1] <= RATIO * least[0] + 0.002
