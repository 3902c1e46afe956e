"""The services that submissions are sent to: ours, one that does nothing, the obvious one, and isso.

isso is a comment server that somebody could put on every page instead: `isso run`, as its package gives it,
with its own server (werkzeug's, a thread for each connection), one SQLite file and a durable commit for each
comment. Moderation is off, as by default; so is its guard, which would let one client send twice a minute. It
renders Markdown, hashes the sender's address and answers with the comment. It scrubs nothing, and writes the
text of each comment into its log, since its default is to tell of comments there.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import Running, running
from tests.service import free_port

SITE: Final = "https://www.example.gov.uk"
ISSO: Final = Path(sys.executable).with_name("isso")


@dataclass(frozen=True)
class App:
    """How to start one of them, on a port with its data in a folder, and whose submissions it takes."""

    name: str
    command: Callable[[Path, int], list[str]]
    shape: str = "feedback"

    @contextmanager
    def running(self, folder: Path) -> Iterator[Running]:
        """It runs, with its data and its log in the folder."""
        port = free_port()
        environment = {
            "BENCH_DATABASE": f"{folder}/bench.db",
            "FEEDBACK_DATABASE_URL": f"sqlite:///{folder}/feedback.db",
            "FEEDBACK_SITES": SITE,
            # One client sends everything; what counting costs is in the figures all the same.
            "FEEDBACK_RATE": "999999999/minute",
            "FEEDBACK_RATE_SITE": "999999999/minute",
            "FEEDBACK_RATE_ALL": "999999999/minute",
        }
        with running(self.command(folder, port), port, environment, folder / "log") as server:
            yield server


def _uvicorn(name: str) -> Callable[[Path, int], list[str]]:
    return lambda _, port: [
        sys.executable, "-m", "uvicorn", "--factory", "--http", "httptools", "--no-access-log",
        "--log-level", "warning", "--port", str(port), f"bench.app_{name}:make",
    ]  # fmt: skip


def _isso(folder: Path, port: int) -> list[str]:
    if not ISSO.exists():
        raise RuntimeError("it is not installed: see the output of `make bench`, requirements/isso.txt")
    config = folder / "isso.cfg"
    config.write_text(
        f"[general]\ndbpath = {folder}/isso.db\nhost = http://127.0.0.1:{port}/\n"
        f"[server]\nlisten = http://127.0.0.1:{port}/\n"
        "[moderation]\nenabled = false\n[guard]\nenabled = false\n"
    )
    return [str(ISSO), "-c", str(config), "run"]


OURS: Final = App(
    "Page Feedback on SQLite",
    lambda _, port: [sys.executable, "-m", "feedback", "serve", "--port", str(port)],
)
APPS: Final = (
    OURS,
    App("a handler that does nothing", _uvicorn("nothing")),
    App("the obvious assembly", _uvicorn("obvious")),
    App("isso", _isso, shape="isso"),
)
