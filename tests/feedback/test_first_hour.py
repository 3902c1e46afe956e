"""What goes wrong in somebody's first hour is told in one sentence, and never by a traceback."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.feedback.conftest import Command
from tests.service import PROGRAM, Service, wait_until
from tests.store.samples import NOON, opened, some_feedback

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A database with more than a pipe holds."""
    url = f"sqlite:///{tmp_path}/feedback.db"

    async def fill() -> None:
        async with opened(url) as store:
            await asyncio.gather(
                *(store.add(some_feedback("late " * 50 + str(n), NOON + n)) for n in range(1500))
            )

    asyncio.run(fill())
    return {"PATH": os.environ["PATH"], "FEEDBACK_DATABASE_URL": url}


def test_a_reader_that_goes_away_ends_an_export_quietly(environment: dict[str, str]):
    with subprocess.Popen(
        [*PROGRAM, "export"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as export:
        assert export.stdout
        assert export.stderr
        export.stdout.readline()
        export.stdout.close()
        assert (export.stderr.read(), export.wait(180)) == (b"", 141)


def test_a_full_disk_is_one_sentence(environment: dict[str, str]):
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*PROGRAM, "export"], env=environment, stdout=full, stderr=subprocess.PIPE, timeout=180
        )
    assert (ended.returncode, ended.stderr.count(b"\n")) == (1, 1)
    assert ended.stderr == b"The export cannot be written: No space left on device.\n"


def test_without_a_standard_input_erase_asks_nothing_and_deletes_nothing(environment: dict[str, str]):
    command = [*PROGRAM, "erase", "--search", "late"]
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *command], env=environment, capture_output=True, timeout=180
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"add --yes to erase" in ended.stdout


@pytest.mark.parametrize("name", ["export", "rescrub"])
def test_ctrl_c_ends_work_without_a_traceback(name: str, environment: dict[str, str], tmp_path: Path):
    extra = ("--all",) if name == "rescrub" else ()
    with subprocess.Popen(
        [*PROGRAM, name, *extra], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as work:
        # Its lock is held from when it works.
        wait_until(lambda: (tmp_path / "feedback.db-wal").exists() or work.poll() is not None, 180)
        work.send_signal(signal.SIGINT)
        _, said = work.communicate(timeout=180)
    assert b"Traceback" not in said
    assert said.strip() in (b"", b"Aborted!", b"Aborted.")


def test_ctrl_c_ends_the_service_without_a_traceback(tmp_path: Path):
    with Service(tmp_path) as service:
        service.stop(signal.SIGINT)
        assert "Traceback" not in service.log.read_text()


def test_a_wrong_choice_names_the_choices(url: str, command: Command):
    del url
    assert command("export", "--status", "bogus", "--useful", "perhaps") == (
        1,
        "--status must be one of the choices: new, open, done, irrelevant, spam. "
        "--useful must be one of the choices: yes, no.",
    )


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make setup` of a copy of the checkout's files that it reads."""
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return subprocess.run(
        ["make", "setup", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_make_says_when_python_is_too_old_or_lacks_venv(tmp_path: Path):
    old, bare = tmp_path / "old", tmp_path / "bare"
    old.write_text("#!/bin/sh\nexit 1\n")
    # Debian's own python3 without its package python3-venv.
    bare.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    for each, sentence in ((old, "Python 3.11 or newer is needed"), (bare, "apt install python3-venv")):
        each.chmod(0o755)
        ended = make(tmp_path / f"of {each.name}", f"PYTHON={each}")
        assert (ended.returncode, ended.stdout.count("\n")) == (2, 1)
        assert sentence in ended.stdout


def test_make_says_when_packages_cannot_be_fetched(tmp_path: Path):
    ended = make(tmp_path / "a folder with spaces", f"PYTHON={sys.executable}", PIP_NO_INDEX="1")
    assert ended.returncode == 2
    assert ended.stdout.endswith(
        "The packages could not be fetched; is there a network, or a mirror that pip knows?\n"
    )
