"""What each part of the model costs: measured figures, each with where it comes from; seconds."""

from dataclasses import dataclass
from typing import Final

_US: Final = 1e-6


@dataclass(frozen=True)
class Cost:
    """Of something that is done for many rows at once."""

    once: float
    row: float

    def of(self, rows: int) -> float:
        """For so many rows."""
        return self.once + self.row * rows


# `python -m bench.ingest`: processor time of one submission on SQLite, all of it.
ALL_ON_SQLITE: Final = 322 * _US
# `python -m bench.batches`: one transaction of submissions, by its rows: straight lines through these.
SQLITE_BATCH: Final = Cost(600 * _US, 85 * _US)
POSTGRES_BATCH: Final = Cost(700 * _US, 134 * _US)  # the server's part
DRIVER_BATCH: Final = Cost(800 * _US, 26 * _US)  # the worker's part
# The same for the counts of rates, which only workers on PostgreSQL share.
POSTGRES_RATES: Final = Cost(250 * _US, 6.5 * _US)
DRIVER_RATES: Final = Cost(370 * _US, 3.2 * _US)
# Rows of a batch in `bench.ingest`, as this model has them.
_ROWS_THEN: Final = 32
# All but the store: HTTP, parsing, scrubbing, the answer.
HTTP: Final = ALL_ON_SQLITE - SQLITE_BATCH.of(_ROWS_THEN) / _ROWS_THEN
# `python -m bench.overload`: what it sends is shorter and always the same, so that all of it costs less.
OF_OVERLOAD: Final = 179 * _US / ALL_ON_SQLITE
REFUSED: Final = 42 * _US
# The part of HTTP that comes after the store: the answer and writing it to the socket (docs/performance.md).
ANSWER: Final = 30 * _US
# One fdatasync of the machine that was measured, and of a slower disk or a standby that must answer first.
FLUSH: Final = 260 * _US
SLOW_FLUSH: Final = 2_000 * _US
# There and back between two machines of one data centre; an assumption.
NETWORK: Final = 250 * _US
