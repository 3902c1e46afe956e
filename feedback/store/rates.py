"""Counting together how much clients and sites send, by hashes only."""

from collections.abc import Mapping
from typing import NamedTuple

from feedback.store.counts import placeholders
from feedback.store.database import Database, Transaction
from feedback.store.writer import Writer

# Ended counts are left alone for so long, so that forgetting them meets nobody who counts on.
_FORGET_MS = 60_000


class Count(NamedTuple):
    """What came under one key so far, and when counting begins anew, in epoch milliseconds."""

    hits: int
    ends_at: int


class Rates:
    """The counts of all processes on one database."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def count(self, hits: Mapping[str, Count], now: int) -> dict[str, Count]:
        """Add hits by their keys; gives the counts of all processes. `now` is in epoch milliseconds.

        A count that has ended begins anew, and ends when the given one says. This is for PostgreSQL: it does
        not wait for the writer, and SQLite has no second process to count together with.
        """
        # By key, so that two processes never wait for each other's rows.
        rows = [(key, *hits[key]) for key in sorted(hits)]
        async with self._database.transaction() as transaction:
            counted = await transaction.fetch(
                f"INSERT INTO rate (key, hits, ends_at) VALUES {placeholders(len(rows), 3, 2)} "
                "ON CONFLICT (key) DO UPDATE SET "
                "hits = CASE WHEN rate.ends_at <= $1 THEN excluded.hits ELSE rate.hits + excluded.hits END, "
                "ends_at = CASE WHEN rate.ends_at <= $1 THEN excluded.ends_at ELSE rate.ends_at END "
                "RETURNING key, hits, ends_at",
                now,
                *(value for row in rows for value in row),
            )
        return {row["key"]: Count(row["hits"], row["ends_at"]) for row in counted}

    async def forget(self, now: int) -> None:
        """Delete the counts that have ended; `now` is in epoch milliseconds."""
        async with self._database.transaction() as transaction:
            await transaction.fetch("DELETE FROM rate WHERE ends_at <= $1", now - _FORGET_MS)

    async def secret(self, day: int, made: str) -> str:
        """The secret of a day, the same for all processes; `made` is taken where there is none yet."""

        async def keep(transaction: Transaction) -> str:
            await transaction.fetch("DELETE FROM rate_secret WHERE day < $1", day)
            await transaction.fetch(
                "INSERT INTO rate_secret (day, secret) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING",
                day,
                made,
            )
            rows = await transaction.fetch("SELECT secret FROM rate_secret WHERE day = $1", day)
            return str(rows[0]["secret"])

        return await self._writer.change(keep)
