"""Files as lines of text: any size at constant memory, every byte kept, a bar that shows how far we are."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from scrubbers.errors import InputError

LONGEST_LINE = 1 << 20
"""Bytes in a line, or in a row of CSV over several lines. More is refused: a cut could part a number."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Source:
    """A file, or standard input, as it is read. Bytes that are no UTF-8 come, and go, as lone surrogates."""

    name: str
    stream: BinaryIO = field(repr=False)
    lines_read: int = 0

    def lines(self) -> Iterator[str]:
        """The lines with their ends. Raises InputError for a line that is too long and for UTF-16."""
        while line := self.stream.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise InputError(f"{self.place}: longer than {LONGEST_LINE:,} bytes")
            if not self.lines_read and line.startswith(_UTF_16):
                raise InputError(f"{self.name}: UTF-16; convert it to UTF-8 first")
            self.lines_read += 1
            yield line.decode("utf-8", "surrogateescape")

    @property
    def place(self) -> str:
        """The name and the line that comes next."""
        return f"{self.name}, line {self.lines_read + 1}"


@contextmanager
def opened(files: Sequence[Path]) -> Iterator[list[Source]]:
    """All files, opened before we write, so that a missing one stops us in time. "-" is standard input.

    Raises InputError.
    """
    sources: list[Source] = []
    try:
        for file in files:
            if file == Path("-"):
                if sys.stdin is None:
                    raise InputError("standard input is closed")
                sources.append(Source("standard input", sys.stdin.buffer))
                continue
            try:
                sources.append(Source(str(file), file.open("rb")))
            except OSError as error:
                raise InputError(f"{file}: {error.strerror}") from None
        yield sources
    finally:
        for source in sources:
            if sys.stdin is None or source.stream is not sys.stdin.buffer:
                source.stream.close()


def shown_progress(sources: Sequence[Source], pieces: Iterator[str]) -> Iterator[str]:
    """The pieces as they come; meanwhile a bar on the terminal, if there is one that shows nothing else."""
    if not sys.stderr or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from pieces
        return
    sizes = {source.name: _size(source) for source in sources}
    total = sum(sizes.values())
    if not total:
        yield from pieces
        return
    # Only those who look at a bar wait for its library.
    from rich.console import Console
    from rich.progress import Progress

    sized = [source.stream for source in sources if sizes[source.name]]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Scrubbing", total=total)
        for number, piece in enumerate(pieces):
            if number % 100 == 0:
                progress.update(bar, completed=sum(stream.tell() for stream in sized))
            yield piece


def _size(source: Source) -> int:
    """Bytes of a file, given by name or as standard input; 0 for what has no size, such as a pipe."""
    status = os.fstat(source.stream.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
