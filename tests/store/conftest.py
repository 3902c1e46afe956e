"""Every test that asks for `url` runs on both engines."""

from pathlib import Path

import pytest

from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, one an engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/feedback.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.fresh()
