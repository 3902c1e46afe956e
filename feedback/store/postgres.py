"""PostgreSQL: many processes, a pool of connections, and nothing that waits for long."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, cast
from urllib.parse import urlsplit

import asyncpg

from feedback.errors import StartError
from feedback.store.database import (
    STATEMENT_SECONDS,
    DatabaseError,
    Progress,
    Row,
    SchemaChange,
    Search,
    Transaction,
)
from feedback.store.postgres_search import PostgresSearch

APPLICATION: Final = "page-feedback"
CONNECTIONS: Final = 8  # of one process
_CONNECT_SECONDS: Final = 1.0
_START_SECONDS: Final = 5.0
# How long a database that was found away is left alone: doubled with each failure, up to the last.
_BACK_OFF_SECONDS: Final = (0.1, 0.2, 0.4, 0.8)
# Any number will do, as long as every process takes the same.
_SCHEMA_LOCK: Final = 0x5046_0001

_SETTINGS: Final = {
    "application_name": APPLICATION,
    "statement_timeout": str(round(STATEMENT_SECONDS * 1000)),  # milliseconds
    "idle_in_transaction_session_timeout": "10000",
    # Compiling a query takes longer than any of ours runs.
    "jit": "off",
}

FAULTS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, UnicodeError)
# What a wrong value of one row raises, or the waiting of two transactions for each other.
_OF_ROW: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.TransactionRollbackError,
    UnicodeError,
)


class PostgresDatabase:
    """A database of a PostgreSQL server, shared by any number of processes."""

    def __init__(self, pool: "asyncpg.Pool[Any]", url: str) -> None:
        self.search: Search = PostgresSearch()
        self.size = "SELECT pg_database_size(current_database()) AS bytes"
        self._pool = pool
        self._url = url
        self._failures = 0
        self._away_until = 0.0

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        """Connect to the server; raises StartError in one sentence, which never holds the address."""
        try:
            pool = await asyncio.wait_for(
                asyncpg.create_pool(
                    url,
                    min_size=1,
                    max_size=CONNECTIONS,
                    timeout=_CONNECT_SECONDS,
                    # Later than the server stops a statement: only a server that is away gets here.
                    command_timeout=STATEMENT_SECONDS + 0.2,
                    server_settings=_SETTINGS,
                    init=_durable,
                ),
                _START_SECONDS,
            )
        except (*FAULTS, ValueError) as error:
            raise StartError(f"FEEDBACK_DATABASE_URL: {reason(error, url)}.") from None
        return cls(pool, url)

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes."""
        async with self._connection() as connection:
            return cast("Sequence[Row]", await connection.fetch(sql, *values))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin a write. Where the connection breaks at its end, nobody knows whether it was kept."""
        async with self._connection() as connection, connection.transaction():
            yield _Connection(connection)

    @asynccontextmanager
    async def schema_change(self) -> AsyncIterator[SchemaChange]:
        """Begin a change of the tables, on a connection of its own that may take as long as it needs."""
        try:
            connection = await asyncpg.connect(
                self._url, timeout=_START_SECONDS, server_settings={"application_name": APPLICATION}
            )
        except FAULTS as error:
            raise DatabaseError(type(error).__name__) from None
        try:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", _SCHEMA_LOCK)
                yield _Connection(connection)
        except FAULTS as error:
            raise DatabaseError(type(error).__name__) from None
        finally:
            await connection.close()

    async def clean_search(self, transaction: Transaction) -> Progress:  # noqa: ARG002  # SQLite needs it
        """Nothing to do: the index of words is cleaned with its table."""
        return Progress.DONE

    async def clean_files(self) -> Progress:
        """Nothing to do: files, log and their copies are the server's, which reuses the room by itself."""
        return Progress.DONE

    async def close(self) -> None:
        """Finish what is under way, at most some seconds, and close all connections."""
        try:
            await asyncio.wait_for(self._pool.close(), _START_SECONDS)
        except (TimeoutError, *FAULTS):
            self._pool.terminate()

    @asynccontextmanager
    async def _connection(self) -> "AsyncIterator[asyncpg.pool.PoolConnectionProxy[Any]]":
        if time.monotonic() < self._away_until:
            raise DatabaseError("away")
        try:
            async with self._pool.acquire(timeout=_CONNECT_SECONDS) as connection:
                self._failures = 0
                yield connection
        except DatabaseError:
            raise
        except FAULTS as error:
            if not isinstance(error, asyncpg.PostgresError | UnicodeError):
                self._back_off()
            raise DatabaseError(type(error).__name__, of_row=isinstance(error, _OF_ROW)) from None

    def _back_off(self) -> None:
        seconds = _BACK_OFF_SECONDS[min(self._failures, len(_BACK_OFF_SECONDS) - 1)]
        self._failures += 1
        self._away_until = time.monotonic() + seconds


class _Connection:
    """One connection in a transaction."""

    def __init__(self, connection: "asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]") -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        return cast("Sequence[Row]", await self._connection.fetch(sql, *values))

    async def execute(self, sql: str, *values: object) -> None:
        await self._connection.execute(sql, *values)

    async def run(self, script: str) -> None:
        await self._connection.execute(script)

    async def version(self) -> int | None:
        if await self._connection.fetchval("SELECT to_regclass('schema_version')") is None:
            return None
        return int(await self._connection.fetchval("SELECT version FROM schema_version"))


async def _durable(connection: "asyncpg.Connection[Any]") -> None:
    """A server may be set to answer before it has written; not to us. Stronger settings stay."""
    await connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'"
    )


def reason(error: Exception, url: str) -> str:
    """What is wrong with a connection, in words of our own: the driver's may quote the address."""
    if isinstance(error, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError):
        return "the PostgreSQL server refuses this user or password"
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return "the PostgreSQL server has no database of this name"
    if isinstance(error, asyncpg.PostgresError):
        return f"the PostgreSQL server refuses the connection ({type(error).__name__})"
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return "must be postgresql://USER@HOST/NAME"
    try:
        host, port = urlsplit(url).hostname, urlsplit(url).port
    except ValueError:
        return "must be postgresql://USER@HOST/NAME"
    where = f" at {host}:{port or 5432}" if host else ""
    return f"the PostgreSQL server{where} does not answer"
