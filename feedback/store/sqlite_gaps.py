"""Overwrites what SQLite leaves in the unused middle of its pages.

`secure_delete` overwrites a row where it is deleted. But when SQLite moves rows between pages to balance
a tree, their old bytes stay in the gap between a page's pointers and its content; a row that is deleted
afterwards would live on there. Nothing ever reads a gap, so zeros in it change no answer, whatever happens at
the same time.
File format: https://www.sqlite.org/fileformat2.html, 1.6 "B-tree Pages".
"""

import os
from pathlib import Path
from struct import Struct
from typing import Final

# Pages that one step looks at: some milliseconds in which nobody writes.
_AT_ONCE: Final = 4_096
_HEADER: Final = 100  # bytes of the file before the first page's own header
# First bytes of pages of a tree, and how long their headers are. Other pages begin with the number of a page,
# whose first byte is 0 as long as there are fewer than 2**24 pages.
_TREE_PAGES: Final = {2: 12, 5: 12, 10: 8, 13: 8}
_MAX_PAGES: Final = 1 << 24
_COUNT_AND_START: Final = Struct(">3xHH")


class Gaps:
    """The gaps of one database file, overwritten step by step.

    Each step must find the log of writes empty, and the connection that writes must forget its cached pages
    before it writes again: they hold what was in the gaps.
    """

    def __init__(self, path: Path) -> None:
        # Open as long as the database: closing any handle of a file drops all locks of the process on it.
        self._file = os.open(path, os.O_RDWR)
        self._next = 0

    def overwrite_some(self) -> bool:
        """Overwrite the gaps of the next pages; False once all pages had their turn."""
        head = os.pread(self._file, _HEADER, 0)
        # Only files of auto-vacuum name a largest root page; their pointer maps look like pages of a tree.
        if not head or any(head[52:56]):
            return False
        size = int.from_bytes(head[16:18])
        size = 65_536 if size == 1 else size  # it does not fit into two bytes
        usable = size - head[20]
        pages = min(os.fstat(self._file).st_size // size, _MAX_PAGES)
        first, self._next = self._next, min(self._next + _AT_ONCE, pages)
        data = os.pread(self._file, (self._next - first) * size, first * size)
        for start in range(0, len(data), size):
            gap = _gap(data, start, usable, first_page=first + start == 0)
            if gap and data.count(0, *gap) < gap[1] - gap[0]:
                os.pwrite(self._file, bytes(gap[1] - gap[0]), first * size + gap[0])
        os.fdatasync(self._file)
        if self._next < pages:
            return True
        self._next = 0
        return False

    def close(self) -> None:
        """Let go of the file, after every connection has."""
        os.close(self._file)


def _gap(data: bytes, start: int, usable: int, *, first_page: bool) -> tuple[int, int] | None:
    """Where the gap of a page begins and ends in the data; None for a page that is of no tree."""
    header = start + (_HEADER if first_page else 0)
    length = _TREE_PAGES.get(data[header])
    if length is None:
        return None
    cells, content = _COUNT_AND_START.unpack_from(data, header)
    begin, end = header + length + 2 * cells, start + (content or 65_536)
    return (begin, end) if begin < end <= start + usable else None
