"""The app in this process, over a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.settings import Settings, load_settings
from tests.service import ADMIN_TOKEN

SITE = "https://www.example.gov.uk"
PAGE = f"{SITE}/bins"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        database_url=f"sqlite:///{tmp_path}/feedback.db",
        admin_token=ADMIN_TOKEN,
        sites=(SITE, "https://*.wild.gov.uk"),
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
