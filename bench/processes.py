"""A program on a core of its own: started, waited for, watched as the kernel sees it, stopped."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVER_CORE: Final = "0"
CLIENT_CORE: Final = "1" if (os.cpu_count() or 1) > 1 else "0"
START_SECONDS: Final = 60
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Running:
    """A server that listens on a loopback port."""

    pid: int
    port: int
    start_ms: float  # from its start until it took a connection

    @property
    def processor(self) -> float:
        """Seconds of processor time of all its threads, the kernel's share included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def memory(self) -> float:
        """MB that it holds."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE / 1e6

    @property
    def open_files(self) -> int:
        """How many files and connections it holds."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


@contextmanager
def running(
    command: Sequence[str], port: int, environment: Mapping[str, str], log: Path
) -> Iterator[Running]:
    """A server on the first core, once it takes connections; RuntimeError where it ends or never does."""
    begin = time.perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(
            pinned(SERVER_CORE, *command), env=os.environ | environment, stdout=said, stderr=said
        )
    try:
        while not _listens(port):
            if process.poll() is not None or time.perf_counter() - begin > START_SECONDS:
                raise RuntimeError(f"it did not start: {_last_line(log)}")
            time.sleep(0.005)
        yield Running(process.pid, port, (time.perf_counter() - begin) * 1000)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def pinned(core: str, *command: str) -> list[str]:
    """A command that runs on one core only."""
    return ["taskset", "--cpu-list", core, *command]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
