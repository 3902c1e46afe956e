"""What the docs say to type does what they say, as it stands there."""

from pathlib import Path

import pytest

from tests.docs.blocks import blocks, run
from tests.service import Service


@pytest.mark.parametrize("name", ["api.md", "no-javascript.md", "digest.md", "figures.md"])
def test_commands_that_ask_the_service(name: str, tmp_path: Path):
    with Service(tmp_path) as service:
        for block in blocks(name):
            run(block, tmp_path, service.origin, TOKEN=service.admin_token)


@pytest.mark.parametrize("name", ["operate.md", "access.md"])
def test_commands_of_the_operator(name: str, tmp_path: Path):
    database = f"sqlite:///{tmp_path}/data/feedback.db"
    with Service(tmp_path) as service:
        service.post(page=f"{service.origin}/demo", comment="Which day is it?")
    for block in blocks(name):
        run(block, tmp_path, FEEDBACK_DATABASE_URL=database)
