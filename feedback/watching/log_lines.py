"""Writes log lines by a thread of its own, so that whoever reads them slowly stops no request."""

import os
import threading
import time
from collections import deque
from typing import Final

# Lines that wait while nobody reads, some megabytes; more are counted and let go.
WAITING_LIMIT: Final = 20_000
# Seconds in which lines gather before they are written at once. A killed process loses no more than these.
_GATHER_SECONDS: Final = 0.02
# Seconds that a service which ends waits for a reader.
_END_SECONDS: Final = 1.0


class LogLines:
    """Takes whole lines, and writes them to a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        # Lines, and among them who waits for those before.
        self._waiting: deque[bytes | threading.Event] = deque()
        self._lost = 0
        self._wanted = threading.Event()
        threading.Thread(target=self._run, name="log lines", daemon=True).start()

    def write(self, line: bytes) -> None:
        """Take one line; never waits."""
        if len(self._waiting) >= WAITING_LIMIT:
            self._lost += 1
            return
        self._waiting.append(line)
        if not self._wanted.is_set():
            self._wanted.set()

    def drain(self) -> None:
        """Wait until what was taken is written, at most a second."""
        written = threading.Event()
        self._waiting.append(written)
        self._wanted.set()
        written.wait(_END_SECONDS)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            time.sleep(_GATHER_SECONDS)
            self._wanted.clear()
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            lines = [each for each in taken if isinstance(each, bytes)]
            lost, self._lost = self._lost, 0
            if lost:
                lines.append(b'{"event":"log lines lost","level":"warning","lost":%d}\n' % lost)
            try:
                self._write(b"".join(lines))
            except OSError:  # a full disk, a reader that is gone: there may be room or a reader again
                self._lost += lost + len(lines)
            for each in taken:
                if isinstance(each, threading.Event):
                    each.set()

    def _write(self, data: bytes) -> None:
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # somebody who shares the descriptor made it so
                time.sleep(_GATHER_SECONDS)
