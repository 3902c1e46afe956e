"""How far a run of newer rules is: kept in the transaction of each of its steps, by one runner at a time."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from feedback.errors import Unavailable
from feedback.model.audit import Action, AuditEntry
from feedback.store.audit import record
from feedback.store.counts import placeholders
from feedback.store.database import Database, Row, Transaction

# A run that has not moved for so long has died; another may go on from where it stopped.
STALLED_MS: Final = 60_000
# Before the number of every submission and every page.
FIRST: Final = -(2**63) + 1

_COLUMNS: Final = (
    "version",
    "everything",
    "stage",
    "number",
    "total",
    "seen",
    "changed",
    "failed",
    "removed",
    "runner",
    "started_at",
    "moved_at",
)
_LIST: Final = ", ".join(_COLUMNS)


@dataclass(frozen=True, slots=True)
class Run:
    """How far a version of the rules has come; times in epoch milliseconds."""

    version: str
    everything: bool
    stage: str
    number: int
    total: int
    seen: int
    changed: int
    failed: int
    removed: Mapping[str, int]
    runner: str
    started_at: int
    moved_at: int

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.stage == "done"

    @property
    def stalled(self) -> bool:
        """Whether it stopped half way and waits for somebody to go on."""
        return not self.done and _now() > self.moved_at + STALLED_MS

    @classmethod
    def fresh(cls, version: str, total: int, *, everything: bool) -> "Run":
        """A run that has looked at nothing yet, of a runner of its own."""
        return cls(
            version=version,
            everything=everything,
            stage="words",
            number=FIRST,
            total=total,
            seen=0,
            changed=0,
            failed=0,
            removed={},
            runner=secrets.token_hex(8),
            started_at=_now(),
            moved_at=_now(),
        )


async def last(database: Database, version: str) -> Run | None:
    """How far the rules of a version have come; None where they were never run."""
    rows = await database.fetch(f"SELECT {_LIST} FROM rescrub WHERE version = $1", version)
    return _run(rows[0]) if rows else None


async def begin(work: Transaction, fresh: Run, entry: AuditEntry) -> Run | None:
    """Begin, or go on where the last run of these rules stopped half way; None while it is at work."""
    # A change that changes nothing: it holds the row, so that two who begin at once take turns.
    rows = await work.fetch(
        f"UPDATE rescrub SET version = version WHERE version = $1 RETURNING {_LIST}", fresh.version
    )
    last = _run(rows[0]) if rows else None
    if last and not last.done:
        if not last.stalled:
            return None
        if last.everything or not fresh.everything:
            # It goes on where it stopped.
            fresh = replace(last, runner=fresh.runner, moved_at=fresh.moved_at)
    updates = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)
    await work.fetch(
        f"INSERT INTO rescrub ({_LIST}) VALUES {placeholders(1, len(_COLUMNS))} "
        f"ON CONFLICT (version) DO UPDATE SET {updates}",
        *_values(fresh),
    )
    await record(work, replace(entry, action=Action.RESCRUB_STARTED, detail={"version": fresh.version}))
    return fresh


async def keep(work: Transaction, before: Run, after: Run) -> Run:
    """Keep how far a run is, as long as it is still this one's."""
    after = replace(after, moved_at=_now())
    changes = ", ".join(f"{column} = ${place}" for place, column in enumerate(_COLUMNS, 1))
    own = f"version = $1 AND runner = ${len(_COLUMNS) + 1}"
    rows = await work.fetch(
        f"UPDATE rescrub SET {changes} WHERE {own} RETURNING version",
        *_values(after),
        before.runner,
    )
    if not rows:
        # Another took it over; nothing of this step is kept.
        raise Unavailable
    return after


def _run(row: Row) -> Run:
    values = {column: row[column] for column in _COLUMNS}
    return Run(**values | {"everything": bool(row["everything"]), "removed": json.loads(row["removed"])})


def _values(run: Run) -> tuple[object, ...]:
    written = {"everything": int(run.everything), "removed": json.dumps(run.removed)}
    return tuple(written.get(column, getattr(run, column)) for column in _COLUMNS)


def _now() -> int:
    return time.time_ns() // 1_000_000
