"""Keeping submissions and reading them back; every query once, for both engines."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from feedback.model import (
    Feedback,
    Receipt,
    Removed,
    Scope,
    ScrubbedFeedback,
    Spam,
    Status,
    Useful,
)
from feedback.store.counts import Counted, count, placeholders
from feedback.store.database import Database, Row, Transaction
from feedback.store.notes import with_notes

COLUMNS: Final = (
    "id",
    "number",
    "received_at",
    "site",
    "path",
    "title",
    "lang",
    "useful",
    "doing",
    "comment",
    "status",
    "spam_score",
    "spam_reasons",
    "removed",
    "scrub_version",
    "urgent",
    "assignee",
    "tags",
)
LIST: Final = ", ".join(COLUMNS)
# Qualified, since the search index of SQLite has columns of the same names.
SELECT: Final = ", ".join(f"f.{column} AS {column}" for column in COLUMNS)
# A new one has no assignee and no tags.
_INSERTED: Final = COLUMNS[:-2]

# Rows that one statement writes; more are written by the next.
_AT_ONCE: Final = 64

# A row's number is its time in milliseconds and 21 bits that tell rows of one millisecond apart: enough
# until the year 2109.
TIE_BITS: Final = 21
_MAX_NUMBER: Final = 2**63 - 1

_NONE: Final = "[]"
_NO_TAGS: Final[tuple[str, ...]] = ()


async def insert_all(
    transaction: Transaction, batch: Sequence[tuple[int, ScrubbedFeedback]]
) -> dict[str, Receipt]:
    """Keep submissions, each with its number, and count them; gives the receipts by id.

    An id that is already there changes nothing, and its receipt is the first one's.
    """
    # By id, so that two processes never wait for each other's rows; the first of an id wins.
    batch = sorted(batch, key=lambda each: each[1].id)
    first = {feedback.id: feedback for _, feedback in reversed(batch)}
    inserted: set[str] = set()
    for start in range(0, len(batch), _AT_ONCE):
        part = batch[start : start + _AT_ONCE]
        rows = await transaction.fetch(
            _insert(len(part)), *(value for number, feedback in part for value in _values(number, feedback))
        )
        inserted.update(row["id"] for row in rows)
    await count(
        transaction,
        (
            Counted.of(feedback)
            for key, feedback in first.items()
            if key in inserted and feedback.status != Status.SPAM
        ),
    )
    receipts = {key: Receipt(key, feedback.removed) for key, feedback in first.items() if key in inserted}
    for key in first.keys() - inserted:
        rows = await transaction.fetch("SELECT removed FROM feedback WHERE id = $1", key)
        receipts[key] = Receipt(key, _removed_from_json(rows[0]["removed"]))
    return receipts


async def find_one(database: Database, key: str, scope: Scope) -> Feedback | None:
    """One submission by its id; None where there is none in scope."""
    rows = await database.fetch(f"SELECT {LIST} FROM feedback WHERE id = $1", key)
    if not rows or not scope.includes(rows[0]["site"]):
        return None
    return (await with_notes(database, [feedback_of(rows[0])]))[0]


def first_number(milliseconds: int) -> int:
    """The smallest number of a row received at a time, within what a BIGINT holds."""
    return max(-_MAX_NUMBER, min(milliseconds << TIE_BITS, _MAX_NUMBER))


@lru_cache(maxsize=_AT_ONCE)
def _insert(rows: int) -> str:
    return (
        f"INSERT INTO feedback ({', '.join(_INSERTED)}) VALUES {placeholders(rows, len(_INSERTED))} "
        "ON CONFLICT (id) DO NOTHING RETURNING id"
    )


def _values(number: int, feedback: ScrubbedFeedback) -> tuple[object, ...]:
    return (
        feedback.id,
        number,
        feedback.received_at,
        feedback.site.text,
        feedback.path.text,
        feedback.title.text if feedback.title else None,
        feedback.lang,
        feedback.useful,
        feedback.doing.text if feedback.doing else None,
        feedback.comment.text if feedback.comment else None,
        feedback.status,
        feedback.spam.score,
        json.dumps(feedback.spam.reasons) if feedback.spam.reasons else _NONE,
        removed_to_json(feedback.removed) if feedback.removed else _NONE,
        feedback.scrub_version,
        int(feedback.urgent),
    )


def feedback_of(row: Row) -> Feedback:
    """The submission of a row with all COLUMNS."""
    return Feedback(
        id=row["id"],
        received_at=row["received_at"],
        site=row["site"],
        path=row["path"],
        title=row["title"],
        lang=row["lang"],
        useful=Useful(row["useful"]) if row["useful"] else None,
        doing=row["doing"],
        comment=row["comment"],
        status=Status(row["status"]),
        spam=Spam(row["spam_score"], tuple(json.loads(row["spam_reasons"]))),
        removed=_removed_from_json(row["removed"]),
        scrub_version=row["scrub_version"],
        number=row["number"],
        urgent=bool(row["urgent"]),
        assignee=row["assignee"],
        tags=_NO_TAGS if row["tags"] == _NONE else tuple(json.loads(row["tags"])),
    )


def removed_to_json(removed: Iterable[Removed]) -> str:
    """What was removed, as the column `removed` holds it."""
    return json.dumps([{"field": one.field, "kind": one.kind, "count": one.count} for one in removed])


def _removed_from_json(text: str) -> tuple[Removed, ...]:
    return tuple(Removed(one["field"], one["kind"], one["count"]) for one in json.loads(text))
