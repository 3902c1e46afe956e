"""Keeping what the web team writes about submissions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from feedback.model import Feedback, Note, Scope, ScrubbedNote
from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.counts import placeholders
from feedback.store.database import Readable, Transaction


async def add_note(
    transaction: Transaction, key: str, note: ScrubbedNote, scope: Scope, entry: AuditEntry
) -> bool:
    """Keep a note and write it down; False where there is no such submission in scope."""
    rows = await transaction.fetch("SELECT site FROM feedback WHERE id = $1", key)
    if not rows or not scope.includes(rows[0]["site"]):
        return False
    await transaction.fetch(
        "INSERT INTO note (id, feedback, made_at, made_by, words) VALUES ($1, $2, $3, $4, $5)",
        note.id,
        key,
        note.made_at,
        note.made_by,
        note.words.text,
    )
    await record(transaction, entry)
    return True


async def with_notes(database: Readable, items: Sequence[Feedback]) -> tuple[Feedback, ...]:
    """The same submissions, each with its notes."""
    if not items:
        return ()
    rows = await database.fetch(
        "SELECT id, feedback, made_at, made_by, words FROM note "
        f"WHERE feedback IN {placeholders(1, len(items))} ORDER BY made_at, id",
        *(item.id for item in items),
    )
    notes: defaultdict[str, list[Note]] = defaultdict(list)
    for row in rows:
        notes[row["feedback"]].append(Note(row["id"], row["made_at"], row["made_by"], row["words"]))
    return tuple(replace(item, notes=tuple(notes[item.id])) if item.id in notes else item for item in items)
