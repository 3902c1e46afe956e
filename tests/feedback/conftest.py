"""The app in this process, over a database of its own, and the commands of its operator."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.cli import main
from feedback.settings import Settings, load_settings
from tests.feedback.people import call
from tests.feedback.rows import ROWS
from tests.postgres import Postgres
from tests.service import ADMIN_TOKEN

SITE = "https://www.example.gov.uk"
PAGE = f"{SITE}/bins"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        database_url=f"sqlite:///{tmp_path}/feedback.db",
        admin_token=ADMIN_TOKEN,
        sites=(SITE, "https://*.wild.gov.uk"),
        public_url="http://feedback.test",
        # Tests send more than visitors do; tests/feedback/test_rate.py has the defaults.
        rate=None,
    )


@pytest.fixture
def app(settings: Settings) -> Starlette:
    return create_app(settings)


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(
        app, "http://feedback.test", raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield client


@pytest.fixture
def admin() -> dict[str, str]:
    return {"Authorization": f"Bearer {ADMIN_TOKEN}"}


class Command:
    """Runs a command in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys
        self.output = ""  # of the last one, without what went to the errors

    def __call__(self, *arguments: str) -> tuple[int, str]:
        self.monkeypatch.setattr("sys.argv", ["feedback", *arguments])
        self.monkeypatch.setattr("threading.excepthook", threading.excepthook)
        with pytest.raises(SystemExit) as ended:
            main()
        said = self.capsys.readouterr()
        self.output = said.out
        code = ended.value.code
        assert isinstance(code, int)
        return code, said.err.strip() if code else said.out.strip()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/feedback.db"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        address = postgres.fresh()
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", address)
    return address


@pytest.fixture
def filled(client: TestClient) -> TestClient:
    """The app with submissions of different age, page and site in it."""
    for row in ROWS.values():
        call(client, client.app_state["store"].add, row)
    return client
