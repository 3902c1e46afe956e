"""What the docs say to type does what they say, as it stands there."""

from pathlib import Path

import pytest

from tests.docs.blocks import blocks, run
from tests.service import Service

# Pages whose commands ask a running service that has taken nothing else.
ASKING = ("api.md", "no-javascript.md")


@pytest.mark.parametrize("name", ASKING)
def test_commands_that_ask_the_service(name: str, tmp_path: Path):
    with Service(tmp_path) as service:
        for block in blocks(name):
            run(block, tmp_path, service.origin, TOKEN=service.admin_token)
