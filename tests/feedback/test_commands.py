"""The operator's commands: what they say, what they delete, and when they refuse."""

import asyncio
import io
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedback.cli.counted import submissions
from feedback.model import EVERYTHING, Filters
from feedback.store import Store
from tests.feedback.conftest import Command
from tests.postgres import Postgres
from tests.service import Service
from tests.store.samples import DAY, opened, some_feedback

NOW = time.time_ns() // 1_000_000


def day(ago: int) -> str:
    """The day so many days ago, as an option takes it."""
    return datetime.fromtimestamp((NOW - ago * DAY) / 1000, UTC).strftime("%Y-%m-%d")


def fill(url: str) -> list[str]:
    rows = [
        some_feedback("Bins late", NOW),
        some_feedback("Bins early", NOW - 200 * DAY),
        some_feedback("Council tax", NOW - 100 * DAY, path="/tax"),
    ]

    async def go() -> None:
        async with opened(url) as store:
            for row in rows:
                await store.add(row)

    asyncio.run(go())
    return [row.id for row in rows]


def kept(url: str) -> set[str | None]:
    async def go() -> set[str | None]:
        async with opened(url) as store:
            return {item.comment for item in (await store.find(Filters(), EVERYTHING)).items}

    return asyncio.run(go())


def test_migrate_says_what_it_did(url: str, command: Command):
    assert command("migrate") == (0, "Made the database at version 1.")
    assert command("migrate") == (0, "The database is at version 1 already.")


def test_purge_says_first_and_deletes_with_yes(url: str, command: Command):
    fill(url)
    assert command("purge") == (0, "1 submission would go; add --yes to delete.")
    assert command("purge", "--days", "50") == (0, "2 submissions would go; add --yes to delete.")
    assert len(kept(url)) == 3
    assert command("purge", "--yes") == (0, "Deleted 1 submission; their counts stay.")
    assert kept(url) == {"Bins late", "Council tax"}


def test_purge_asks_for_days_where_words_are_kept_for_ever(
    url: str, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEEDBACK_RETENTION_DAYS", "0")
    code, said = command("purge", "--yes")
    assert code == 1
    assert "say --days" in said


@pytest.mark.parametrize(
    ("arguments", "gone"),
    [
        (("--page", "https://www.example.gov.uk/bins?query#part"), {"Bins late", "Bins early"}),
        (("--search", "EARLY"), {"Bins early"}),
        (("--until", day(150)), {"Bins early"}),
        (("--since", day(150), "--until", day(50)), {"Council tax"}),
        (("--page", "https://www.example.gov.uk/bins", "--since", day(150)), {"Bins late"}),
        (("--search", "nothing"), set()),
    ],
)
def test_erase_shows_what_would_go_and_erases_it_with_yes(
    url: str, command: Command, arguments: tuple[str, ...], gone: set[str]
):
    fill(url)
    code, said = command("erase", *arguments)
    assert (code, said.splitlines()[-1]) == (0, f"{submissions(len(gone))} would go; add --yes to erase.")
    assert len(said.splitlines()) == len(gone) + 1
    assert len(kept(url)) == 3
    assert command("erase", *arguments, "--dry-run", "--yes")[1].endswith("add --yes to erase.")
    code, said = command("erase", *arguments, "--yes")
    assert (code, said.splitlines()[-1]) == (0, f"Erased {submissions(len(gone))}; their counts stay.")
    assert kept(url) == {"Bins late", "Bins early", "Council tax"} - gone


@pytest.mark.parametrize(("answer", "left"), [("y", 2), ("n", 3), ("", 3)])
def test_on_a_terminal_erase_asks_first(url: str, command: Command, answer: str, left: int):
    fill(url)
    command.monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    code, said = command("erase", "--search", "early")
    assert code == 0
    assert "Erase 1 submission? Nothing brings back what is erased. [y/N]" in said
    assert len(kept(url)) == left


class Terminal(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


def test_erase_by_ids(url: str, command: Command):
    keys = fill(url)
    code, said = command("erase", "--id", keys[0], "--id", keys[2], "--yes")
    assert (code, said.splitlines()[-1]) == (0, "Erased 2 submissions; their counts stay.")
    assert kept(url) == {"Bins early"}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--id", "0190a0a0-0000-7000-8000-000000000000", "--search", "x"),
        ("--page", "bins"),
        ("--search", ""),
    ],
)
def test_erase_wants_to_know_exactly_which(url: str, command: Command, arguments: tuple[str, ...]):
    code, said = command("erase", *arguments, "--yes")
    assert code == 1
    assert "--page" in said


def test_an_id_that_is_none_is_refused_by_its_rule_alone(command: Command):
    code, said = command("erase", "--id", "4111111111111111", "--yes")
    assert code == 1
    assert said == "--id must be the id of a submission, such as 0190a0a0-0000-7000-8000-000000000000."


def test_backup_copies_and_names_the_tools_for_postgresql(url: str, command: Command, tmp_path: Path):
    fill(url)
    code, said = command("backup", str(tmp_path / "copy.db"))
    if url.startswith("sqlite:"):
        assert (code, said) == (
            0,
            f"Backed up 3 submissions to {tmp_path}/copy.db; the copy is whole.",
        )
        assert len(kept(f"sqlite:///{tmp_path}/copy.db")) == 3
    else:
        assert code == 1
        assert "pg_dump" in said


def test_the_name_of_a_file_cannot_speak_to_the_terminal(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{tmp_path}/feedback.db")
    command("migrate")
    code, said = command("backup", f"{tmp_path}/none\x1b[31m/copy.db")
    assert code == 1
    assert f"{tmp_path}/none?[31m/copy.db" in said


def test_beside_a_running_service_sqlite_is_backed_up_but_not_changed(
    service: Service, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{service.data}/feedback.db")
    service.post(page=f"{service.origin}/demo", comment="hello")
    assert command("backup", str(tmp_path / "copy.db"))[0] == 0
    for arguments in (("purge", "--yes"), ("erase", "--search", "hello", "--yes")):
        code, said = command(*arguments)
        assert code == 1
        assert said.startswith("The service is running on this database: stop it first")
    code, said = command("migrate")
    assert code == 1
    assert len(service.items()) == 1


def test_beside_a_running_service_postgresql_is_changed(postgres: Postgres, command: Command):
    url = postgres.fresh()
    command.monkeypatch.setenv("FEEDBACK_DATABASE_URL", url)

    async def running() -> None:
        store = await Store.open(url)
        try:
            await store.add(some_feedback("hello"))
            code, said = await asyncio.to_thread(command, "erase", "--search", "hello", "--yes")
            assert (code, said.splitlines()[-1]) == (0, "Erased 1 submission; their counts stay.")
            assert not (await store.find(Filters(), EVERYTHING)).items
        finally:
            await store.close()

    asyncio.run(running())


def test_several_workers_on_sqlite_are_refused_with_a_sentence(command: Command, tmp_path: Path):
    command.monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{tmp_path}/feedback.db")
    code, said = command("serve", "--workers", "2")
    assert code == 1
    assert said.startswith("Several workers need FEEDBACK_DATABASE_URL=postgresql://")
    assert not list(tmp_path.iterdir())
