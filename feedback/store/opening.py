"""From a database's address to its engine: opened, brought to this release, copied, read beside a server."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from feedback.errors import StartError
from feedback.model import Feedback, Filters, Scope
from feedback.store import finding, retention
from feedback.store.database import Database, Readable
from feedback.store.migrate import Migrated, Schema, migrate
from feedback.store.sqlite import SqliteDatabase, SqliteReader
from feedback.store.sqlite_backup import back_up


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


def sqlite_path(url: str) -> Path:
    """The file of `sqlite:///PATH`."""
    return Path(url.partition("://")[2].removeprefix("/"))


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


class Reading:
    """Reads what another process keeps in SQLite; it cannot write."""

    def __init__(self, database: Readable) -> None:
        self._database = database

    @classmethod
    async def beside(cls, url: str) -> "Reading":
        """Open the SQLite database at `url` beside the process that holds it; raises StartError."""
        return cls(await SqliteReader.open(sqlite_path(url)))

    def export(self, filters: Filters, scope: Scope) -> AsyncIterator[Sequence[Feedback]]:
        """All in scope that the filters choose, newest first, in parts; their limit does not count."""
        return finding.export(self._database, filters, scope)

    async def count_before(self, before: int) -> int:
        """How many submissions were received before a time in epoch milliseconds."""
        return await retention.count_before(self._database, before)

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()
