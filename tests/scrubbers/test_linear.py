"""Time grows with the length of the text and no faster, for the worst texts we know."""

import gc
import time
from collections.abc import Iterator

import pytest

from bench.worst_texts import WORST
from scrubbers import Scrubber

SCRUBBER = Scrubber(time_limit=60)
LENGTH = 6_250
DOUBLINGS = 4  # to 100,000 characters
RATIO = 2.2
TRIES = 20


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
