"""Deleting submissions, by age or by id, in steps that let visitors through; counts by page and day stay."""

from collections.abc import Sequence
from typing import Final

from feedback.model import Scope
from feedback.store.counts import placeholders
from feedback.store.database import Database, Transaction
from feedback.store.submissions import first_number
from feedback.store.traces import leave_trace

DAY: Final = 86_400_000  # milliseconds
# Rows that one transaction deletes.
AT_ONCE: Final = 200

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


async def delete_before(transaction: Transaction, before: int) -> int:
    """Delete some of the oldest submissions received before a time; 0 where none is left."""
    rows = await transaction.fetch(
        "DELETE FROM feedback WHERE number IN "
        "(SELECT number FROM feedback WHERE number < $1 ORDER BY number LIMIT $2) RETURNING id",
        first_number(before),
        AT_ONCE,
    )
    if rows:
        await leave_trace(transaction)
    return len(rows)


async def delete(transaction: Transaction, keys: Sequence[str], scope: Scope) -> int:
    """Delete submissions by their ids; gives how many of them there were in scope."""
    sites = sorted(scope.sites or ())
    of_sites = "" if scope.sites is None else f" AND site IN {placeholders(1, len(sites), len(keys) + 1)}"
    if scope.sites is not None and not sites:
        return 0
    rows = await transaction.fetch(
        f"DELETE FROM feedback WHERE id IN {placeholders(1, len(keys))}{of_sites} RETURNING id", *keys, *sites
    )
    if rows:
        await leave_trace(transaction)
    return len(rows)


async def count_before(database: Database, before: int) -> int:
    """How many submissions were received before a time."""
    rows = await database.fetch("SELECT count(*) AS n FROM feedback WHERE number < $1", first_number(before))
    return int(rows[0]["n"])
