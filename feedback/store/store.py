"""The store: all that the service keeps, behind one object that knows no engine."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Final

from feedback.model import (
    DayCounts,
    Feedback,
    Filters,
    Page,
    PageChange,
    PageCounts,
    PageFilters,
    Receipt,
    Scope,
    ScrubbedFeedback,
    ScrubbedNote,
    ScrubbedPageChange,
    Trend,
    TrendFilters,
)
from feedback.model.audit import Action, Audited, AuditEntry, AuditFilters
from feedback.model.desk import Around, Change, Facets
from feedback.store import around, audit, changes, facets, figures, finding, notes, retention, submissions
from feedback.store.changing import Changes, change_one
from feedback.store.database import Database
from feedback.store.erasure import Erasures
from feedback.store.forgetting import Forgetting
from feedback.store.marks import Marks
from feedback.store.migrate import Schema, migrate
from feedback.store.opening import open_database
from feedback.store.people import People
from feedback.store.rates import Rates
from feedback.store.rescrub import Rescrubs
from feedback.store.sessions import Sessions
from feedback.store.subscriptions import Subscriptions
from feedback.store.tokens import Tokens
from feedback.store.traces import Traces
from feedback.store.urgent import Urgent
from feedback.store.views import Views
from feedback.store.writer import OnBatch, Writer

# How long an answer to "can it store?" is good for; a fault is answered at once, whatever this said.
_CHECK_SECONDS: Final = 1.0


class Store:
    """Keeps submissions, people and what they sign in by.

    Every method raises Unavailable while the database is away. What somebody may see is asked for by their
    scope, so that the type checker finds the question that was asked for nobody.
    """

    def __init__(self, database: Database, on_batch: OnBatch | None = None) -> None:
        self._database = database
        self._writer = Writer(database, on_batch)
        self._checking: asyncio.Task[None] | None = None
        self._good_at = float("-inf")
        self.people = People(database, self._writer)
        self.sessions = Sessions(database, self._writer)
        self.tokens = Tokens(database, self._writer)
        self.rates = Rates(database, self._writer)
        self.subscriptions = Subscriptions(database, self._writer)
        self.traces = Traces(database, self._writer)
        self.forgetting = Forgetting(database, self._writer, self.traces)
        self.erasures = Erasures(database, self._writer, self.traces)
        self.rescrubs = Rescrubs(database, self._writer, self.traces)
        self.changes = Changes(database, self._writer)
        self.marks = Marks(database, self._writer, self.traces)
        self.urgent = Urgent(database, self._writer)
        self.views = Views(database, self._writer)

    @classmethod
    async def open(cls, url: str, on_batch: OnBatch | None = None) -> "Store":
        """Open the database at `url`, with every table in place; raises StartError in one sentence.

        `on_batch` is told of each batch of submissions.
        """
        database = await open_database(url)
        try:
            await migrate(database, Schema.of_package())
        except BaseException:
            await database.close()
            raise
        return cls(database, on_batch)

    @property
    def shared(self) -> bool:
        """Whether other processes may work on the same database."""
        return self._database.search.engine == "postgresql"

    async def close(self) -> None:
        """Finish what is being written, then close."""
        await self._writer.close()
        await self._database.close()

    async def check(self) -> None:
        """Raise Unavailable unless the database answers and what is written reaches the disk.

        Whoever asks within a second shares a good answer: each is a commit, and asking is open to everybody.
        """
        if time.monotonic() - self._good_at < _CHECK_SECONDS:
            return
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check())
        await asyncio.shield(self._checking)

    async def _check(self) -> None:
        now = time.time_ns() // 1_000_000
        await self._writer.change(lambda work: work.fetch("UPDATE upkeep SET checked_at = $1", now))
        self._good_at = time.monotonic()

    async def size(self) -> int:
        """The size of the database in bytes."""
        return int((await self._database.fetch(self._database.size))[0]["bytes"])

    @property
    def has_room(self) -> bool:
        """Whether a submission that comes now would not wait too long."""
        return self._writer.has_room

    async def add(self, feedback: ScrubbedFeedback) -> Receipt:
        """Keep one submission; returns once it is on disk. The same id again keeps only the first."""
        return await self._writer.add(feedback)

    async def find(self, filters: Filters, scope: Scope) -> Page:
        """One page of the submissions in scope, newest first."""
        return await finding.find(self._database, filters, scope)

    def export(self, filters: Filters, scope: Scope) -> AsyncIterator[Sequence[Feedback]]:
        """All in scope that the filters choose, newest first, in parts; their limit does not count."""
        return finding.export(self._database, filters, scope)

    async def find_one(self, key: str, scope: Scope) -> Feedback | None:
        """One submission by its id; None where there is none in scope."""
        return await submissions.find_one(self._database, key, scope)

    async def change_one(
        self, key: str, change: Change, scope: Scope, entry: AuditEntry | None = None
    ) -> Feedback | None:
        """Change one submission and write it down; None where there is no such id in scope."""
        changed = await self._writer.change(lambda work: change_one(work, key, change, scope, entry))
        return changed and await self.find_one(key, scope)

    async def add_note(self, key: str, note: ScrubbedNote, scope: Scope, entry: AuditEntry) -> bool:
        """Keep a note about a submission and write it down; False where there is no such id in scope."""
        return await self._writer.change(lambda work: notes.add_note(work, key, note, scope, entry))

    async def facets(self, filters: Filters, scope: Scope) -> Facets:
        """How many submissions in scope each choice of a filter would give."""
        return await facets.facets(self._database, filters, scope)

    async def around(self, item: Feedback, filters: Filters, scope: Scope) -> Around:
        """What stands beside a submission that was opened from the list of the filters."""
        return await around.around(self._database, item, filters, scope)

    async def pages(self, filters: PageFilters, scope: Scope) -> tuple[PageCounts, ...]:
        """The pages of the filters in their order; their counts outlive the words."""
        return await figures.pages(self._database, filters, scope)

    async def days(self, filters: TrendFilters, scope: Scope) -> tuple[DayCounts, ...]:
        """The days on which something came, oldest first, without what was removed."""
        return await figures.days(self._database, filters, scope)

    async def trend(self, filters: TrendFilters, scope: Scope) -> tuple[DayCounts, ...]:
        """The days on which something came, oldest first, with what was removed by kind."""
        return await figures.trend(self._database, filters, scope)

    async def trends_by_site(self, filters: TrendFilters, scope: Scope, step: int) -> tuple[Trend, ...]:
        """Each site in steps of so many days, oldest first."""
        return await figures.by_site(self._database, filters, scope, step)

    async def trends_by_section(self, filters: TrendFilters, scope: Scope, step: int) -> tuple[Trend, ...]:
        """Each section of each site in steps of so many days, oldest first."""
        return await figures.by_section(self._database, filters, scope, step)

    async def trends_by_kind(
        self, filters: TrendFilters, scope: Scope, step: int
    ) -> dict[str, tuple[int, ...]]:
        """How many numbers of each kind were removed in steps of so many days, oldest first."""
        return await figures.by_kind(self._database, filters, scope, step)

    async def page_changes(self, site: str, path: str, scope: Scope) -> tuple[PageChange, ...]:
        """The notes that a page in scope was changed, oldest first."""
        return await changes.of_page(self._database, site, path, scope)

    async def add_page_change(
        self, site: str, path: str, change: ScrubbedPageChange, scope: Scope, entry: AuditEntry
    ) -> bool:
        """Keep a note that a page was changed, and write it down; False where the page is not in scope."""
        return await self._writer.change(lambda work: changes.add(work, site, path, change, scope, entry))

    async def remove_page_change(
        self, site: str, path: str, key: str, scope: Scope, entry: AuditEntry
    ) -> bool:
        """Forget such a note, and write it down; False where there is none in scope."""
        return await self._writer.change(lambda work: changes.remove(work, site, path, key, scope, entry))

    async def retain(self, days: int, now: int) -> int | None:
        """Delete what is older than so many days at `now` (epoch milliseconds); gives how many rows went.

        None where the clock has jumped ahead: nothing is deleted until it has gone on from there for a day.
        """
        if not await self._writer.change(lambda work: retention.trust_clock(work, now)):
            return None
        return await self.purge(now - days * retention.DAY, AuditEntry.by_service(Action.FEEDBACK_PURGED))

    async def retain_audited(self, days: int, now: int) -> int | None:
        """The same for entries of the audit log."""
        if not await self._writer.change(lambda work: retention.trust_clock(work, now)):
            return None
        entry = AuditEntry.by_service(Action.AUDIT_PURGED)
        return await self._delete(retention.delete_audited, now - days * retention.DAY, entry)

    async def purge(self, before: int, entry: AuditEntry) -> int:
        """Delete submissions received before a time in epoch milliseconds; their counts stay."""
        return await self._delete(retention.delete_before, before, entry)

    async def _delete(self, step: retention.Step, before: int, entry: AuditEntry) -> int:
        """Take one step after another until nothing older is left, and overwrite what is left of it."""
        deleted = 0
        while n := await self._writer.change(lambda work: step(work, before, entry)):
            deleted += n
        if deleted:
            await self.traces.overwrite()
        return deleted

    async def due(self, before: int) -> Sequence[tuple[int, int]]:
        """How many came on each day before a time in epoch milliseconds, as (days since 1970, number)."""
        return await retention.due(self._database, before)

    async def count_before(self, before: int) -> int:
        """How many submissions were received before a time in epoch milliseconds."""
        return await retention.count_before(self._database, before)

    async def audit(self, *entries: AuditEntry) -> None:
        """Write down what changed nothing else: a look at an item, an export, a failed sign-in.

        What changes something is written down in its own transaction, by `audit.record`.
        """
        await self._writer.change(lambda work: audit.record(work, *entries))

    async def audit_news(self, entry: AuditEntry) -> None:
        """Write down how things are, unless the last entry of this action says the same."""
        await self._writer.change(lambda work: audit.record_news(work, entry))

    async def audited(self, filters: AuditFilters) -> Sequence[Audited]:
        """A page of the audit log, newest first."""
        return await audit.find(self._database, filters)

    async def history(self, key: str) -> Sequence[Audited]:
        """What was done to one submission, newest first; who only looked at it is left out."""
        return await audit.history(self._database, key)

    def export_audit(self, filters: AuditFilters) -> AsyncIterator[Sequence[Audited]]:
        """All of the audit log that the filters choose, a part at a time; their limit does not count."""
        return audit.export(self._database, filters)
