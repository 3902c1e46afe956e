"""The store: all that the service keeps, behind one object that knows no engine."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

from feedback.audit import Audited, AuditEntry, AuditFilters
from feedback.errors import StartError, Unavailable
from feedback.model import (
    DayCounts,
    Feedback,
    Filters,
    Page,
    PageCounts,
    PageFilters,
    Receipt,
    Role,
    ScrubbedFeedback,
    Status,
    TrendFilters,
)
from feedback.store import access, audit, counts, retention, submissions
from feedback.store.access import Session
from feedback.store.database import Database, DatabaseError, Progress, Readable
from feedback.store.migrate import Migrated, Schema, migrate
from feedback.store.sqlite import SqliteDatabase, SqliteReader
from feedback.store.sqlite_backup import back_up
from feedback.store.writer import Writer


class Store:
    """Keeps submissions, links and sessions. Every method raises Unavailable while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = Writer(database)

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Open the database at `url`, with every table in place; raises StartError in one sentence."""
        database = await open_database(url)
        try:
            await migrate(database, Schema.of_package())
        except BaseException:
            await database.close()
            raise
        return cls(database)

    async def close(self) -> None:
        """Finish what is being written, then close."""
        await self._writer.close()
        await self._database.close()

    async def check(self) -> None:
        """Raise Unavailable unless the database answers and what is written reaches the disk."""
        if not self._writer.running:
            raise Unavailable
        now = time.time_ns() // 1_000_000
        await self._writer.change(lambda work: work.fetch("UPDATE upkeep SET checked_at = $1", now))

    async def add(self, feedback: ScrubbedFeedback) -> Receipt:
        """Keep one submission; returns once it is on disk. The same id again keeps only the first."""
        return await self._writer.add(feedback)

    async def find(self, filters: Filters) -> Page:
        """One page of submissions, newest first."""
        return await submissions.find(self._database, filters)

    def export(self, filters: Filters) -> AsyncIterator[Sequence[Feedback]]:
        """All that the filters choose, newest first, a part at a time; their limit does not count."""
        return submissions.export(self._database, filters)

    async def find_one(self, key: str) -> Feedback | None:
        """One submission by its id."""
        return await submissions.find_one(self._database, key)

    async def set_status(self, key: str, status: Status, entry: AuditEntry | None = None) -> Feedback | None:
        """Move one submission to a status and write it down; None where there is no such id."""
        return await self._writer.change(lambda work: submissions.set_status(work, key, status, entry))

    async def pages(self, filters: PageFilters) -> tuple[PageCounts, ...]:
        """The pages with the most of what is asked for; their counts outlive the words."""
        return await counts.pages(self._database, filters)

    async def trend(self, filters: TrendFilters) -> tuple[DayCounts, ...]:
        """The days on which something came, oldest first; their counts outlive the words."""
        return await counts.trend(self._database, filters)

    async def retain(self, days: int, now: int) -> int | None:
        """Delete what is older than so many days at `now` (epoch milliseconds); gives how many rows went.

        None where the clock has jumped ahead: nothing is deleted until it has gone on from there for a day.
        """
        if not await self._writer.change(lambda work: retention.trust_clock(work, now)):
            return None
        return await self.purge(now - days * retention.DAY)

    async def purge(self, before: int) -> int:
        """Delete submissions received before a time in epoch milliseconds; their counts stay."""
        deleted = 0
        while n := await self._writer.change(lambda work: retention.delete_before(work, before)):
            deleted += n
        if deleted:
            await self._overwrite_deleted()
        return deleted

    async def erase(self, keys: Sequence[str]) -> int:
        """Delete submissions by their ids; their counts stay."""
        deleted = 0
        for start in range(0, len(keys), retention.AT_ONCE):
            part = keys[start : start + retention.AT_ONCE]
            deleted += await self._writer.change(partial(retention.delete, keys=part))
        if deleted:
            await self._overwrite_deleted()
        return deleted

    async def count_before(self, before: int) -> int:
        """How many submissions were received before a time in epoch milliseconds."""
        return await retention.count_before(self._database, before)

    async def _overwrite_deleted(self) -> None:
        """Leave no deleted word in the search index, the log of writes and the files."""
        while await self._writer.change(self._database.clean_search) is not Progress.DONE:
            pass
        busy = 0
        while (progress := await self._writer.between(self._database.clean_files)) is not Progress.DONE:
            if progress is Progress.BUSY:
                busy += 1
                if busy > retention.TRIES:
                    raise DatabaseError("log in use")
                await asyncio.sleep(0.1)

    async def audit(self, *entries: AuditEntry) -> None:
        """Write down what changed nothing else: a look at an item, an export, a failed sign-in.

        What changes something is written down in its own transaction, by `audit.record`.
        """
        await self._writer.change(lambda work: audit.record(work, *entries))

    async def audited(self, filters: AuditFilters) -> Sequence[Audited]:
        """A page of the audit log, newest first."""
        return await audit.find(self._database, filters)

    def export_audit(self, filters: AuditFilters) -> AsyncIterator[Sequence[Audited]]:
        """All of the audit log that the filters choose, a part at a time; their limit does not count."""
        return audit.export(self._database, filters)

    async def add_link(self, secret_hash: str, role: Role, now: int, expires_at: int) -> None:
        """Keep a one-time sign-in link."""
        await self._writer.change(lambda work: access.add_link(work, secret_hash, role, now, expires_at))

    async def use_link(
        self, secret_hash: str, session_hash: str, now: int, session_start: int
    ) -> Role | None:
        """Trade a one-time link for a session."""
        return await self._writer.change(
            lambda work: access.use_link(work, secret_hash, session_hash, now, session_start)
        )

    async def find_session(self, secret_hash: str) -> Session | None:
        """The session of a cookie."""
        return await access.find_session(self._database, secret_hash)

    async def touch_session(self, secret_hash: str, now: int) -> None:
        """Note that the session is in use."""
        await self._writer.change(lambda work: access.touch_session(work, secret_hash, now))

    async def end_session(self, secret_hash: str) -> None:
        """Sign out."""
        await self._writer.change(lambda work: access.end_session(work, secret_hash))


class Reading:
    """Reads what another process keeps in SQLite; it cannot write."""

    def __init__(self, database: Readable) -> None:
        self._database = database

    @classmethod
    async def beside(cls, url: str) -> "Reading":
        """Open the SQLite database at `url` beside the process that holds it; raises StartError."""
        return cls(await SqliteReader.open(sqlite_path(url)))

    def export(self, filters: Filters) -> AsyncIterator[Sequence[Feedback]]:
        """All that the filters choose, newest first, a part at a time; their limit does not count."""
        return submissions.export(self._database, filters)

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()


async def migrate_database(url: str) -> Migrated:
    """Bring the database at `url` to this release; raises StartError in one sentence."""
    database = await open_database(url)
    try:
        return await migrate(database, Schema.of_package())
    finally:
        await database.close()


def back_up_database(url: str, target: Path) -> int:
    """Copy the SQLite database at `url` to a new file; gives how many submissions are in it."""
    return back_up(sqlite_path(url), target)


def sqlite_path(url: str) -> Path:
    """The file of `sqlite:///PATH`."""
    return Path(url.partition("://")[2].removeprefix("/"))


async def open_database(url: str) -> Database:
    """The database at `url`, as it is; raises StartError in one sentence."""
    if url.startswith("sqlite:"):
        return await SqliteDatabase.open(sqlite_path(url))
    try:
        from feedback.store.postgres import PostgresDatabase
    except ModuleNotFoundError:
        raise StartError(
            "PostgreSQL needs its driver; install the package as page-feedback[postgresql]."
        ) from None
    return await PostgresDatabase.open(url)
