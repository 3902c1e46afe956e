"""A look at a SQLite file that changes nothing, makes nothing and is in nobody's way."""

import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from feedback.errors import StartError

if sys.platform != "win32":
    import fcntl

_CHECK_SECONDS: Final = 10.0
_WRITE_VERSION: Final = 18  # its place in the header
_WAL: Final = 2
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the time


@dataclass(frozen=True, slots=True)
class SqliteHealth:
    """A SQLite database as its file shows it."""

    exists: bool
    in_use: bool = False  # a process of ours holds it
    engine: str = sqlite3.sqlite_version
    left: int = 0  # bytes that a killed process left in the log of writes; nothing below was read then
    logs: bool = True  # writes go to a log first (WAL)
    whole: bool | None = None  # None: not looked at to the end
    version: int | None = None  # of schema.sql; None: empty
    newest: int | None = None  # epoch milliseconds of the newest submission
    doubt_since: int | None = None  # since when retention waits, in epoch milliseconds


def look_at_sqlite(path: Path) -> SqliteHealth:
    """Read the file, beside the process that holds it or alone; raises StartError in one sentence."""
    try:
        if not path.exists() or not path.stat().st_size:
            return SqliteHealth(exists=False, in_use=is_held(path))
        in_use = is_held(path)
        health = _read(path, in_use=in_use)
        # A service that has started or stopped meanwhile: what was read may be half of two things.
        return health if is_held(path) == in_use else _read(path, in_use=not in_use)
    except OSError as error:
        raise StartError(f"The database {path} cannot be read: {error.strerror}.") from None
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_CORRUPT"):
            return SqliteHealth(exists=True, whole=False)
        reason = "it is no SQLite database" if name == "SQLITE_NOTADB" else name or type(error).__name__
        raise StartError(f"The database {path} cannot be read: {reason}.") from None


def is_held(path: Path) -> bool:
    """Whether a process of ours holds the file, as far as this system tells without taking the lock."""
    if sys.platform == "win32":
        return False
    try:
        file = path.with_name(f"{path.name}.lock").open("rb")
    except FileNotFoundError:
        return False
    with file:
        try:
            # Shared and for a moment; a service that starts waits longer than that for its own.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _read(path: Path, *, in_use: bool) -> SqliteHealth:
    log = path.with_name(f"{path.name}-wal")
    left = log.stat().st_size if not in_use and log.exists() else 0
    if left:
        # Only a connection that writes can take them in, and without them the file may be half of something.
        return SqliteHealth(exists=True, left=left)
    # Alone, SQLite would make a log and its index, of the user who runs this: `immutable` makes none.
    how = "mode=ro" if in_use else "mode=ro&immutable=1"
    uri = f"file:{quote(str(path.absolute()))}?{how}"
    with closing(sqlite3.connect(uri, uri=True, timeout=1)) as database:
        version = None
        if database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").fetchone():
            (version,) = database.execute("SELECT version FROM schema_version").fetchone()
        newest = doubt = None
        if version is not None:
            newest = _first(database, "SELECT received_at FROM feedback ORDER BY number DESC LIMIT 1")
            doubt = _first(database, "SELECT doubt_since FROM upkeep")
        return SqliteHealth(
            exists=True,
            in_use=in_use,
            logs=_header(path)[_WRITE_VERSION] == _WAL,
            whole=_is_whole(database),
            version=version,
            newest=newest,
            doubt_since=doubt,
        )


def _header(path: Path) -> bytes:
    """What the file says of itself (sqlite.org/fileformat2.html, 1.3); `immutable` hides it in a pragma."""
    with path.open("rb") as file:
        return file.read(100)


def _first(database: sqlite3.Connection, sql: str) -> int | None:
    row = database.execute(sql).fetchone()
    return int(row[0]) if row and row[0] is not None else None


def _is_whole(database: sqlite3.Connection) -> bool | None:
    end = time.monotonic() + _CHECK_SECONDS
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        return bool(database.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError:
        return False
