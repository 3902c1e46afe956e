"""The texts that cost scrubbing most, and how the time grows with their length up to 100,000 characters."""

import statistics
import time
from itertools import pairwise

from bench.measure import Measure, Size, Yielded
from scrubbers import Scrubber

TABLE = "The worst texts"
LENGTHS = (25_000, 50_000, 100_000)
MOST_TURNS = 3  # processor time varies little, and a turn takes a minute
GROWTH = 2.2  # times the time for twice the text, at most

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
"""Units that are repeated to any length."""


def worst_text(unit: str, length: int) -> str:
    """A text of about so many characters, with a number at either end."""
    return "4111111111111111 " + unit * (length // len(unit)) + " CE123456"


def seconds(scrubber: Scrubber, text: str) -> float:
    """Processor time of one scrub."""
    start = time.process_time()
    scrubber.scrub(text)
    return time.process_time() - start


def measures(size: Size) -> Yielded:
    """The slowest and the middle one of all, by length, and the most that twice the length costs."""
    scrubber = Scrubber(time_limit=60)
    times: dict[str, list[float]] = {}
    for name, unit in WORST.items():
        texts = [worst_text(unit, length) for length in LENGTHS]
        times[name] = [
            min(seconds(scrubber, text) for _ in range(min(size.turns, MOST_TURNS))) * 1e3 for text in texts
        ]
    columns = dict(
        zip((f"{length:,} characters" for length in LENGTHS), zip(*times.values(), strict=True), strict=True)
    )
    yield Measure(
        TABLE, f"ms, the slowest of {len(WORST)}", {name: max(each) for name, each in columns.items()}
    )
    yield Measure(
        TABLE, "ms, the middle one", {name: statistics.median(each) for name, each in columns.items()}
    )
    growth = [[longer / shorter for shorter, longer in pairwise(each)] for each in times.values()]
    doubled = dict(zip(list(columns)[1:], map(max, zip(*growth, strict=True)), strict=True))
    yield Measure(TABLE, "most times that of half the length", doubled, limit=GROWTH, no_ratio=True)
