"""The embedded database: one process, one writing connection, readers that cannot write."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from errno import EISDIR
from pathlib import Path
from typing import Final

import aiosqlite
from filelock import FileLock, Timeout

from feedback.errors import StartError
from feedback.store.database import (
    STATEMENT_SECONDS,
    DatabaseError,
    DatabaseInUse,
    Progress,
    Row,
    SchemaChange,
    Search,
    Transaction,
)
from feedback.store.sqlite_connection import READER, WRITER, SqliteConnection, SqliteTransaction, connect
from feedback.store.sqlite_gaps import Gaps
from feedback.store.sqlite_search import SqliteSearch

_READERS: Final = 3
# `feedback check` looks at the lock for less than a moment; who really holds it does so for longer.
_LOCK_SECONDS: Final = 0.2

# Pages of the search index that one step of its clean-up may rewrite: some milliseconds of writing.
_MERGE_PAGES: Final = 200


class SqliteDatabase:
    """A SQLite file. Two writing connections can lose commits in SQLite before 3.51.3, so there is one."""

    def __init__(
        self,
        writer: aiosqlite.Connection,
        readers: Sequence[aiosqlite.Connection],
        gaps: Gaps,
        lock: FileLock,
    ) -> None:
        self.search: Search = SqliteSearch()
        self.size = "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
        self._writer = SqliteConnection(writer)
        self._readers = [SqliteConnection(reader) for reader in readers]
        self._free: asyncio.LifoQueue[SqliteConnection] = asyncio.LifoQueue()
        for reader in self._readers:
            self._free.put_nowait(reader)
        self._gaps = gaps
        self._lock = lock
        self._merging = False

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open the file, made with its folder where missing.

        Raises StartError, in one sentence, where it cannot be used; DatabaseInUse where another process
        holds it.
        """
        try:
            if path.is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(f"{path}.lock", mode=0o600)
            lock.acquire(timeout=_LOCK_SECONDS, poll_interval=_LOCK_SECONDS / 4)
        except Timeout:
            raise DatabaseInUse(
                f"Another process uses the database {path}; "
                "several processes need FEEDBACK_DATABASE_URL=postgresql://..."
            ) from None
        except OSError as error:
            raise StartError(f"The database {path} cannot be opened: {error.strerror}.") from None
        connections: list[aiosqlite.Connection] = []
        try:
            path.touch(mode=0o600)
            # Readers open second: only the writer may make the file and its write-ahead log.
            for mode, pragmas in (("rw", WRITER), *[("ro", READER)] * _READERS):
                connections.append(await connect(path, mode, pragmas))
            gaps = Gaps(path)
        except (OSError, sqlite3.Error) as error:
            for connection in connections:
                await connection.close()
            lock.release()
            reason = (
                error.strerror
                if isinstance(error, OSError)
                else "it is not a SQLite database or not writable"
            )
            raise StartError(f"The database {path} cannot be opened: {reason}.") from None
        return cls(connections[0], connections[1:], gaps, lock)

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes. A statement that takes too long is stopped."""
        try:
            async with asyncio.timeout(STATEMENT_SECONDS):
                reader = await self._free.get()
        except TimeoutError:
            raise DatabaseError("TimeoutError") from None
        try:
            async with asyncio.timeout(STATEMENT_SECONDS):
                return await reader.fetch(sql, *values)
        except TimeoutError:
            await reader.interrupt()
            raise DatabaseError("TimeoutError") from None
        finally:
            # Where the request was cancelled, the statement still runs; the next one waits behind it.
            self._free.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a write. Only the writer task may call this, one at a time."""
        async with self._begin() as connection:
            yield connection

    @asynccontextmanager
    async def schema_change(self) -> AsyncIterator[SchemaChange]:
        """Begin a change of the tables; SQLite lets only one process at a time write."""
        async with self._begin() as connection:
            yield connection

    async def clean_search(self, transaction: Transaction) -> Progress:
        """Rewrite a part of the search index; once all is rewritten, no deleted word is left in it.

        FTS5 keeps a deleted word, and a note that it is deleted, until both are merged away (FTS5, 6.4
        and 6.8: a first negative `merge` marks all for merging; no more than one change means done).
        """
        pages = _MERGE_PAGES if self._merging else -_MERGE_PAGES
        before = await transaction.fetch("SELECT total_changes() AS n")
        await transaction.fetch(
            "INSERT INTO feedback_search (feedback_search, rank) VALUES ('merge', $1)", pages
        )
        after = await transaction.fetch("SELECT total_changes() AS n")
        self._merging = bool(after[0]["n"] - before[0]["n"] >= 2)
        return Progress.MORE if self._merging else Progress.DONE

    async def clean_files(self) -> Progress:
        """Cut the log of writes to nothing and overwrite the gaps of some pages.

        Only the writer task may call this: nothing may be written between the steps.
        """
        rows = await self._writer.fetch("PRAGMA wal_checkpoint(TRUNCATE)")
        if rows[0]["busy"]:
            return Progress.BUSY
        try:
            more = await asyncio.to_thread(self._gaps.overwrite_some)
        except OSError as error:
            raise DatabaseError(type(error).__name__) from None
        finally:
            # The writer's cached pages still hold what was in the gaps.
            await self._writer.fetch("PRAGMA shrink_memory")
        return Progress.MORE if more else Progress.DONE

    async def close(self) -> None:
        """Close all connections and let another process have the file."""
        for reader in self._readers:
            await reader.close()
        await self._writer.close()
        self._gaps.close()
        self._lock.release()

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[SqliteTransaction]:
        transaction = SqliteTransaction(self._writer)
        try:
            yield transaction
            await transaction.commit()
        except BaseException:
            # After some faults (a full disk) SQLite has rolled back by itself.
            with suppress(DatabaseError):
                await self._writer.fetch("ROLLBACK")
            raise


class SqliteReader:
    """The file beside the process that holds it, by one connection that can only read."""

    def __init__(self, reader: aiosqlite.Connection) -> None:
        self.search: Search = SqliteSearch()
        self._reader = SqliteConnection(reader)

    @classmethod
    async def open(cls, path: Path) -> "SqliteReader":
        """Open the file; raises StartError, in one sentence, where it cannot be read."""
        try:
            connection = await connect(path, "ro", READER)
        except sqlite3.Error:
            raise StartError(f"The database {path} cannot be read.") from None
        return cls(connection)

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes."""
        return await self._reader.fetch(sql, *values)

    async def close(self) -> None:
        """Let go of the file; only the process that holds it may tidy its log."""
        await self._reader.close()
