"""What a look at a database gives that changes nothing in it, for the doctor."""

from dataclasses import dataclass
from pathlib import Path

from feedback.errors import StartError
from feedback.store.migrate import Schema
from feedback.store.opening import sqlite_path
from feedback.store.sqlite_health import SqliteHealth, look_at_sqlite


@dataclass(frozen=True, slots=True)
class PostgresHealth:
    """A PostgreSQL database as its server describes it."""

    server: int  # version as one number: 180001 is 18.1
    encoding: str
    settings: dict[str, str]  # of the server, by name
    standby: bool  # follows another server and takes no writes
    connections: int  # that this user may have in all
    used: int  # of these, now
    wanted: int  # that one process of the service may open
    services: int  # sessions of ours among them
    ahead: float  # seconds that its clock is ahead of this machine's
    encrypted: bool
    local: bool  # on this machine
    may_create: bool
    version: int | None  # of schema.sql; None: empty
    newest: int | None  # epoch milliseconds of the newest submission
    doubt_since: int | None  # since when retention waits, in epoch milliseconds

    @property
    def in_use(self) -> bool:
        """Whether a service is at work on it."""
        return self.services > 0


def schema_version() -> int:
    """The version of schema.sql that this release works with."""
    return Schema.of_package().version


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for others."""
    return sqlite_path(url) if url.startswith("sqlite:") else None


async def look_at_database(url: str) -> SqliteHealth | PostgresHealth:
    """Look at the database at `url`; raises StartError, in one sentence, where that is not possible."""
    if (path := sqlite_file(url)) is not None:
        return look_at_sqlite(path)
    try:
        from feedback.store.postgres_health import look_at_postgres
    except ModuleNotFoundError:
        raise StartError(
            "PostgreSQL needs its driver; install the package as page-feedback[postgresql]."
        ) from None
    return await look_at_postgres(url)
