"""Keeping submissions and reading them back; every query once, for both engines."""

import json
from collections.abc import Iterable
from typing import Final

from feedback.model import (
    Cursor,
    Feedback,
    Filters,
    Page,
    Receipt,
    Removed,
    ScrubbedFeedback,
    Spam,
    Status,
    Useful,
)
from feedback.store.database import Database, Row, Transaction

_COLUMNS: Final = (
    "id, received_at, site, path, title, lang, useful, doing, comment, status, "
    "spam_score, spam_reasons, removed, scrub_version"
)


async def insert(transaction: Transaction, feedback: ScrubbedFeedback) -> Receipt:
    """Keep one submission; an id that is already there changes nothing and gives the first receipt."""
    inserted = await transaction.fetch(
        f"INSERT INTO feedback ({_COLUMNS}) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
        "ON CONFLICT (id) DO NOTHING RETURNING id",
        feedback.id,
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
        json.dumps(feedback.spam.reasons),
        _removed_to_json(feedback.removed),
        feedback.scrub_version,
    )
    if inserted:
        return Receipt(feedback.id, feedback.removed)
    rows = await transaction.fetch("SELECT removed FROM feedback WHERE id = $1", feedback.id)
    return Receipt(feedback.id, _removed_from_json(rows[0]["removed"]))


async def find(database: Database, filters: Filters) -> Page:
    """One page of submissions, newest first."""
    values: list[object] = []

    def parameter(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    # The columns come from our own table of filters, never from a request.
    conditions = [f"{column} = {parameter(value)}" for column, value in filters.equals.items()]
    if filters.hide_spam:
        conditions.append(f"status <> {parameter(Status.SPAM)}")
    if filters.path_prefix is not None:
        length = parameter(len(filters.path_prefix))
        conditions.append(f"substr(path, 1, {length}) = {parameter(filters.path_prefix)}")
    if filters.since is not None:
        conditions.append(f"received_at >= {parameter(filters.since)}")
    if filters.until is not None:
        conditions.append(f"received_at < {parameter(filters.until)}")
    if filters.after is not None:
        time, key = parameter(filters.after.received_at), parameter(filters.after.id)
        conditions.append(f"(received_at, id) < ({time}, {key})")
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    # One row more than asked for tells whether there is a next page.
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM feedback {where}"
        f"ORDER BY received_at DESC, id DESC LIMIT {parameter(filters.limit + 1)}",
        *values,
    )
    items = tuple(_feedback(row) for row in rows[: filters.limit])
    more = len(rows) > filters.limit
    return Page(items, Cursor(items[-1].received_at, items[-1].id) if more else None)


async def find_one(database: Database, key: str) -> Feedback | None:
    """One submission by its id."""
    rows = await database.fetch(f"SELECT {_COLUMNS} FROM feedback WHERE id = $1", key)
    return _feedback(rows[0]) if rows else None


async def set_status(transaction: Transaction, key: str, status: Status) -> Feedback | None:
    """Move one submission to a status; None where there is no such id."""
    rows = await transaction.fetch(
        f"UPDATE feedback SET status = $2 WHERE id = $1 RETURNING {_COLUMNS}", key, status
    )
    return _feedback(rows[0]) if rows else None


def _feedback(row: Row) -> Feedback:
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
    )


def _removed_to_json(removed: Iterable[Removed]) -> str:
    return json.dumps([{"field": one.field, "kind": one.kind, "count": one.count} for one in removed])


def _removed_from_json(text: str) -> tuple[Removed, ...]:
    return tuple(Removed(one["field"], one["kind"], one["count"]) for one in json.loads(text))
