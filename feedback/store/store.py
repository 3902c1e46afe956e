"""The store: all that the service keeps, behind one object that knows no engine."""

from pathlib import Path
from typing import Final

from feedback.errors import StartError, Unavailable
from feedback.model import Feedback, Filters, Page, Receipt, Role, ScrubbedFeedback, Status
from feedback.store import access, submissions
from feedback.store.access import Session
from feedback.store.database import Database, DatabaseError
from feedback.store.sqlite import SqliteDatabase
from feedback.store.writer import Writer

SCHEMA_VERSION: Final = 1


class Store:
    """Keeps submissions, links and sessions. Every method raises Unavailable while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = Writer(database)

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Open the database at `url`, with every table in place; raises StartError in one sentence."""
        scheme, _, rest = url.partition("://")
        if scheme != "sqlite":
            raise StartError(
                "FEEDBACK_DATABASE_URL: this version keeps feedback in SQLite only (sqlite:///PATH)."
            )
        database = await SqliteDatabase.open(Path(rest.removeprefix("/")))
        try:
            await _prepare(database)
        except BaseException:
            await database.close()
            raise
        return cls(database)

    async def close(self) -> None:
        """Finish what is being written, then close."""
        await self._writer.close()
        await self._database.close()

    async def check(self) -> None:
        """Raise Unavailable unless the database answers and writes are taken."""
        if not self._writer.running:
            raise Unavailable
        await self._writer.change(lambda transaction: transaction.fetch("SELECT version FROM schema_version"))

    async def add(self, feedback: ScrubbedFeedback) -> Receipt:
        """Keep one submission; returns once it is on disk. The same id again keeps only the first."""
        return await self._writer.add(feedback)

    async def find(self, filters: Filters) -> Page:
        """One page of submissions, newest first."""
        return await submissions.find(self._database, filters)

    async def find_one(self, key: str) -> Feedback | None:
        """One submission by its id."""
        return await submissions.find_one(self._database, key)

    async def set_status(self, key: str, status: Status) -> Feedback | None:
        """Move one submission to a status; None where there is no such id."""
        return await self._writer.change(lambda work: submissions.set_status(work, key, status))

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


async def _prepare(database: Database) -> None:
    try:
        version = await database.schema_version()
        if version is None:
            await database.run_script(schema_sql())
        elif version > SCHEMA_VERSION:
            raise StartError(
                "The database was made by a newer version of Page Feedback; install that version."
            )
    except DatabaseError as error:
        raise StartError(f"The database cannot be prepared ({error.kind}).") from None


def schema_sql() -> str:
    """The text of schema.sql: inside the package once installed, at the top of a checkout."""
    packaged = Path(__file__).with_name("schema.sql")
    path = packaged if packaged.exists() else Path(__file__).parents[2] / "schema.sql"
    return path.read_text(encoding="utf-8")
