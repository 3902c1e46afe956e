"""Long work shows how far it is on a real terminal, and there only."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service import PROGRAM
from tests.store.samples import NOON, opened, some_feedback
from tests.terminal import Terminal

WORK = {
    "export": (("export",), b"Submissions"),
    "rescrub": (("rescrub", "--all"), b"Rules"),
    "backup": (("backup", "copy.db"), b"Bytes copied"),
}


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/feedback.db"

    async def fill() -> None:
        async with opened(url) as store:
            await asyncio.gather(*(store.add(some_feedback(f"late {n}", NOON + n)) for n in range(300)))

    asyncio.run(fill())
    return url


def run(folder: Path, url: str, *arguments: str, **terminal: str) -> tuple[bytes, bytes]:
    """What a command writes to standard output, a pipe, and to standard error, a terminal."""
    with Terminal() as screen:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "FEEDBACK_DATABASE_URL": url, "TERM": "xterm"} | terminal,
            stdout=subprocess.PIPE,
            stderr=screen.theirs,
            timeout=120,
            check=True,
        )
    return done.stdout, screen.shown


@pytest.mark.parametrize("name", WORK)
def test_a_bar_is_on_the_terminal_and_never_in_the_output(name: str, tmp_path: Path, database: str):
    arguments, label = WORK[name]
    said, shown = run(tmp_path, database, *arguments)
    assert label in shown
    assert b"\x1b" not in said
    assert label not in said
    if name == "export":
        assert said.count(b"\r\n") == 301
        assert b"300/300" in shown


def test_a_bar_of_filters_counts_what_was_found(tmp_path: Path, database: str):
    said, shown = run(tmp_path, database, "export", "--search", "late 7")
    assert said.count(b"\r\n") == 2
    assert b"/?" in shown


def test_a_terminal_without_colours_gets_none(tmp_path: Path, database: str):
    _, shown = run(tmp_path, database, "export", NO_COLOR="1")
    assert b"\x1b[3" not in shown
    _, shown = run(tmp_path, database, "export", TERM="dumb")
    assert b"\x1b" not in shown


def test_nothing_is_shown_where_nobody_looks(tmp_path: Path, database: str):
    quiet = subprocess.run(
        [*PROGRAM, "export"],
        env={"PATH": os.environ["PATH"], "FEEDBACK_DATABASE_URL": database},
        capture_output=True,
        timeout=180,
        check=True,
    )
    assert (quiet.stdout.count(b"\r\n"), quiet.stderr) == (301, b"")


def test_scrub_knows_the_size_of_a_file_it_is_given_as_its_input(tmp_path: Path):
    (tmp_path / "a").write_text("hello\n" * 300)
    with Terminal() as screen, (tmp_path / "a").open("rb") as file:
        done = subprocess.run(
            [Path(sys.executable).parent / "scrub", "-", tmp_path / "a"],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=screen.theirs,
            check=True,
        )
    assert b"Scrubbing" in screen.shown
    assert done.stdout == b"hello\n" * 600
    with Terminal() as screen:
        piped = subprocess.run(
            [Path(sys.executable).parent / "scrub", "-", tmp_path / "a"],
            input=b"bye\n" * 300,
            stdout=subprocess.PIPE,
            stderr=screen.theirs,
            check=True,
        )
    assert piped.stdout == b"bye\n" * 300 + b"hello\n" * 300
