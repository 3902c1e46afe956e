"""Keeping the web team's notes that a page was changed on a day."""

from datetime import date, timedelta
from typing import Final

from feedback.model import PageChange, Scope, ScrubbedPageChange
from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.counts import page_id
from feedback.store.database import Database, Transaction

_EPOCH: Final = date(1970, 1, 1)
# More than anybody marks; the oldest are not shown.
_SHOWN: Final = 50


async def add(
    transaction: Transaction,
    site: str,
    path: str,
    change: ScrubbedPageChange,
    scope: Scope,
    entry: AuditEntry,
) -> bool:
    """Keep a note on a page and write it down; False where the page is not in scope."""
    if not scope.includes(site):
        return False
    await transaction.fetch(
        "INSERT INTO page_change (id, page, day, note, made_by) VALUES ($1, $2, $3, $4, $5)",
        change.id,
        page_id(site, path),
        (change.day - _EPOCH).days,
        change.note.text,
        change.made_by,
    )
    await record(transaction, entry)
    return True


async def remove(
    transaction: Transaction, site: str, path: str, key: str, scope: Scope, entry: AuditEntry
) -> bool:
    """Forget a note on a page and write it down; False where there is none in scope."""
    if not scope.includes(site):
        return False
    rows = await transaction.fetch(
        "DELETE FROM page_change WHERE id = $1 AND page = $2 RETURNING id", key, page_id(site, path)
    )
    if rows:
        await record(transaction, entry)
    return bool(rows)


async def of_page(database: Database, site: str, path: str, scope: Scope) -> tuple[PageChange, ...]:
    """The notes on a page in scope, oldest first."""
    if not scope.includes(site):
        return ()
    rows = await database.fetch(
        "SELECT id, day, note, made_by FROM page_change WHERE page = $1 ORDER BY day DESC, id DESC LIMIT $2",
        page_id(site, path),
        _SHOWN,
    )
    return tuple(
        PageChange(row["id"], _EPOCH + timedelta(days=row["day"]), row["note"], row["made_by"])
        for row in reversed(rows)
    )
