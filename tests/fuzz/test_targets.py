"""Some thousand changed bodies, addresses and texts on each run; `make fuzz` looks as long as it is told."""

from random import Random

import pytest

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import SEEDS, TARGETS


@pytest.mark.parametrize(("name", "rounds"), [("parsing", 3000), ("addresses", 3000), ("scrubbing", 150)])
def test_whatever_comes_is_read_or_refused(name: str, rounds: int):
    chance = Random(name)
    for seed in SEEDS:
        TARGETS[name](seed)
    for _ in range(rounds):
        TARGETS[name](mutated(chance.choice(SEEDS), chance))
