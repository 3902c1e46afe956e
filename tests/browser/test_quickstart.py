"""The quickstart works as it stands, from a checkout, in a browser."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2 as httpx
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers import send, status, widget
from tests.docs.blocks import ROOT, blocks, run
from tests.service import free_port, wait_until


def checkout(folder: Path) -> Path:
    """The files under version control, beside the environment that `make serve` would make for minutes."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            # With its time, by which make sees that the environment is made.
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    return folder


@contextmanager
def running(command: str, folder: Path) -> Iterator[Path]:
    """What people leave running in a terminal; gives the file with what it prints."""
    output = folder / "data.out"
    # What a terminal has: under `make test` an inner make would say which folder it enters.
    others = ("FEEDBACK_", "MAKE", "MFLAGS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["bash", "-euc", command], cwd=folder, env=environment, stdout=file, start_new_session=True
        )
    try:
        yield output
    finally:
        # Ctrl-C is not heard by what a shell started in the background, as CI may.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def test_the_quickstart_as_it_stands(tmp_path: Path, visit: Visit) -> None:
    start, as_a_program, page_of_yours = blocks("quickstart.md")
    folder = checkout(tmp_path)
    here, there = free_port(), free_port()
    with running(f"{start.command.strip()} ARGS='--port {here}'", folder) as output:
        wait_until(lambda: len(output.read_text().splitlines()) == 3, 180)
        demo, review, embed = output.read_text().splitlines()
        assert "integrity=" in embed

        page = visit(demo.split()[-1])
        widget(page).locator("#no").click()
        widget(page).locator("#comment").fill("I could not pay with my card 4111 1111 1111 1111")
        send(page)
        send(page)  # warned, and sent all the same
        expect(status(page)).to_contain_text("We removed 1 card number.")
        run(as_a_program, folder, f"http://127.0.0.1:{here}")

        inbox = visit(next(word for word in review.split() if "token=" in word))
        expect(inbox.get_by_text("I could not pay with my card [CREDIT_CARD]")).to_be_visible()
        assert subprocess.run(["grep", "-r", "4111 1111", "data/"], cwd=folder).returncode == 1

        command = page_of_yours.command.replace("127.0.0.1:8000", f"127.0.0.1:{here}")
        with running(command.replace("8001", str(there)), folder):
            wait_until(lambda: answers(f"http://127.0.0.1:{there}/"))
            page = visit(f"http://127.0.0.1:{there}/")
            widget(page).locator("#yes").click()
            expect(status(page)).to_contain_text("Thank you")


def answers(address: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(address).status_code == httpx.codes.OK
    return False
