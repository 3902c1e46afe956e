"""Twelve submissions that the tests of the desk change, find and mark."""

from dataclasses import replace

from feedback.model import (
    EVERYTHING,
    Filters,
    Removed,
    Scope,
    Status,
    Useful,
)
from feedback.model.audit import Action, AuditEntry
from feedback.store import Store
from tests.store.samples import (
    NOON,
    SITE,
    some_account,
    some_feedback,
)

ANN = AuditEntry("1", "Ann", Action.FEEDBACK_CHANGED)
BOB = AuditEntry("2", "Bob", Action.FEEDBACK_CHANGED)
OTHER = "https://b.gov.uk"
ROWS = [
    some_feedback(
        f"words {number}",
        NOON + number,
        path="/bins" if number % 2 else "/tax",
        site=OTHER if number % 5 == 0 else SITE,
        useful=Useful.YES if number % 3 else Useful.NO,
        status=Status.SPAM if number == 7 else Status.NEW,
        removed=(Removed("comment", "PHONE_NUMBER", 1),) if number in (3, 4) else (),
    )
    for number in range(12)
]
KEYS = [row.id for row in ROWS]


async def filled(store: Store) -> None:
    await store.people.add(replace(some_account(), id="ann"))
    for row in ROWS:
        await store.add(replace(row, urgent=row is ROWS[9]))


async def found(store: Store, filters: Filters, scope: Scope = EVERYTHING) -> list[int]:
    return [KEYS.index(item.id) for item in (await store.find(filters, scope)).items]
