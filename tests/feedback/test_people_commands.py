"""`feedback user` and `feedback token`: what they say, and that what they make lets in."""

import asyncio
import re

import pytest

from feedback.model import Role
from feedback.store import Store
from tests.feedback.conftest import Command
from tests.postgres import Postgres
from tests.service import Service
from tests.store.samples import opened

ANN = "ann@example.gov.uk"


def test_people_are_added_listed_and_disabled(url: str, command: Command):
    code, said = command("user", "add", "Ann@example.gov.uk", "--name", "Ann", "--role", "admin")
    assert code == 0
    assert re.fullmatch(
        rf"Added {ANN}\. The link works once, within seven days:\n"
        r"http://127\.0\.0\.1:8000/admin/password\?token=[\w-]{43}",
        said,
    )
    command("user", "add", "bob@a.gov.uk", "--name", "Bob", "--site", "https://B.gov.uk")
    listed = f"{ANN}  admin  all  Ann\nbob@a.gov.uk  reviewer  https://b.gov.uk  Bob"
    assert command("user", "list") == (0, listed)
    assert command("user", "disable", ANN) == (0, f"Disabled {ANN}.")
    assert command("user", "list")[1].startswith(f"{ANN}  admin  all  Ann (disabled)")
    assert command("user", "add", ANN, "--name", "Ann") == (1, "EMAIL has an account already.")
    assert command("user", "disable", "x@a.gov.uk")[0] == 1


def test_tokens_are_added_listed_and_revoked(url: str, command: Command):
    code, text = command("token", "add", "Report", "--expires", "2100-01-31")
    assert code == 0
    assert re.fullmatch(r"pf_[0-9a-f]{16}_[\w-]{43}", text)
    key = text.split("_")[1]
    assert command("token", "list") == (0, f"{key}  viewer  all  until 2100-01-31  unused  Report")
    assert command("token", "revoke", key) == (0, "Revoked.")
    assert command("token", "list") == (0, "")
    assert command("token", "revoke", key)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("user", "add", "secret", "--name", "Ann"), "EMAIL must be an email address"),
        (("user", "add", ANN, "--name", ""), "--name must be filled in"),
        (("user", "add", ANN, "--name", "Ann", "--site", "secret"), "--site must be addresses of websites"),
        (("token", "add", "Report", "--expires", "secret"), "--expires must be a day to come"),
    ],
)
def test_a_wrong_argument_is_named_and_not_repeated(
    url: str, command: Command, arguments: tuple[str, ...], sentence: str
):
    code, said = command(*arguments)
    assert code == 1
    assert said.startswith(sentence)
    assert "secret" not in said

    async def go() -> None:
        async with opened(url) as store:
            assert not await store.people.all()
            assert not await store.tokens.all()

    asyncio.run(go())


def test_each_command_has_help_with_an_example(command: Command):
    for name in ("user add", "user list", "user disable", "token add", "token list", "token revoke"):
        code, said = command(*name.split(), "--help")
        assert code == 0
        assert f"Example: feedback {name}" in said


def test_beside_a_running_service_sqlite_is_managed_by_its_pages(
    service: Service, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{service.data}/feedback.db")
    for arguments, page in (
        (("user", "add", ANN, "--name", "Ann"), "/admin/people"),
        (("user", "list"), "/admin/people"),
        (("token", "revoke", "0123456789abcdef"), "/admin/tokens"),
    ):
        code, said = command(*arguments)
        assert code == 1
        assert said.startswith("The service is running on this database: stop it first, or do it on its page")
        assert page in said


def test_beside_a_running_service_postgresql_takes_people(postgres: Postgres, command: Command):
    url = postgres.fresh()
    command.monkeypatch.setenv("FEEDBACK_DATABASE_URL", url)

    async def running() -> None:
        store = await Store.open(url)
        try:
            code, _ = await asyncio.to_thread(command, "user", "add", ANN, "--name", "Ann", "--role", "admin")
            assert code == 0
            account = await store.people.find_by_email(ANN)
            assert account is not None
            assert account.role is Role.ADMIN
        finally:
            await store.close()

    asyncio.run(running())


def test_somebody_is_forgotten_once_it_is_said_so(url: str, command: Command):
    command("user", "add", "ann@example.gov.uk", "--name", "Ann")
    assert command("user", "forget", "ann@example.gov.uk") == (
        0,
        "ann@example.gov.uk would go; add --yes to delete.",
    )
    code, said = command("user", "forget", "ann@example.gov.uk", "--yes")
    assert (code, said.startswith("Deleted; the audit log knows them as ")) == (0, True)
    assert command("user", "list") == (0, "")
