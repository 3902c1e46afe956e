"""The database: whether it can be reached, holds what this version needs, and keeps what it was given."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from feedback.check.clock import check_newest, check_other
from feedback.check.finding import Finding, ok, problem, warning
from feedback.store import PostgresHealth, SqliteHealth, schema_version

SUBJECT: Final = "database"
_OLDEST_POSTGRES: Final = 140_000
# Versions of SQLite that are free of the fault below, each up to the next minor one; all from the last on.
_MENDED: Final = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def check_database(health: SqliteHealth | PostgresHealth) -> Iterator[Finding]:
    """What a look at the database says of it."""
    if isinstance(health, SqliteHealth):
        yield from _sqlite(health)
    else:
        yield from _postgres(health)
    yield from check_newest(health.newest)
    if health.doubt_since is not None:
        since = datetime.fromtimestamp(health.doubt_since / 1000, UTC)
        yield warning(
            "clock",
            f"The clock jumped ahead on {since:%Y-%m-%d}, so nothing is deleted by age for a day: "
            "if the time is right now, there is nothing to do.",
        )


def _sqlite(health: SqliteHealth) -> Iterator[Finding]:
    if not health.exists:
        yield ok(SUBJECT, "There is no database yet; `feedback serve` makes it.")
        return
    if health.left:
        yield warning(
            SUBJECT,
            f"A service that was killed left {health.left:,} bytes in the log of writes, and nothing else "
            "was looked at: the next start takes them in, then look again.",
        )
        return
    if health.whole is False:
        yield problem(
            SUBJECT,
            "The file is damaged (quick_check): stop the service, keep a copy of the file, and go back to "
            "the last backup.",
        )
        return
    yield from _version(health.version)
    if health.whole is None:
        yield ok(SUBJECT, "No damage was found in ten seconds; the file is too large to look at all of it.")
    else:
        yield ok(SUBJECT, "The file is whole.")
    if health.version is not None and not health.logs:
        yield problem(
            SUBJECT,
            "The file is not in WAL mode, as another program set it: start the service "
            "once, which sets it back to WAL.",
        )
    held = "a service holds the file" if health.in_use else "no service holds the file"
    engine = f"SQLite {health.engine}{_fault(health.engine)}"
    yield ok(SUBJECT, f"{engine}; {held}; each answer waits for the disk.")


def _fault(engine: str) -> str:
    """What to know of this SQLite: the fault of its log of writes (sqlite.org/wal.html)."""
    version = tuple(map(int, engine.split(".")))
    mended = version >= _MENDED[-1] or any(each <= version and version[:2] == each[:2] for each in _MENDED)
    return "" if mended else ", in which two writing programs can lose rows, so let no other write to it"


def _postgres(health: PostgresHealth) -> Iterator[Finding]:
    yield from _version(health.version)
    if health.server < _OLDEST_POSTGRES:
        yield problem(SUBJECT, f"PostgreSQL {health.server // 10_000} is too old: 14 or newer is needed.")
    else:
        yield ok(SUBJECT, f"PostgreSQL {health.server // 10_000}.{health.server % 10_000} answers.")
    if health.encoding != "UTF8":
        yield problem(
            SUBJECT,
            f"The database's encoding is {health.encoding}, which cannot hold all that people write: "
            "make a new one by CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.",
        )
    if health.standby:
        yield problem(
            SUBJECT,
            "The server is a standby and takes no writes: name the primary in FEEDBACK_DATABASE_URL, or add "
            "?target_session_attrs=read-write to it with both hosts.",
        )
    if health.version is None and not health.may_create:
        yield problem(
            SUBJECT,
            "The user may make no tables in the empty database: "
            "run GRANT CREATE ON SCHEMA public TO the user of FEEDBACK_DATABASE_URL.",
        )
    for name, value in sorted(health.settings.items()):
        if value == "off":
            yield problem(
                SUBJECT,
                f"PostgreSQL's {name} is off, so that a power cut can lose or spoil what was answered for: "
                f"run ALTER SYSTEM SET {name} = on, and restart PostgreSQL.",
            )
    if not health.encrypted and not health.local:
        yield warning(
            SUBJECT,
            "The connection to PostgreSQL on another machine is not encrypted: add ?sslmode=verify-full to "
            "FEEDBACK_DATABASE_URL.",
        )
    free = health.connections - health.used
    if free < health.wanted and not health.services:
        yield warning(
            SUBJECT,
            f"PostgreSQL has {max(free, 0)} connections left, and one process of the service takes "
            f"up to {health.wanted}: raise max_connections, or close what is idle.",
        )
    yield from check_other("the PostgreSQL server", health.ahead)


def _version(version: int | None) -> Iterator[Finding]:
    expected = schema_version()
    if version is None:
        yield ok(SUBJECT, "The database is empty; `feedback serve` or `feedback migrate` makes its tables.")
    elif version > expected:
        yield problem(
            SUBJECT,
            f"The database is of version {version}, made by a newer Page Feedback than this one, which needs "
            f"{expected}: install that version.",
        )
    elif version < expected:
        yield warning(
            SUBJECT,
            f"The database is of version {version} and this version needs {expected}: make a backup, then "
            "start the service or run `feedback migrate`.",
        )
    else:
        yield ok(SUBJECT, f"The database is of version {version}, as this version needs it.")
