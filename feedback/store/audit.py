"""Keeping the audit log: entries are added, in the transaction of what they tell of, and never change."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Final

from feedback.model.audit import Action, Audited, AuditEntry, AuditFilters
from feedback.store.database import Database, Readable, Row, Transaction

_LIST: Final = "number, who, name, action, thing, detail, request"
_MILLISECOND: Final = 1_000_000  # nanoseconds
_MAX_NUMBER: Final = 2**63 - 1
# Entries of the history of one thing that are shown.
_HISTORY: Final = 100
# Entries of an export that are held at a time.
_EXPORTED_AT_ONCE: Final = 500


async def record(transaction: Transaction, *entries: AuditEntry) -> None:
    """Write entries down; they are kept if and only if the rest of the transaction is."""
    for entry in entries:
        await transaction.fetch(
            f"INSERT INTO audit ({_LIST}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            # Each entry is a statement of its own, so that no two of a process are of one nanosecond. Where
            # two of two processes are, the second transaction is refused and can be tried again.
            time.time_ns(),
            entry.who,
            entry.name,
            entry.action,
            entry.thing,
            json.dumps(entry.detail, ensure_ascii=False),
            entry.request,
        )


async def record_news(transaction: Transaction, entry: AuditEntry) -> None:
    """Write an entry down unless the last of its action says the same."""
    # A change that changes nothing: it holds the row, so that processes which start at once take turns.
    await transaction.fetch("UPDATE upkeep SET traces = traces")
    rows = await transaction.fetch(
        f"SELECT {_LIST} FROM audit WHERE action = $1 ORDER BY number DESC LIMIT 1", entry.action
    )
    if not rows or _audited(rows[0]).entry.detail != entry.detail:
        await record(transaction, entry)


async def find(database: Readable, filters: AuditFilters) -> Sequence[Audited]:
    """A page of entries, newest first; a full page may have another after it."""
    values: list[object] = []
    conditions: list[str] = []

    def parameter(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    if filters.who is not None:
        who = parameter(filters.who)
        conditions.append(f"(who = {who} OR name = {who})")
    if filters.action is not None:
        conditions.append(f"action = {parameter(filters.action)}")
    if filters.since is not None:
        conditions.append(f"number >= {parameter(_first_number(filters.since))}")
    if filters.until is not None:
        conditions.append(f"number < {parameter(_first_number(filters.until))}")
    if filters.after is not None:
        conditions.append(f"number < {parameter(filters.after)}")
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    rows = await database.fetch(
        f"SELECT {_LIST} FROM audit {where}ORDER BY number DESC LIMIT {parameter(filters.limit)}", *values
    )
    return tuple(_audited(row) for row in rows)


async def history(database: Readable, thing: str) -> Sequence[Audited]:
    """What was done to one thing, newest first; who only looked at it is left out."""
    rows = await database.fetch(
        f"SELECT {_LIST} FROM audit WHERE thing = $1 AND action <> $2 ORDER BY number DESC LIMIT $3",
        thing,
        Action.FEEDBACK_VIEWED,
        _HISTORY,
    )
    return tuple(_audited(row) for row in rows)


async def export(database: Database, filters: AuditFilters) -> AsyncIterator[Sequence[Audited]]:
    """All entries that the filters choose, newest first, some hundred at a time, whatever limit they name."""
    rest = replace(filters, limit=_EXPORTED_AT_ONCE)
    while part := await find(database, rest):
        yield part
        rest = replace(rest, after=part[-1].number)


def _first_number(milliseconds: int) -> int:
    return max(-_MAX_NUMBER, min(milliseconds * _MILLISECOND, _MAX_NUMBER))


def _audited(row: Row) -> Audited:
    entry = AuditEntry(
        row["who"],
        row["name"],
        Action(row["action"]),
        row["thing"],
        json.loads(row["detail"]),
        row["request"],
    )
    return Audited(row["number"], entry)
