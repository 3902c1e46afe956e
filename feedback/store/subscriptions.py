"""Keeping who is told of what comes in; each is claimed before it is told, so that one process tells it."""

from collections.abc import Sequence
from typing import Final

from feedback.model.audit import AuditEntry
from feedback.model.subscription import Every, Subscription, Way
from feedback.store.audit import record
from feedback.store.database import Database, Row, Transaction
from feedback.store.people import scope_of, sites_json
from feedback.store.writer import Writer

_COLUMNS: Final = (
    "id, way, every, sent_until, person, target, secret, plain, lang, sites, trying_until, tries, next_at"
)
# A process that died while it told somebody is given up for dead after so long.
_CLAIM_MS: Final = 300_000


class Subscriptions:
    """The subscriptions."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> tuple[Subscription, ...]:
        """Every subscription, by way and target."""
        rows = await self._database.fetch(f"SELECT {_COLUMNS} FROM subscription ORDER BY way, target, id")
        return tuple(map(_subscription, rows))

    async def find(self, key: str) -> Subscription | None:
        """A subscription by its id."""
        rows = await self._database.fetch(f"SELECT {_COLUMNS} FROM subscription WHERE id = $1", key)
        return _subscription(rows[0]) if rows else None

    async def put(self, subscription: Subscription, *entries: AuditEntry) -> None:
        """Keep a subscription in place of any of its id, and write it down."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("DELETE FROM subscription WHERE id = $1", subscription.id)
            await transaction.fetch(
                f"INSERT INTO subscription ({_COLUMNS}, claimed_until) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)",
                *_values(subscription),
            )
            await record(transaction, *entries)

        await self._writer.change(work)

    async def remove(self, key: str, *entries: AuditEntry) -> bool:
        """Forget a subscription, and write it down; False where there is none."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch("DELETE FROM subscription WHERE id = $1 RETURNING id", key)
            if rows:
                await record(transaction, *entries)
            return bool(rows)

        return await self._writer.change(work)

    async def claim(self, now: int) -> Subscription | None:
        """Take one that is due, so that no other process does for some minutes; None where none is."""
        if not await self._database.fetch("SELECT id FROM subscription WHERE next_at <= $1 LIMIT 1", now):
            return None

        async def work(transaction: Transaction) -> Sequence[Row]:
            # Where two processes choose the same one, the second waits and then finds it claimed.
            return await transaction.fetch(
                "UPDATE subscription SET claimed_until = $2 WHERE claimed_until <= $1 AND id = ("
                "SELECT id FROM subscription WHERE next_at <= $1 AND claimed_until <= $1 "
                f"ORDER BY next_at, id LIMIT 1) RETURNING {_COLUMNS}",
                now,
                now + _CLAIM_MS,
            )

        rows = await self._writer.change(work)
        return _subscription(rows[0]) if rows else None

    async def begin(self, key: str, until: int) -> None:
        """Note up to when a claimed one is told now, so that each further try tells the same."""
        await self._writer.change(
            lambda work: work.fetch("UPDATE subscription SET trying_until = $2 WHERE id = $1", key, until)
        )

    async def told(self, key: str, sent_until: int, next_at: int) -> None:
        """Note that a claimed one has been told, and let it go."""
        await self._writer.change(
            lambda work: work.fetch(
                "UPDATE subscription SET sent_until = $2, next_at = $3, trying_until = NULL, tries = 0, "
                "claimed_until = 0 WHERE id = $1",
                key,
                sent_until,
                next_at,
            )
        )

    async def failed(self, key: str, next_at: int) -> None:
        """Note that a claimed one could not be told, and let it go until the next try."""
        await self._writer.change(
            lambda work: work.fetch(
                "UPDATE subscription SET tries = tries + 1, next_at = $2, claimed_until = 0 WHERE id = $1",
                key,
                next_at,
            )
        )


def _values(one: Subscription) -> tuple[object, ...]:
    return (
        one.id,
        one.way,
        one.every,
        one.sent_until,
        one.person,
        one.target,
        one.secret,
        int(one.plain),
        one.lang,
        sites_json(one.scope),
        one.trying_until,
        one.tries,
        one.next_at,
    )


def _subscription(row: Row) -> Subscription:
    return Subscription(
        row["id"],
        Way(row["way"]),
        Every(row["every"]),
        row["sent_until"],
        row["person"],
        row["target"],
        row["secret"],
        bool(row["plain"]),
        row["lang"],
        scope_of(row["sites"]),
        row["trying_until"],
        row["tries"],
        row["next_at"],
    )
