"""`feedback check` as its operator runs it: what it says, how it ends, and that it changes nothing."""

import fcntl
import json
import os
import signal
import sqlite3
import threading
from pathlib import Path

import pytest

from feedback.store.sqlite_health import is_held
from tests.feedback.conftest import Command
from tests.postgres import PASSWORD, Postgres
from tests.service import Service


def said(command: Command, *arguments: str) -> tuple[int, str]:
    """What `feedback check` says with everything that stands on its output, and how it ends."""
    code, _ = command("check", *arguments)
    return code, command.output


def files(folder: Path) -> dict[str, tuple[int, int, int]]:
    return {
        path.name: (path.stat().st_size, path.stat().st_mtime_ns, path.stat().st_uid)
        for path in folder.iterdir()
    }


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    code, text = said(command, "--offline")
    assert code == 0
    assert "problem" not in text
    assert "There is no database yet; `feedback serve` makes it." in text
    assert not list(tmp_path.iterdir())


def test_every_wrong_setting_is_told_of_at_once_and_no_value_repeated(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SITE": "hunter2",
        "MAX_TEXT": "hunter2",
        "RATE": "hunter2",
        "SMTP_URL_FILE": str(tmp_path / "hunter2"),
    }.items():
        monkeypatch.setenv(f"FEEDBACK_{name}", value)
    code, text = said(command)
    assert code == 1
    for sentence in (
        "FEEDBACK_SITE is not a setting; is FEEDBACK_SITES meant?",
        "FEEDBACK_MAX_TEXT should be a valid integer.",
        "FEEDBACK_RATE must be a number",
        "FEEDBACK_SMTP_URL_FILE must name a readable text file.",
    ):
        assert f"problem  settings   {sentence}" in text
    assert "hunter2" not in text


def test_so_is_every_setting_that_a_part_of_the_service_refuses(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    refused = {
        "SITES": "https://*.gov.uk",
        "TRUSTED_PROXIES": "*",
        "LANGUAGES": "en,tlh",
        "SCRUB_KINDS": "hunter2",
        "SMTP_URL": "smtp://mail",
        "SSO_ISSUER": "https://login.example.gov.uk",
    }
    for name, value in refused.items():
        monkeypatch.setenv(f"FEEDBACK_{name}", value)
    code, text = said(command)
    assert code == 1
    assert [line for line in text.splitlines() if line.startswith("problem")] == [
        line for line in text.splitlines() if line.startswith("problem  settings   FEEDBACK_")
    ]
    assert text.count("problem") == len(refused)


def test_warnings_alone_end_well(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    token = tmp_path / "token"
    token.write_text("made-up-token-in-a-file")
    token.chmod(0o644)
    for name, value in {
        "ADMIN_TOKEN_FILE": str(token),
        "RATE": "off",
        "RETENTION_DAYS": "0",
        "PUBLIC_URL": "http://feedback.example.gov.uk",
    }.items():
        monkeypatch.setenv(f"FEEDBACK_{name}", value)
    code, text = said(command, "--offline")
    assert code == 0
    for part in (
        f"Every user of this machine can read the file of FEEDBACK_ADMIN_TOKEN_FILE: run `chmod o= {token}`.",
        "FEEDBACK_RATE is off",
        "FEEDBACK_RETENTION_DAYS is 0",
        "FEEDBACK_PUBLIC_URL is http",
        "FEEDBACK_SITES is not set",
    ):
        assert f"warning  settings   {part}" in text
    token.chmod(0o640)
    assert "ADMIN_TOKEN_FILE" not in said(command, "--offline")[1]


def test_beside_a_running_service_all_is_well_and_nothing_changes(
    service: Service, command: Command, monkeypatch: pytest.MonkeyPatch
):
    service.post(page=f"{service.origin}/demo", comment="words of a visitor")
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{service.data}/feedback.db")
    monkeypatch.setenv("FEEDBACK_PUBLIC_URL", service.origin)
    before = {name: owner for name, (_, _, owner) in files(service.data).items()}
    code, text = said(command, "--page", f"{service.origin}/demo", "--json")
    assert code == 0
    report = json.loads(text)
    assert report["problems"] == 0
    assert {"settings", "clock", "disk", "database", "proxies", "service", "script", "sending"} <= {
        finding["subject"] for finding in report["findings"] if finding["level"] == "ok"
    }
    assert "a service holds the file" in text
    assert "words of a visitor" not in text
    assert {name: owner for name, (_, _, owner) in files(service.data).items()} == before
    assert service.post(page=f"{service.origin}/demo", comment="more").status_code == 201


def test_a_service_that_is_down_is_a_problem_and_its_files_are_left_alone(
    service: Service, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{service.data}/feedback.db")
    monkeypatch.setenv("FEEDBACK_PUBLIC_URL", service.origin)
    service.stop()
    before = files(service.data)
    code, text = said(command)
    assert code == 1
    assert "no service holds the file" in text
    assert (
        f"problem  service    {service.origin} (FEEDBACK_PUBLIC_URL) refuses the connection: "
        "is the server running, and the port right?\n" in text
    )
    assert files(service.data) == before
    service.start()
    assert "a service holds the file" in said(command, "--offline")[1]


def test_what_a_killed_service_left_is_told_and_left_alone(
    service: Service, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{service.data}/feedback.db")
    service.post(page=f"{service.origin}/demo", comment="before the kill")
    service.stop(signal.SIGKILL)
    before = files(service.data)
    code, text = said(command, "--offline")
    assert code == 0
    assert "warning  database   A service that was killed left " in text
    assert files(service.data) == before
    service.start()
    assert len(service.items()) >= 1


def make(url: str, command: Command) -> Path:
    """The file of a new database."""
    assert command("migrate")[0] == 0
    return Path(url.partition("///")[2])


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Path:
    url = f"sqlite:///{tmp_path}/data/feedback.db"
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", url)
    return make(url, command)


def test_a_damaged_file_is_a_problem(database: Path, command: Command):
    with database.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 8 * 4096)
    code, text = said(command, "--offline")
    assert code == 1
    assert "problem  database   The file is damaged (quick_check): stop the service" in text


def test_a_file_that_is_no_database_is_a_problem(database: Path, command: Command):
    database.write_bytes(b"This is a letter and no database." * 200)
    code, text = said(command, "--offline")
    assert code == 1
    assert f"problem  database   The database {database} cannot be read: it is no SQLite database." in text


@pytest.mark.parametrize(
    ("version", "code", "sentence"),
    [
        (0, 0, "warning  database   The database is of version 0 and this version needs 1: make a backup"),
        (2, 1, "problem  database   The database is of version 2, made by a newer Page Feedback"),
    ],
)
def test_a_database_of_another_version_is_told(
    database: Path, command: Command, version: int, code: int, sentence: str
):
    change(database, f"UPDATE schema_version SET version = {version}")
    ended, text = said(command, "--offline")
    assert ended == code
    assert sentence in text


def change(database: Path, sql: str) -> None:
    connection = sqlite3.connect(database)
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_another_journal_mode_is_a_problem(database: Path, command: Command):
    change(database, "PRAGMA journal_mode = DELETE")
    assert "problem  database   The file is not in WAL mode" in said(command, "--offline")[1]


def test_files_of_the_database_are_for_one_user_alone(database: Path, command: Command):
    database.chmod(0o644)
    assert (
        f"warning  disk       Every user of this machine can read or change {database}"
        in (said(command, "--offline")[1])
    )
    if os.geteuid() == 0:
        os.chown(database, 65534, 65534)
        code, text = said(command, "--offline")
        assert code == 1
        assert "problem  disk       The database's files belong to several users" in text


def test_postgresql_is_asked_about_itself(
    postgres: Postgres, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", postgres.fresh())
    code, text = said(command, "--offline")
    assert "ok       database   The database is empty; `feedback serve` or `feedback migrate`" in text
    command("migrate")
    code, text = said(command, "--offline")
    assert code == 1
    assert "ok       database   PostgreSQL 18." in text
    assert "ok       database   The database is of version 1, as this version needs it." in text
    # The tests' own server need not outlive a power cut.
    assert [line for line in text.splitlines() if line.startswith("problem")] == [
        "problem  database   PostgreSQL's fsync is off, so that a power cut can lose or spoil what was "
        "answered for: run ALTER SYSTEM SET fsync = on, and restart PostgreSQL."
    ]


def test_a_password_is_never_printed(postgres: Postgres, command: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", postgres.url(password="hunter2"))
    code, text = said(command, "--offline")
    assert code == 1
    assert "the PostgreSQL server refuses this user or password." in text
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", postgres.fresh())
    text += said(command, "--offline", "--json")[1]
    assert "hunter2" not in text
    assert PASSWORD not in text


def test_a_page_is_an_address(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    for wrong in (
        "bins",
        "ftp://example.gov.uk",
        "https://user:hunter2@example.gov.uk",
        "file:///etc/passwd",
    ):
        code, text = command("check", "--offline", "--page", wrong)
        assert code == 1
        assert text == "--page must be an address such as https://www.example.gov.uk/bins."


def test_a_look_at_the_lock_turns_no_starting_service_away(
    database: Path, command: Command, monkeypatch: pytest.MonkeyPatch
):
    # As the doctor holds it, but long enough to be met.
    monkeypatch.setattr("feedback.store.sqlite._LOCK_SECONDS", 10.0)
    looking = database.with_name("feedback.db.lock").open("rb")
    fcntl.flock(looking, fcntl.LOCK_SH)
    assert is_held(database) is False
    over = threading.Timer(0.2, looking.close)
    over.start()
    assert command("migrate") == (0, "The database is at version 1 already.")
    over.join()
