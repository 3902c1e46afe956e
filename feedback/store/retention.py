"""Deleting submissions and the audit log by age, in steps that let visitors through; counts stay."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.database import Database, Readable, Transaction
from feedback.store.submissions import first_number
from feedback.store.traces import leave_trace

DAY: Final = 86_400_000  # milliseconds
# Rows that one transaction deletes.
AT_ONCE: Final = 200
_AUDITED_AT_ONCE: Final = 1_000

# Deletes some of what is older than a time, with the entry that says so; gives how many rows went.
Step = Callable[[Transaction, int, AuditEntry], Awaitable[int]]

# A clock may go ahead so far between two looks; a server that was off for longer waits a day, too.
_JUMP: Final = 2 * DAY


async def trust_clock(transaction: Transaction, now: int) -> bool:
    """Whether `now` follows from what was seen before, or has gone on for a day since it jumped ahead.

    A clock that goes back is believed: an earlier time deletes less.
    """
    # A change that changes nothing: it holds the row, so that other processes wait their turn.
    rows = await transaction.fetch(
        "UPDATE upkeep SET looked_at = looked_at RETURNING trusted_at, doubt_since, looked_at"
    )
    trusted, doubt, looked = rows[0]["trusted_at"], rows[0]["doubt_since"], rows[0]["looked_at"]
    if trusted is None or now <= trusted + _JUMP:
        doubt = None
    elif doubt is None or now < doubt or now > looked + _JUMP:
        doubt = now
    elif now >= doubt + DAY:
        doubt = None
    if doubt is None:
        trusted = now
    await transaction.fetch(
        "UPDATE upkeep SET trusted_at = $1, doubt_since = $2, looked_at = $3", trusted, doubt, now
    )
    return doubt is None


async def delete_before(transaction: Transaction, before: int, entry: AuditEntry) -> int:
    """Delete some of the oldest received before a time, and write it down; 0 where none is left."""
    rows = await transaction.fetch(
        "DELETE FROM feedback WHERE number IN "
        "(SELECT number FROM feedback WHERE number < $1 ORDER BY number LIMIT $2) RETURNING id",
        first_number(before),
        AT_ONCE,
    )
    if rows:
        await leave_trace(transaction)
        await record(transaction, replace(entry, detail={**entry.detail, "submissions": len(rows)}))
    return len(rows)


async def delete_audited(transaction: Transaction, before: int, entry: AuditEntry) -> int:
    """Delete some of the oldest entries of the audit log, written before a time; 0 where none is left."""
    number = before * 1_000_000
    await transaction.fetch("UPDATE upkeep SET audit_before = $1 WHERE audit_before < $1", number)
    rows = await transaction.fetch(
        "DELETE FROM audit WHERE number IN "
        "(SELECT number FROM audit WHERE number < $1 ORDER BY number LIMIT $2) RETURNING number",
        number,
        _AUDITED_AT_ONCE,
    )
    if rows:
        await leave_trace(transaction)
        await record(transaction, replace(entry, detail={**entry.detail, "entries": len(rows)}))
    return len(rows)


async def due(database: Database, before: int) -> Sequence[tuple[int, int]]:
    """How many received before a time came on each day, oldest first, as (days since 1970, number)."""
    rows = await database.fetch(
        f"SELECT number / {first_number(DAY)} AS day, count(*) AS n FROM feedback WHERE number < $1 "
        "GROUP BY 1 ORDER BY 1",
        first_number(before),
    )
    return [(row["day"], row["n"]) for row in rows]


async def count_before(database: Readable, before: int) -> int:
    """How many submissions were received before a time."""
    rows = await database.fetch("SELECT count(*) AS n FROM feedback WHERE number < $1", first_number(before))
    return int(rows[0]["n"])
