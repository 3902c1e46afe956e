"""Time grows with the length of the text and no faster, for the worst texts we know."""

import gc
from collections.abc import Iterator

import pytest

from bench.worst_texts import WORST, seconds, worst_text
from scrubbers import Scrubber

SCRUBBER = Scrubber(time_limit=60)
LENGTH = 6_250
DOUBLINGS = 4  # to 100,000 characters
RATIO = 2.2
TRIES = 20


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
    once, many = worst_text(unit, LENGTH), worst_text(unit, LENGTH * 2**DOUBLINGS)
    short = long = float("inf")
    # The least of several tries, over several doublings: the machine may be busy.
    for _ in range(TRIES):
        short = min(short, *(seconds(SCRUBBER, once) for _ in range(3)))
        long = min(long, seconds(SCRUBBER, many))
        if long <= bound * short:
            break
    assert long <= bound * short
