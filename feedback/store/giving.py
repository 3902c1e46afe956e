"""Whom submissions may be given to: somebody on the team who may change feedback and see its websites."""

from collections.abc import Iterable, Sequence
from typing import Final

from feedback.errors import Fault, Invalid
from feedback.model import Role, Scope
from feedback.store.counts import placeholders
from feedback.store.database import Readable, Row, Transaction
from feedback.store.people import scope_of

# Submissions whose websites one statement reads.
_AT_ONCE: Final = 500


async def check_given(database: Readable, person: str, keys: Sequence[str], scope: Scope) -> None:
    """Raise Invalid unless somebody may be given those of the submissions that are in scope."""
    sites: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        rows = await database.fetch(
            f"SELECT DISTINCT site FROM feedback WHERE id IN {placeholders(1, len(part))}", *part
        )
        sites.update(row["site"] for row in rows)
    rows = await database.fetch("SELECT role, sites, disabled_at FROM person WHERE id = $1", person)
    _check(rows, filter(scope.includes, sites))


async def hold_given(work: Transaction, person: str, sites: Iterable[str]) -> None:
    """The same for submissions of these websites, so that nobody disables or limits the person in between."""
    rows = await work.fetch(
        "UPDATE person SET disabled_at = disabled_at WHERE id = $1 RETURNING role, sites, disabled_at", person
    )
    _check(rows, sites)


def _check(rows: Sequence[Row], sites: Iterable[str]) -> None:
    if not rows or rows[0]["disabled_at"] is not None or not Role(rows[0]["role"]).includes(Role.REVIEWER):
        raise Invalid(Fault("assignee", "not_reviewer"))
    if not all(map(scope_of(rows[0]["sites"]).includes, sites)):
        raise Invalid(Fault("assignee", "may_not_see"))
