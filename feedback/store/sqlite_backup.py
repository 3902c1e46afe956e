"""A copy of a SQLite database while a server writes to it, by a connection that can only read."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from filelock import FileLock, Timeout

from feedback.errors import StartError

_WAIT_SECONDS: Final = 5.0


def back_up(source: Path, target: Path) -> int:
    """Copy the database to a new file that is whole at every moment it exists; gives its submissions.

    Everything that was answered before the call is in it. Raises StartError in one sentence.
    """
    if not source.exists():
        raise StartError(f"There is no database {source}.")
    if target.exists():
        raise StartError(f"{target} is there already; a backup overwrites nothing.")
    part = part_of(target)
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        _copy(source, part)
        submissions = _check(part)
        _to_disk(part)
        part.rename(target)
        _to_disk(target.parent)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else _kind(error)
        raise StartError(f"The database {source} cannot be backed up to {target}: {reason}.") from None
    return submissions


def part_of(target: Path) -> Path:
    """What a copy is called until it is whole."""
    return target.with_name(f"{target.name}.part")


def _copy(source: Path, part: Path) -> None:
    lock = FileLock(f"{source}.lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
        # No server: a reader alone cannot open what a killed server left in the log.
        mode = "rw"
    except Timeout:
        # A second connection that can write or checkpoint could lose commits in SQLite before 3.51.3.
        mode = "ro"
    try:
        with (
            closing(sqlite3.connect(_uri(source, mode), uri=True, timeout=_WAIT_SECONDS)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            # In one step, which is one moment of the database; the server goes on writing meanwhile.
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
    finally:
        lock.release()


def _check(part: Path) -> int:
    with closing(sqlite3.connect(_uri(part, "ro"), uri=True)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError
        (submissions,) = copy.execute("SELECT count(*) FROM feedback").fetchone()
        return int(submissions)


def _to_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _kind(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "the copy is damaged")
