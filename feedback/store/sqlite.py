"""The embedded database: one process, one writing connection, readers that cannot write."""

import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

import aiosqlite
from filelock import FileLock, Timeout

from feedback.errors import StartError
from feedback.store.database import DatabaseError, Row, Transaction

# FULL: the commit has reached the disk, not only the page cache, before a visitor is thanked.
# secure_delete: deleted words are overwritten. temp_store: no temporary file ever holds words.
_WRITER: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;
PRAGMA busy_timeout = 1000;
"""
_READER: Final = """
PRAGMA query_only = ON;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA busy_timeout = 1000;
"""


class SqliteDatabase:
    """A SQLite file. Two writing connections can lose commits in SQLite before 3.51.3, so there is one."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, lock: FileLock) -> None:
        self._writer = _Connection(writer)
        self._reader = _Connection(reader)
        self._lock = lock

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open the file, made with its folder where missing.

        Raises StartError, in one sentence, where it cannot be used or another process holds it.
        """
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(f"{path}.lock", mode=0o600)
            lock.acquire(blocking=False)
        except Timeout:
            raise StartError(
                f"Another process uses the database {path}; "
                "several processes need FEEDBACK_DATABASE_URL=postgresql://..."
            ) from None
        except OSError as error:
            raise StartError(f"The database {path} cannot be opened: {error.strerror}.") from None
        connections: list[aiosqlite.Connection] = []
        try:
            path.touch(mode=0o600)
            # Readers open second: only the writer may make the file and its write-ahead log.
            for mode, pragmas in (("rw", _WRITER), ("ro", _READER)):
                uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
                connection = await aiosqlite.connect(uri, uri=True, isolation_level=None)
                connections.append(connection)
                connection.row_factory = aiosqlite.Row
                await connection.executescript(pragmas)
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
        return cls(connections[0], connections[1], lock)

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes."""
        return await self._reader.fetch(sql, *values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a write. Only the writer task may call this, one at a time."""
        await self._writer.fetch("BEGIN IMMEDIATE")
        try:
            yield self._writer
            await self._writer.fetch("COMMIT")
        except BaseException:
            # After some faults (a full disk) SQLite has rolled back by itself.
            with suppress(DatabaseError):
                await self._writer.fetch("ROLLBACK")
            raise

    async def schema_version(self) -> int | None:
        """The version of schema.sql that the file follows; None for an empty file."""
        tables = await self._writer.fetch("SELECT name FROM sqlite_schema WHERE name = 'schema_version'")
        if not tables:
            return None
        rows = await self._writer.fetch("SELECT version FROM schema_version")
        return int(rows[0]["version"])

    async def run_script(self, sql: str) -> None:
        """Run many statements as one transaction."""
        await self._writer.script(f"BEGIN IMMEDIATE;\n{sql}\nCOMMIT;")

    async def close(self) -> None:
        """Close both connections and let another process have the file."""
        await self._reader.close()
        await self._writer.close()
        self._lock.release()


class _Connection:
    """One connection whose faults carry no values."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        try:
            rows = await self._connection.execute_fetchall(_numbered(sql), values)
        except (sqlite3.Error, UnicodeError) as error:
            raise DatabaseError(_kind(error)) from None
        return list(rows)  # type: ignore[arg-type]  # sqlite3.Row reads like a mapping

    async def script(self, sql: str) -> None:
        try:
            await self._connection.executescript(sql)
        except sqlite3.Error as error:
            raise DatabaseError(_kind(error)) from None

    async def close(self) -> None:
        await self._connection.close()


@lru_cache(maxsize=256)
def _numbered(sql: str) -> str:
    """The same statement with SQLite's numbered parameters: `$1` is a name there, `?1` a number."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


def _kind(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", type(error).__name__)
