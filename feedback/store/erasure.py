"""Erasing in two steps: what would go, and then exactly that; each part is written down as it goes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Final

from feedback.model import Feedback, Filters, Scope
from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.counts import placeholders
from feedback.store.database import Database, Transaction
from feedback.store.finding import keys as keys_of
from feedback.store.retention import AT_ONCE
from feedback.store.submissions import find_one
from feedback.store.traces import Traces, leave_trace
from feedback.store.writer import Writer

# Submissions of a plan that are shown, the newest.
SHOWN: Final = 20
# Submissions that one request erases, a second or two of work; the next goes on with the rest.
MAX_ERASED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Sought:
    """Which submissions are to go: those of some ids, or all that filters choose."""

    keys: tuple[str, ...] = ()
    filters: Filters | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go, newest first."""

    keys: tuple[str, ...]
    shown: tuple[Feedback, ...] = ()

    @property
    def digest(self) -> str:
        """What stands for exactly these submissions, so that what is confirmed is what was shown."""
        return sha256("\n".join(sorted(self.keys)).encode()).hexdigest()


class Erasures:
    """Deletes what was planned, and its bytes; counts by page and day stay."""

    def __init__(self, database: Database, writer: Writer, traces: Traces) -> None:
        self._database = database
        self._writer = writer
        self._traces = traces

    async def plan(self, sought: Sought, scope: Scope) -> Plan:
        """What would go, of what is in scope. Ids that are not there are left out."""
        items = [await find_one(self._database, key, scope) for key in dict.fromkeys(sought.keys)]
        shown = [item for item in items if item]
        chosen = [item.id for item in shown]
        if sought.filters:
            async for part in keys_of(self._database, sought.filters, scope):
                chosen += part
            items = [await find_one(self._database, key, scope) for key in chosen[:SHOWN]]
            shown = [item for item in items if item]
        return Plan(tuple(chosen), tuple(shown[:SHOWN]))

    async def erase(self, keys: Sequence[str], scope: Scope, entry: AuditEntry) -> int:
        """Delete those of the submissions that are in scope; gives how many were there.

        Each part is written down in its own transaction with its number of submissions, and with the id where
        it is one.
        """
        erased = 0
        for start in range(0, len(keys), AT_ONCE):
            part = keys[start : start + AT_ONCE]
            erased += await self._writer.change(partial(_erase, keys=part, scope=scope, entry=entry))
        if erased:
            await self._traces.overwrite()
        return erased


async def _erase(work: Transaction, keys: Sequence[str], scope: Scope, entry: AuditEntry) -> int:
    sites = sorted(scope.sites or ())
    if scope.sites is not None and not sites:
        return 0
    of_sites = "" if scope.sites is None else f" AND site IN {placeholders(1, len(sites), len(keys) + 1)}"
    rows = await work.fetch(
        f"DELETE FROM feedback WHERE id IN {placeholders(1, len(keys))}{of_sites} RETURNING id", *keys, *sites
    )
    if rows:
        await leave_trace(work)
        thing = keys[0] if len(keys) == 1 else None
        await record(work, replace(entry, thing=thing, detail={**entry.detail, "submissions": len(rows)}))
    return len(rows)
