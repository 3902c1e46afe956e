"""What people see better than the scrubber: what it missed is taken out, what it took wrongly is noted."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from feedback.ids import new_id
from feedback.model import Feedback, Removed, Scope, Status
from feedback.model.audit import AuditEntry
from feedback.model.desk import AllowedValue, WrongRemoval
from feedback.store.audit import record
from feedback.store.counts import DAY, page_id, placeholders
from feedback.store.database import Database, Transaction
from feedback.store.moving import count_removed
from feedback.store.submissions import LIST, feedback_of, find_one, removed_to_json
from feedback.store.traces import Traces, leave_trace
from feedback.store.writer import Writer

if TYPE_CHECKING:
    from scrubbers import Scrubbed

# Of the report, the newest.
_SHOWN: Final = 200
_FIELDS: Final = ("title", "doing", "comment")


class Marks:
    """Takes out what the scrubber missed, and keeps what it took out wrongly."""

    def __init__(self, database: Database, writer: Writer, traces: Traces) -> None:
        self._database = database
        self._writer = writer
        self._traces = traces

    async def redact(
        self,
        before: Feedback,
        words: "dict[str, Scrubbed]",
        found: Sequence[Removed],
        entry: AuditEntry,
    ) -> bool:
        """Put new words in the place of a submission's own and overwrite those; False if they changed.

        `words` are the fields that change, `found` what was taken out of them. Raises Unavailable where the
        database is away; once the new words are kept, the old ones are overwritten sooner or later.
        """

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch(
                f"UPDATE feedback SET status = status WHERE id = $1 RETURNING {LIST}", before.id
            )
            now = feedback_of(rows[0]) if rows else None
            if now is None or any(getattr(now, name) != getattr(before, name) for name in _FIELDS):
                return False
            texts = {name: words[name].text if name in words else getattr(now, name) for name in _FIELDS}
            await transaction.fetch(
                "UPDATE feedback SET title = $2, doing = $3, comment = $4, removed = $5 WHERE id = $1",
                now.id,
                *(texts[name] for name in _FIELDS),
                removed_to_json(together(now.removed, found)),
            )
            if now.status != Status.SPAM:
                page = page_id(now.site, now.path)
                counted: Counter[tuple[object, ...]] = Counter()
                for one in found:
                    counted[now.site, now.received_at // DAY, page, one.kind] += one.count
                await count_removed(transaction, counted)
            await leave_trace(transaction)
            await record(transaction, entry)
            return True

        if not await self._writer.change(work):
            return False
        await self._traces.overwrite()
        return True

    async def note_wrong(self, key: str, field: str, kind: str, scope: Scope, entry: AuditEntry) -> bool:
        """Note that what was removed from a field was no personal number; False where nothing of it was."""
        item = await find_one(self._database, key, scope)
        if item is None or not any((one.field, one.kind) == (field, kind) for one in item.removed):
            return False

        async def work(transaction: Transaction) -> None:
            rows = await transaction.fetch(
                "INSERT INTO wrong_removal (id, feedback, field, kind, made_at, made_by) "
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (feedback, field, kind) DO NOTHING RETURNING id",
                str(new_id()),
                key,
                field,
                kind,
                time.time_ns() // 1_000_000,
                entry.name,
            )
            if rows:
                await record(transaction, entry)

        await self._writer.change(work)
        return True

    async def wrong(self, scope: Scope) -> tuple[WrongRemoval, ...]:
        """What was noted as taken out wrongly in scope, newest first."""
        sites = sorted(scope.sites or ())
        if scope.sites is not None and not sites:
            return ()
        # Read along the time of the marks, of which there are few.
        of_sites = f"WHERE f.site || '' IN {placeholders(1, len(sites), 2)} " if sites else ""
        rows = await self._database.fetch(
            "SELECT w.feedback, w.field, w.kind, w.made_at, w.made_by, f.site, f.path "
            f"FROM wrong_removal AS w JOIN feedback AS f ON f.id = w.feedback {of_sites}"
            "ORDER BY w.made_at DESC LIMIT $1",
            _SHOWN,
            *sites,
        )
        return tuple(WrongRemoval(**dict(row)) for row in rows)

    async def wrong_of(self, key: str) -> frozenset[tuple[str, str]]:
        """The fields and kinds of one submission that were noted."""
        rows = await self._database.fetch("SELECT field, kind FROM wrong_removal WHERE feedback = $1", key)
        return frozenset((row["field"], row["kind"]) for row in rows)

    async def allowed(self) -> tuple[AllowedValue, ...]:
        """What the scrubber is to leave in place."""
        rows = await self._database.fetch(
            "SELECT id, value, kind, made_at, made_by FROM allowed_value ORDER BY value"
        )
        return tuple(AllowedValue(**dict(row)) for row in rows)

    async def allow(self, value: AllowedValue, entry: AuditEntry) -> None:
        """Keep such a value; once is enough."""

        async def work(transaction: Transaction) -> None:
            rows = await transaction.fetch(
                "INSERT INTO allowed_value (id, value, kind, made_at, made_by) VALUES ($1, $2, $3, $4, $5) "
                "ON CONFLICT (value) DO NOTHING RETURNING id",
                value.id,
                value.value,
                value.kind,
                value.made_at,
                value.made_by,
            )
            if rows:
                await record(transaction, entry)

        await self._writer.change(work)

    async def disallow(self, key: str, entry: AuditEntry) -> bool:
        """Forget such a value; False where there is none."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch("DELETE FROM allowed_value WHERE id = $1 RETURNING id", key)
            if rows:
                await record(transaction, entry)
            return bool(rows)

        return await self._writer.change(work)


def together(before: Sequence[Removed], found: Sequence[Removed]) -> list[Removed]:
    """What was removed at first and later, by field and kind."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in (*before, *found):
        counts[one.field, one.kind] += one.count
    return [Removed(field, kind, count) for (field, kind), count in counts.items()]
