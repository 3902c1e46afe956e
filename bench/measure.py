"""What a benchmark yields: figures of several that did the same in one run, or why there are none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

DIGITS: Final = 4  # that count; what a fifth says is noise


@dataclass(frozen=True)
class Measure:
    """One thing measured of several; the first of them is what the others are compared with."""

    table: str
    what: str  # with its unit
    values: dict[str, float]  # medians, by who or what was measured
    high: dict[str, float] = field(default_factory=dict)  # what 95 of 100 did not exceed, where that is told
    limit: float | None = None  # what no median should exceed
    no_ratio: bool = False  # where how many times the first says nothing

    def __post_init__(self) -> None:
        for figures in (self.values, self.high):
            figures.update({name: rounded(value) for name, value in figures.items()})

    @property
    def over(self) -> list[str]:
        """Whose median is over the limit."""
        return [name for name, value in self.values.items() if self.limit and value > self.limit]


@dataclass(frozen=True)
class NotRun:
    """What should have been measured and was not, with the reason."""

    what: str
    why: str

    @classmethod
    def of(cls, what: str, fault: Exception) -> "NotRun":
        """The store's faults carry the engine's name for them apart."""
        return cls(what, f"{type(fault).__name__}: {getattr(fault, 'kind', fault)}")


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    name: str
    turns: int  # everything takes turns, so that a machine that slows down slows all
    seconds: int  # of load in a turn
    rows: tuple[int, int]
    times: int  # each question is asked
    every: int  # which of the texts are scored: every one, or every twentieth


FULL: Final = Size("full", turns=5, seconds=8, rows=(100_000, 1_000_000), times=60, every=1)
QUICK: Final = Size("quick", turns=1, seconds=3, rows=(1_000, 10_000), times=12, every=20)
SIZES: Final = {size.name: size for size in (FULL, QUICK)}

Yielded = Iterator[Measure | NotRun]


def rounded(value: float) -> float:
    """To the digits that count."""
    return float(f"{value:.{DIGITS}g}")
