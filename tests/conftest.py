"""Fixtures that every folder of tests may use."""

from collections.abc import Iterator

import pytest

from tests.postgres import Postgres
from tests.service import Service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One running service for the tests of a module."""
    with Service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run; it need not outlive a power cut."""
    with Postgres(fsync="off") as server:
        yield server
