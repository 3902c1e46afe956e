"""Fixtures that every folder of tests may use."""

from collections.abc import Iterator

import pytest

from tests.postgres import Postgres
from tests.service import Service

# The files that take longest. They are begun first, so that no core waits for one that another began last.
LONGEST = (
    "tests/privacy/test_planted_numbers.py",
    "tests/browser/test_desk.py",
    "tests/browser/test_accessible.py",
    "tests/scrubbers/test_linear.py",
    "tests/browser/test_recipes.py",
    "tests/corpus/test_figures.py",
    "tests/feedback/test_server.py",
    "tests/feedback/test_workers.py",
    "tests/feedback/test_openapi.py",
    "tests/privacy/test_log.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; all others stay as they are."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(LONGEST)))


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
