"""The blocks of a page that a reader types into a shell, each with what the page says it answers."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(
    r"^```sh\n(?P<command>.*?)^```$(?:\n\n```(?:text|json)\n(?P<answer>.*?)^```$)?", re.DOTALL | re.MULTILINE
)
# What differs each time: ids that the service makes, and times.
_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z"
)


@dataclass(frozen=True)
class Block:
    """Commands, and the block of text or JSON that follows them at once."""

    command: str
    answer: str | None


def blocks(name: str) -> list[Block]:
    """The blocks ```sh of docs/`name`, in order."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found = [Block(each["command"], each["answer"]) for each in _BLOCK.finditer(page)]
    assert found, f"docs/{name} has no commands"
    return found


def run(block: Block, folder: Path, origin: str = "", **environment: str) -> None:
    """Run the commands in `folder` as they stand; `origin` stands in for the addresses of the page."""
    # Where the page shows no answer, any refusal is a fault.
    refusing = 'curl() { command curl --fail "$@"; }\n' if block.answer is None else ""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", refusing + _to(origin, block.command)],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{block.command}\n{done.stdout}{done.stderr}"
    if block.answer is not None:
        assert _steady(done.stdout) == _steady(_to(origin, block.answer)), block.command


def _to(origin: str, text: str) -> str:
    if not origin:
        return text
    here = origin.removeprefix("http://")
    text = text.replace("https://feedback.example.gov.uk", origin)
    return text.replace("127.0.0.1:8000", here).replace("127.0.0.1%3A8000", here.replace(":", "%3A"))


def _steady(text: str) -> str:
    return _CHANGING.sub("...", text).strip()
