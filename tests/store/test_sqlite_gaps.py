"""SQLite leaves bytes of moved rows in the gaps of its pages; overwriting them changes no row."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedback.store import sqlite_gaps
from feedback.store.sqlite_gaps import Gaps


def made(path: Path, page_size: int) -> list[tuple[int, bytes]]:
    """A database in which rows were moved, then deleted as securely as SQLite can; gives the rows left."""
    rng = random.Random(7)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size = {page_size}")
        database.execute("PRAGMA secure_delete = ON")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, text BLOB)")
        for key in rng.sample(range(100_000), 2_000):
            word = b"Zyxwvut" if key % 3 else b"kept"
            database.execute("INSERT INTO words VALUES (?, ?)", (key, word * rng.randrange(1, 30)))
        database.execute("DELETE FROM words WHERE id % 3 > 0")
        return database.execute("SELECT id, text FROM words ORDER BY id").fetchall()


@pytest.mark.parametrize("page_size", [1024, 4096, 65536])
def test_no_deleted_byte_is_left_and_no_row_is_changed(
    tmp_path: Path, page_size: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sqlite_gaps, "_AT_ONCE", 5)
    path = tmp_path / "words.db"
    kept = made(path, page_size)
    if page_size < 65536:  # with few pages few rows are moved
        assert b"Zyxwvut" in path.read_bytes(), "SQLite has learnt to clean up by itself?"
    with closing(Gaps(path)) as gaps:
        for _ in range(2):  # the second turn begins at the first page again
            while gaps.overwrite_some():
                pass
    assert b"Zyxwvut" not in path.read_bytes()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT id, text FROM words ORDER BY id").fetchall() == kept


def test_a_file_with_pointer_maps_is_left_alone(tmp_path: Path):
    path = tmp_path / "words.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA auto_vacuum = FULL")
        database.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, text BLOB)")
        database.executemany("INSERT INTO words VALUES (?, ?)", ((key, bytes(500)) for key in range(500)))
    before = path.read_bytes()
    with closing(Gaps(path)) as gaps:
        assert not gaps.overwrite_some()
    assert path.read_bytes() == before


def test_a_file_without_pages_is_left_alone(tmp_path: Path):
    path = tmp_path / "empty.db"
    sqlite3.connect(path).close()
    path.touch()
    with closing(Gaps(path)) as gaps:
        assert not gaps.overwrite_some()
    assert path.read_bytes() == b""
