"""The real service as a process of its own, as `feedback serve` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx2 as httpx

ADMIN_TOKEN = "made-up-token-for-tests"
PROGRAM = (sys.executable, "-m", "feedback")
START_SECONDS = 120


class Service:
    """A running service on a free loopback port, with its data and its logs in `folder`."""

    def __init__(
        self, folder: Path, *arguments: str, program: Sequence[str] = PROGRAM, **settings: str
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.data = folder / "data"
        self.log = folder / "service.log"
        self.output = folder / "service.out"
        self.admin_token = ADMIN_TOKEN
        self._command = [*program, "serve", *arguments]
        self._settings = settings
        self._port = free_port()
        self.origin = f"http://127.0.0.1:{self._port}"
        self.other_origin = f"http://localhost:{self._port}"
        self.start()

    def start(self) -> None:
        """Start the process and wait until it says where things are."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDBACK_")}
        environment |= {
            "FEEDBACK_DATABASE_URL": f"sqlite:///{self.data}/feedback.db",
            "FEEDBACK_ADMIN_TOKEN": self.admin_token,
            # Tests send more than visitors do; tests/feedback/test_rate.py has the defaults.
            "FEEDBACK_RATE": "off",
            "FEEDBACK_RATE_SITE": "off",
            "FEEDBACK_RATE_ALL": "off",
        } | self._settings
        self.output.write_bytes(b"")
        with self.log.open("ab") as log, self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*self._command, "--port", str(self._port)],
                env=environment,
                stdout=output,
                stderr=log,
            )
        try:
            wait_until(lambda: self.process.poll() is not None or len(self.lines) == 3, START_SECONDS)
            assert len(self.lines) == 3, f"the service did not start: {self.log.read_text()}"
        except AssertionError:
            self.stop(signal.SIGKILL)
            raise
        self.sign_in_link = next(word for word in self.lines[1].split() if "token=" in word)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the process that `start` began, and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            # How long it may take is asked by tests of their own.
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    @property
    def lines(self) -> list[str]:
        """What it has printed for its operator."""
        return self.output.read_text().splitlines()

    def post(self, **fields: object) -> httpx.Response:
        """Send one submission as the widget does."""
        return httpx.post(f"{self.origin}/feedback", json=fields, timeout=10)

    def api(self, path: str = "feedback", method: str = "GET", **options: Any) -> httpx.Response:
        """Call the web team's API with the admin token."""
        headers = {"Authorization": f"Bearer {self.admin_token}"}
        return httpx.request(
            method, f"{self.origin}/admin/api/{path}", headers=headers, timeout=10, **options
        )

    def items(self) -> list[dict[str, Any]]:
        """The newest submissions as the web team sees them."""
        items: list[dict[str, Any]] = self.api().json()["items"]
        return items

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on, and that the system gives to nobody else from now on."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    port: int = probe.getsockname()[1]
    if sys.platform == "linux":
        # Bound until this process ends, so that other connections and servers get another one. On Linux a
        # server that sets the same option, as all do, can listen there nevertheless.
        probe.detach()
    else:
        probe.close()
    return port


def wait_until(holds: Any, seconds: float = 60) -> None:
    """Wait for a condition; the time bounds how long a test that fails takes, and promises nothing."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
