"""A terminal that is read while a command writes to it: one that nobody reads stops whoever writes much."""

import os
import pty
import threading
from contextlib import suppress
from typing import Self


class Terminal:
    """Stands where a command writes to; `shown` is all that was written, once it is left."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        self.shown = b""
        self._thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        # Reading fails once nobody can write any more.
        with suppress(OSError):
            while part := os.read(self._ours, 1 << 16):
                self.shown += part

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.theirs)
        self._thread.join()
        os.close(self._ours)
