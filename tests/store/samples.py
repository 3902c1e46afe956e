"""Submissions as the intake would hand them over, and a store to keep them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from feedback.ids import new_id
from feedback.model import EVERYTHING, Removed, Role, Scope, ScrubbedFeedback, Spam, Status, Useful
from feedback.model.access import Account
from feedback.model.audit import Action, AuditEntry
from feedback.store import Store
from scrubbers import RULES_VERSION, Scrubber

SITE = "https://www.example.gov.uk"
DAY = 86_400_000
NOON = 1_700_000_000_000 // DAY * DAY + DAY // 2  # noon of 14 November 2023, UTC
SCRUBBER = Scrubber()
# Who erases where the test is about something else.
ERASE = AuditEntry.by_command(Action.FEEDBACK_ERASED)


def some_feedback(
    comment: str | None = "hello",
    received_at: int = NOON,
    *,
    key: str | None = None,
    path: str = "/bins",
    site: str = SITE,
    useful: Useful | None = Useful.NO,
    doing: str | None = None,
    title: str | None = None,
    status: Status = Status.NEW,
    removed: tuple[Removed, ...] = (Removed("comment", "UK_NINO", 2),),
) -> ScrubbedFeedback:
    scrub = SCRUBBER.scrub
    return ScrubbedFeedback(
        id=key or str(new_id()),
        received_at=received_at,
        site=scrub(site),
        path=scrub(path),
        title=scrub(title) if title else None,
        lang="en",
        useful=useful,
        doing=scrub(doing) if doing else None,
        comment=scrub(comment) if comment else None,
        status=status,
        spam=Spam(),
        removed=removed,
        scrub_version=RULES_VERSION,
    )


def some_account(
    email: str = "ann@example.gov.uk", role: Role = Role.REVIEWER, scope: Scope = EVERYTHING
) -> Account:
    return Account(str(new_id()), email, "Ann", role, scope, added_at=NOON)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


def day_of(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()
