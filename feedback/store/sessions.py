"""Keeping who is signed in: tickets, sessions and tries, by the hash of their secrets only."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback.model import Person, Role
from feedback.model.access import OPERATOR_PERSON, Purpose, Session, Ticket
from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.counts import placeholders
from feedback.store.database import Database, Row, Transaction
from feedback.store.people import scope_of
from feedback.store.writer import Writer

_COLUMNS: Final = "s.id, s.person, s.browser, s.started_at, s.seen_at, p.name, p.role, p.sites"
_FROM: Final = "session AS s LEFT JOIN person AS p ON p.id = s.person"
# The session of somebody who was disabled is none, whatever else happened to it.
_NOT_DISABLED: Final = "p.disabled_at IS NULL AND (s.person IS NULL OR p.id IS NOT NULL)"

# Tries are kept for the longest time in which they are counted.
TRY_LIFE_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so many milliseconds."""

    tries: int
    milliseconds: int

    def wait(self, times: Sequence[int], now: int) -> int:
        """Milliseconds until one more try is within the limit, after tries at these times, oldest first."""
        within = [at for at in times if at > now - self.milliseconds]
        return within[-self.tries] + self.milliseconds - now if len(within) >= self.tries else 0


class Sessions:
    """The sessions and what leads to one."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def add_ticket(self, ticket: Ticket, now: int, *entries: AuditEntry) -> None:
        """Keep a ticket, and forget those that have run out."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("DELETE FROM ticket WHERE expires_at <= $1", now)
            await transaction.fetch(
                "INSERT INTO ticket (secret_hash, purpose, person, detail, expires_at) "
                "VALUES ($1, $2, $3, $4, $5)",
                ticket.secret_hash,
                ticket.purpose,
                ticket.person,
                ticket.detail,
                ticket.expires_at,
            )
            await record(transaction, *entries)

        await self._writer.change(work)

    async def find_ticket(self, secret_hash: str, purposes: Collection[Purpose], now: int) -> Ticket | None:
        """A ticket that is still good for one of these purposes; it stays good."""
        rows = await self._database.fetch(
            "SELECT secret_hash, purpose, person, detail, expires_at FROM ticket WHERE secret_hash = $1",
            secret_hash,
        )
        return _ticket(rows[0], purposes, now) if rows else None

    async def use_ticket(self, secret_hash: str, purposes: Collection[Purpose], now: int) -> Ticket | None:
        """Use a ticket up; None where it is unknown, used, run out or for another purpose."""

        async def work(transaction: Transaction) -> Ticket | None:
            rows = await transaction.fetch(
                "DELETE FROM ticket WHERE secret_hash = $1 "
                "RETURNING secret_hash, purpose, person, detail, expires_at",
                secret_hash,
            )
            return _ticket(rows[0], purposes, now) if rows else None

        # Guessing writes nothing.
        if await self.find_ticket(secret_hash, purposes, now) is None:
            return None
        return await self._writer.change(work)

    async def start(
        self,
        secret_hash: str,
        session: Session,
        *entries: AuditEntry,
        instead_of: str | None,
        started_since: int,
    ) -> None:
        """Sign somebody in, and out of the session with the secret `instead_of`.

        Sessions begun before `started_since` are over and are forgotten here.
        """

        async def work(transaction: Transaction) -> None:
            await transaction.fetch(
                "DELETE FROM session WHERE started_at < $1 OR secret_hash = $2", started_since, instead_of
            )
            person = session.person.id if session.person.has_account else None
            await transaction.fetch(
                "INSERT INTO session (secret_hash, id, person, browser, started_at, seen_at) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                secret_hash,
                session.id,
                person,
                session.browser,
                session.started_at,
                session.seen_at,
            )
            if person:
                await transaction.fetch(
                    "UPDATE person SET signed_in_at = $2 WHERE id = $1", person, session.started_at
                )
            await record(transaction, *entries)

        await self._writer.change(work)

    async def find(self, secret_hash: str) -> Session | None:
        """The session of a cookie, with the person as they are now."""
        rows = await self._database.fetch(
            f"SELECT {_COLUMNS} FROM {_FROM} WHERE s.secret_hash = $1 AND {_NOT_DISABLED}", secret_hash
        )
        return _session(rows[0]) if rows else None

    async def of_person(self, person: str) -> tuple[Session, ...]:
        """The sessions of somebody, the last used first."""
        rows = await self._database.fetch(
            f"SELECT {_COLUMNS} FROM {_FROM} WHERE s.person = $1 ORDER BY s.seen_at DESC, s.id", person
        )
        return tuple(map(_session, rows))

    async def touch(self, secret_hash: str, now: int) -> None:
        """Note that the session is in use."""
        await self._writer.change(
            lambda work: work.fetch(
                "UPDATE session SET seen_at = $2 WHERE secret_hash = $1", secret_hash, now
            )
        )

    async def end(self, secret_hash: str, *entries: AuditEntry) -> None:
        """Sign out."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("DELETE FROM session WHERE secret_hash = $1", secret_hash)
            await record(transaction, *entries)

        await self._writer.change(work)

    async def end_of_person(self, person: str, key: str | None, *entries: AuditEntry) -> int:
        """End one session of somebody by its id, or all; gives how many there were."""

        async def work(transaction: Transaction) -> int:
            if key is None:
                rows = await transaction.fetch("DELETE FROM session WHERE person = $1 RETURNING id", person)
            else:
                rows = await transaction.fetch(
                    "DELETE FROM session WHERE person = $1 AND id = $2 RETURNING id", person, key
                )
            if rows:
                await record(transaction, *entries)
            return len(rows)

        return await self._writer.change(work)

    async def begin_try(self, limits: Mapping[str, Limit], now: int) -> int:
        """Count a try to sign in before its secret is looked at; gives the milliseconds to wait first, or 0.

        `limits` are by whose tries they count. A try that is turned away is not counted, so that
        nobody is kept out for longer by trying on.
        """

        # Who is turned away writes nothing, or names that nobody has would fill the table.
        if wait := await self._wait(limits, now):
            return wait

        async def work(transaction: Transaction) -> int:
            await transaction.fetch("DELETE FROM sign_in_try WHERE last_at <= $1", now - TRY_LIFE_MS)
            times = {whose: await _times(transaction, whose, now) for whose in sorted(limits)}
            wait = max((limit.wait(times[whose], now) for whose, limit in limits.items()), default=0)
            if not wait:
                for whose, before in times.items():
                    await _set_times(transaction, whose, [*before, now])
            return wait

        return await self._writer.change(work)

    async def _wait(self, limits: Mapping[str, Limit], now: int) -> int:
        if not limits:
            return 0
        rows = await self._database.fetch(
            f"SELECT whose, times FROM sign_in_try WHERE whose IN {placeholders(1, len(limits))}", *limits
        )
        return max((limits[row["whose"]].wait(json.loads(row["times"]), now) for row in rows), default=0)

    async def forget_try(self, whose: Collection[str], at: int) -> None:
        """A try that succeeded was no guess."""

        async def work(transaction: Transaction) -> None:
            for each in sorted(whose):
                times = await _times(transaction, each, at)
                if at in times:
                    times.remove(at)
                await _set_times(transaction, each, times)

        await self._writer.change(work)


async def _times(transaction: Transaction, whose: str, now: int) -> list[int]:
    # A change that changes nothing: it holds the row, so that tries at once are counted one after the other.
    rows = await transaction.fetch(
        "INSERT INTO sign_in_try (whose, times, last_at) VALUES ($1, '[]', $2) "
        "ON CONFLICT (whose) DO UPDATE SET whose = excluded.whose RETURNING times",
        whose,
        now,
    )
    return [at for at in json.loads(rows[0]["times"]) if at > now - TRY_LIFE_MS]


async def _set_times(transaction: Transaction, whose: str, times: list[int]) -> None:
    await transaction.fetch(
        "UPDATE sign_in_try SET times = $2, last_at = $3 WHERE whose = $1",
        whose,
        json.dumps(times),
        max(times, default=0),
    )


def _ticket(row: Row, purposes: Collection[Purpose], now: int) -> Ticket | None:
    ticket = Ticket(
        row["secret_hash"], Purpose(row["purpose"]), row["expires_at"], row["person"], row["detail"]
    )
    return ticket if ticket.purpose in purposes and ticket.expires_at > now else None


def _session(row: Row) -> Session:
    person = (
        OPERATOR_PERSON
        if row["person"] is None
        else Person(row["person"], row["name"], Role(row["role"]), scope_of(row["sites"]))
    )
    return Session(row["id"], person, row["browser"], row["started_at"], row["seen_at"])
