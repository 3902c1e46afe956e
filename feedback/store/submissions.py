"""Keeping submissions and reading them back; every query once, for both engines."""

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from feedback.audit import AuditEntry
from feedback.model import (
    Cursor,
    Feedback,
    Filters,
    Page,
    Receipt,
    Removed,
    Scope,
    ScrubbedFeedback,
    Spam,
    Status,
    Useful,
)
from feedback.store.audit import record
from feedback.store.counts import Counted, count, placeholders
from feedback.store.database import Database, Readable, Row, Transaction

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
)
_LIST: Final = ", ".join(COLUMNS)
# Qualified, since the search index of SQLite has columns of the same names.
_SELECT: Final = ", ".join(f"f.{column} AS {column}" for column in COLUMNS)

# Rows that one statement writes; more are written by the next.
_AT_ONCE: Final = 64
# Rows of an export that are held at a time.
_EXPORTED_AT_ONCE: Final = 500

# A row's number is its time in milliseconds and 21 bits that tell rows of one millisecond apart: enough
# until the year 2109.
TIE_BITS: Final = 21
_MAX_NUMBER: Final = 2**63 - 1

_NONE: Final = "[]"

_WORD: Final = re.compile(r"[^\W_]+")


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


async def find(database: Readable, filters: Filters, scope: Scope) -> Page:
    """One page of the submissions in scope, newest first."""
    scope = scope.narrowed(filters.equals.get("site"))
    search = database.search
    source, number = "feedback AS f", "f.number"
    values: list[object] = []
    conditions: list[str] = []

    def parameter(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    if filters.q is not None:
        words = words_of(filters.q)
        if not words:
            return Page((), None)
        source, number = search.source, search.number
        conditions.append(search.condition(parameter(search.value(words))))
        if search.among and {"site", "path"} <= filters.equals.keys():
            site, path = parameter(filters.equals["site"]), parameter(filters.equals["path"])
            page = f"SELECT number FROM feedback WHERE site = {site} AND path = {path}"
            conditions.append(search.among.format(page))
    # The columns come from our own table of filters, never from a request.
    conditions += [
        f"f.{column} = {parameter(value)}" for column, value in filters.equals.items() if column != "site"
    ]
    if filters.hide_spam:
        conditions.append("f.status <> 'spam'")  # as the index of the inbox says it
    if filters.path_prefix is not None:
        length = parameter(len(filters.path_prefix))
        conditions.append(f"substr(f.path, 1, {length}) = {parameter(filters.path_prefix)}")
    if filters.since is not None:
        conditions.append(f"{number} >= {parameter(first_number(filters.since))}")
    if filters.until is not None:
        conditions.append(f"{number} < {parameter(first_number(filters.until))}")
    if filters.after is not None:
        conditions.append(f"{number} < {parameter(filters.after.number)}")
    # One row more than asked for tells whether there is a next page.
    limit = parameter(filters.limit + 1)
    # Each site has an index that gives its rows in order; both engines merge them and stop at the limit.
    of_sites = (
        [[]] if scope.sites is None else [[f"f.site = {parameter(site)}"] for site in sorted(scope.sites)]
    )
    if not of_sites:
        return Page((), None)
    arms = " UNION ALL ".join(
        f"SELECT {_SELECT} FROM {source}" + (f" WHERE {' AND '.join(all_of)}" if all_of else "")
        for all_of in ([*conditions, *of_site] for of_site in of_sites)
    )
    order = number if len(of_sites) == 1 else "number"
    rows = await database.fetch(f"{arms} ORDER BY {order} DESC LIMIT {limit}", *values)
    items = tuple(feedback_of(row) for row in rows[: filters.limit])
    more = len(rows) > filters.limit
    return Page(items, Cursor(rows[filters.limit - 1]["number"]) if more else None)


async def export(database: Readable, filters: Filters, scope: Scope) -> AsyncIterator[Sequence[Feedback]]:
    """All in scope that the filters choose, newest first, some hundred at a time, whatever limit they name.

    Each part is a statement of its own along the order of arrival: nothing is held open however slowly the
    parts are taken, and what comes in meanwhile is left out.
    """
    rest: Filters | None = replace(filters, limit=_EXPORTED_AT_ONCE)
    while rest:
        page = await find(database, rest, scope)
        if page.items:
            yield page.items
        rest = replace(rest, after=page.next) if page.next else None


async def find_one(database: Database, key: str, scope: Scope) -> Feedback | None:
    """One submission by its id; None where there is none in scope."""
    rows = await database.fetch(f"SELECT {_LIST} FROM feedback WHERE id = $1", key)
    return feedback_of(rows[0]) if rows and scope.includes(rows[0]["site"]) else None


async def set_status(
    transaction: Transaction, key: str, status: Status, scope: Scope, entry: AuditEntry | None
) -> Feedback | None:
    """Move one submission to a status; None where there is no such id in scope. Spam leaves the counts."""
    # A change that changes nothing: it holds the row, so that no other process moves it in between.
    rows = await transaction.fetch(
        "UPDATE feedback SET status = status WHERE id = $1 RETURNING status, site", key
    )
    if not rows or not scope.includes(rows[0]["site"]):
        return None
    before = rows[0]["status"]
    rows = await transaction.fetch(
        f"UPDATE feedback SET status = $2 WHERE id = $1 RETURNING {_LIST}", key, status
    )
    feedback = feedback_of(rows[0])
    if (before == Status.SPAM) != (status == Status.SPAM):
        await count(transaction, [Counted.moved(feedback, -1 if status == Status.SPAM else 1)])
    if entry:
        await record(transaction, entry)
    return feedback


def words_of(text: str) -> list[str]:
    """The words of a search as both indexes hold them: without accents, of letters and digits alone."""
    plain = unicodedata.normalize("NFD", text)
    return _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))


def first_number(milliseconds: int) -> int:
    """The smallest number of a row received at a time, within what a BIGINT holds."""
    return max(-_MAX_NUMBER, min(milliseconds << TIE_BITS, _MAX_NUMBER))


@lru_cache(maxsize=_AT_ONCE)
def _insert(rows: int) -> str:
    return (
        f"INSERT INTO feedback ({_LIST}) VALUES {placeholders(rows, len(COLUMNS))} "
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
    )


def removed_to_json(removed: Iterable[Removed]) -> str:
    """What was removed, as the column `removed` holds it."""
    return json.dumps([{"field": one.field, "kind": one.kind, "count": one.count} for one in removed])


def _removed_from_json(text: str) -> tuple[Removed, ...]:
    return tuple(Removed(one["field"], one["kind"], one["count"]) for one in json.loads(text))
