"""Forgetting somebody of the team: the account goes, and what they did stays by their id, without a name."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final

from feedback.model.access import Account
from feedback.model.audit import AuditEntry
from feedback.model.subscription import Way
from feedback.store.audit import record
from feedback.store.counts import placeholders
from feedback.store.database import Database, Row, Transaction
from feedback.store.traces import Traces, leave_trace
from feedback.store.writer import Writer

# What stands for somebody who was forgotten.
NOBODY: Final = "-"
# Rows that one step reads and writes.
_AT_ONCE: Final = 200
_SIGNED: Final = ("note", "page_change", "wrong_removal", "saved_view", "allowed_value")
_OWN: Final = ("session", "ticket", "recovery_code", "subscription", "saved_view", "last_action")


class Forgetting:
    """Takes name and address of somebody out of everything, in steps; killed half way, it begins again."""

    def __init__(self, database: Database, writer: Writer, traces: Traces) -> None:
        self._database = database
        self._writer = writer
        self._traces = traces

    async def forget(self, account: Account, now: int, entry: AuditEntry) -> None:
        """Let somebody in no more, and forget them.

        What they were given is given to nobody. Notes know writers by name alone: somebody else of the same
        name loses it there, too.
        """
        await self._writer.change(partial(_shut_out, key=account.id, now=now))
        names = await self._names(account)
        for table in _SIGNED:
            await self._unsign(table, names)
        for step in (_give_back, _rename):
            while await self._writer.change(partial(step, key=account.id)):
                pass
        await self._leave_undo(account.id)
        await self._writer.change(partial(_delete, account=account, entry=entry))
        await self._traces.overwrite()

    async def _names(self, account: Account) -> set[str]:
        """What they are called and, as far back as the audit log goes, were called before."""
        names, last = {account.name}, -1
        part = "SELECT number, name FROM audit WHERE who = $1 AND number > $2 ORDER BY number LIMIT $3"
        while rows := await self._database.fetch(part, account.id, last, _AT_ONCE):
            last = rows[-1]["number"]
            names.update(row["name"] for row in rows)
        return names

    async def _unsign(self, table: str, names: Collection[str]) -> None:
        """Take names from the rows of a table, along its key."""
        last = ""
        part = f"SELECT id, made_by FROM {table} WHERE id > $1 ORDER BY id LIMIT $2"
        while rows := await self._database.fetch(part, last, _AT_ONCE):
            last = rows[-1]["id"]
            if signed := [row["id"] for row in rows if row["made_by"] in names]:
                sql = f"UPDATE {table} SET made_by = $1 WHERE id IN {placeholders(1, len(signed), 2)}"
                await self._writer.change(partial(_write, sql=sql, values=(NOBODY, *signed)))

    async def _leave_undo(self, key: str) -> None:
        """Delete what others could take back, where it would give something to somebody who is gone."""
        action = feedback = ""
        part = (
            "SELECT action, feedback, was, became FROM undo WHERE (action, feedback) > ($1, $2) "
            "ORDER BY action, feedback LIMIT $3"
        )
        while rows := await self._database.fetch(part, action, feedback, _AT_ONCE):
            action, feedback = rows[-1]["action"], rows[-1]["feedback"]
            if gone := [row for row in rows if key in row["was"] or key in row["became"]]:
                await self._writer.change(partial(_delete_undo, gone=gone))


async def _write(work: Transaction, sql: str, values: tuple[object, ...]) -> None:
    await work.fetch(sql, *values)
    await leave_trace(work)


async def _shut_out(work: Transaction, key: str, now: int) -> None:
    await work.fetch("UPDATE person SET disabled_at = coalesce(disabled_at, $2) WHERE id = $1", key, now)
    await work.fetch("DELETE FROM session WHERE person = $1", key)


async def _give_back(work: Transaction, key: str) -> int:
    rows = await work.fetch(
        "UPDATE feedback SET assignee = NULL WHERE id IN "
        "(SELECT id FROM feedback WHERE assignee = $1 ORDER BY number LIMIT $2) RETURNING id",
        key,
        _AT_ONCE,
    )
    return len(rows)


async def _rename(work: Transaction, key: str) -> int:
    """The one change of the audit log that its triggers let through."""
    rows = await work.fetch(
        "UPDATE audit SET name = who WHERE number IN "
        "(SELECT number FROM audit WHERE who = $1 AND name <> who ORDER BY number LIMIT $2) RETURNING number",
        key,
        _AT_ONCE,
    )
    return len(rows)


async def _delete_undo(work: Transaction, gone: Sequence[Row]) -> None:
    for row in gone:
        sql = "DELETE FROM undo WHERE action = $1 AND feedback = $2"
        await work.fetch(sql, row["action"], row["feedback"])
    await leave_trace(work)


async def _delete(work: Transaction, account: Account, entry: AuditEntry) -> None:
    key = account.id
    await work.fetch("DELETE FROM undo WHERE action = (SELECT id FROM last_action WHERE person = $1)", key)
    for table in _OWN:
        await work.fetch(f"DELETE FROM {table} WHERE person = $1", key)
    # Sent there without an account, too.
    await work.fetch("DELETE FROM subscription WHERE way = $1 AND target = $2", Way.MAIL, account.email)
    await work.fetch("DELETE FROM person WHERE id = $1", key)
    await leave_trace(work)
    await record(work, entry)
