"""One connection to SQLite and one transaction on it: what is asked of its thread, in few trips."""

import logging
import math
import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

import aiosqlite

from feedback.store.database import DatabaseError, Row

# FULL: the commit has reached the disk, not only the page cache, before a visitor is thanked.
# secure_delete: deleted words are overwritten (sqlite_gaps.py does the rest).
# temp_store: no temporary file ever holds words.
# trusted_schema stays on for the writer: before 3.41 SQLite lets no trigger write to a search index without.
WRITER: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -32768;
PRAGMA journal_size_limit = 67108864;
PRAGMA busy_timeout = 800;
"""
READER: Final = """
PRAGMA query_only = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -16384;
PRAGMA trusted_schema = OFF;
PRAGMA busy_timeout = 800;
"""

# What a wrong value of one row raises; everything else is the engine's or the disk's.
_OF_ROW: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    UnicodeError,
    OverflowError,
)

Statement = tuple[str, Sequence[object]]

# At DEBUG it writes each statement with its values: the words of visitors, and addresses of the team.
logging.getLogger("aiosqlite").setLevel(logging.ERROR)


async def connect(path: Path, mode: str, pragmas: str) -> aiosqlite.Connection:
    """Open the file, `rw` or `ro`, with WRITER or READER; raises sqlite3.Error."""
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


class SqliteConnection:
    """One connection whose faults carry no values."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Run one statement; gives its rows."""
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
        """Stop the statement that runs."""
        await self._connection.interrupt()

    async def close(self) -> None:
        """Close it."""
        await self._connection.close()


class SqliteTransaction:
    """Begins with the first statement; what nobody reads waits for the next trip."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._waiting: list[Statement] = [("BEGIN IMMEDIATE", ())]

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Run what waits and then this; gives its rows."""
        statements, self._waiting = [*self._waiting, (sql, values)], []
        return await self._connection.fetch_last(statements)

    async def execute(self, sql: str, *values: object) -> None:
        """Run it with the next one."""
        self._waiting.append((sql, values))

    async def run(self, script: str) -> None:
        """Run the statements one by one: executescript would commit what has begun."""
        for statement in _statements(script):
            await self.fetch(statement)

    async def version(self) -> int | None:
        """The version of the tables; None where there are none."""
        if not await self.fetch("SELECT name FROM sqlite_schema WHERE name = 'schema_version'"):
            return None
        return int((await self.fetch("SELECT version FROM schema_version"))[0]["version"])

    async def commit(self) -> None:
        """Run what waits and keep it all."""
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
