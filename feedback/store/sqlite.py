"""The embedded database: one process, one writing connection, readers that cannot write."""

import asyncio
import math
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from errno import EISDIR
from functools import lru_cache
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

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
from feedback.store.sqlite_gaps import Gaps
from feedback.store.sqlite_search import SqliteSearch

# FULL: the commit has reached the disk, not only the page cache, before a visitor is thanked.
# secure_delete: deleted words are overwritten (sqlite_gaps.py does the rest).
# temp_store: no temporary file ever holds words.
# trusted_schema stays on for the writer: before 3.41 SQLite lets no trigger write to a search index without.
_WRITER: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -32768;
PRAGMA journal_size_limit = 67108864;
PRAGMA busy_timeout = 800;
"""
_READER: Final = """
PRAGMA query_only = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16384;
PRAGMA trusted_schema = OFF;
PRAGMA busy_timeout = 800;
"""
_READERS: Final = 3

# Pages of the search index that one step of its clean-up may rewrite: some milliseconds of writing.
_MERGE_PAGES: Final = 200

# What a wrong value of one row raises; everything else is the engine's or the disk's.
_OF_ROW: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    UnicodeError,
    OverflowError,
)


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
        self._writer = _Connection(writer)
        self._readers = [_Connection(reader) for reader in readers]
        self._free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
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
            lock.acquire(blocking=False)
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
            for mode, pragmas in (("rw", _WRITER), *[("ro", _READER)] * _READERS):
                connections.append(await _connect(path, mode, pragmas))
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
    async def _begin(self) -> AsyncIterator["_Transaction"]:
        transaction = _Transaction(self._writer)
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
        self._reader = _Connection(reader)

    @classmethod
    async def open(cls, path: Path) -> "SqliteReader":
        """Open the file; raises StartError, in one sentence, where it cannot be read."""
        try:
            connection = await _connect(path, "ro", _READER)
        except sqlite3.Error:
            raise StartError(f"The database {path} cannot be read.") from None
        return cls(connection)

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes."""
        return await self._reader.fetch(sql, *values)

    async def close(self) -> None:
        """Let go of the file; only the process that holds it may tidy its log."""
        await self._reader.close()


async def _connect(path: Path, mode: str, pragmas: str) -> aiosqlite.Connection:
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    connection = await aiosqlite.connect(uri, uri=True, isolation_level=None, cached_statements=512)
    try:
        connection.row_factory = aiosqlite.Row
        # Not every build of SQLite has it; figures.py orders by it.
        await connection.create_function("sqrt", 1, math.sqrt, deterministic=True)
        await connection.executescript(pragmas)
    except sqlite3.Error:
        await connection.close()
        raise
    return connection


Statement = tuple[str, Sequence[object]]


class _Connection:
    """One connection whose faults carry no values."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        return await self.fetch_last([(sql, values)])

    async def fetch_last(self, statements: Sequence[Statement]) -> Sequence[Row]:
        """Run statements in one trip to the connection's thread; gives the rows of the last.

        aiosqlite has no call for that: its calls are each made of the one that is used here.
        """
        try:
            rows = await self._connection._execute(_fetch_last, self._connection._conn, statements)  # type: ignore[no-untyped-call]
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise DatabaseError(_kind(error), of_row=isinstance(error, _OF_ROW)) from None
        return cast("Sequence[Row]", rows)  # sqlite3.Row reads like a mapping

    async def interrupt(self) -> None:
        await self._connection.interrupt()

    async def close(self) -> None:
        await self._connection.close()


class _Transaction:
    """Begins with the first statement; what nobody reads waits for the next trip."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._waiting: list[Statement] = [("BEGIN IMMEDIATE", ())]

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        statements, self._waiting = [*self._waiting, (sql, values)], []
        return await self._connection.fetch_last(statements)

    async def execute(self, sql: str, *values: object) -> None:
        self._waiting.append((sql, values))

    async def run(self, script: str) -> None:
        """Run the statements one by one: executescript would commit what has begun."""
        for statement in _statements(script):
            await self.fetch(statement)

    async def version(self) -> int | None:
        if not await self.fetch("SELECT name FROM sqlite_schema WHERE name = 'schema_version'"):
            return None
        return int((await self.fetch("SELECT version FROM schema_version"))[0]["version"])

    async def commit(self) -> None:
        await self.fetch("COMMIT")


def _fetch_last(connection: sqlite3.Connection, statements: Sequence[Statement]) -> list[sqlite3.Row]:
    rows: list[sqlite3.Row] = []
    for sql, values in statements:
        rows = connection.execute(_numbered(sql), values).fetchall()
    return rows


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, triggers in one piece."""
    statement = ""
    for part in re.split(r"(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@lru_cache(maxsize=512)
def _numbered(sql: str) -> str:
    """The same statement with SQLite's numbered parameters: `$1` is a name there, `?1` a number."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


def _kind(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", type(error).__name__)
