"""Submissions as CSV and JSON Lines: written a part at a time, for the command and for the API."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Final

from feedback.model import Feedback
from feedback.review.api import to_json

Parts = AsyncIterator[Sequence[Feedback]]

MEDIA_TYPES: Final = {"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl"}

# First characters of a cell that spreadsheets read as a formula, their full-width forms too, and those that
# some programs skip on their way to one.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")

_COLUMNS: Final[Mapping[str, Callable[[Feedback], str | None]]] = {
    "id": lambda item: item.id,
    "received_at": lambda item: item.received.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "site": lambda item: item.site,
    "path": lambda item: item.path,
    "title": lambda item: item.title,
    "lang": lambda item: item.lang,
    "useful": lambda item: item.useful,
    "doing": lambda item: item.doing,
    "comment": lambda item: item.comment,
    "status": lambda item: item.status,
    "spam_score": lambda item: str(item.spam.score),
    "spam_reasons": lambda item: ", ".join(item.spam.reasons),
    "removed": lambda item: ", ".join(f"{one.field} {one.kind} {one.count}" for one in item.removed),
    "scrub_version": lambda item: item.scrub_version,
}


async def csv_bytes(parts: Parts, *, bom: bool = False) -> AsyncIterator[bytes]:
    """CSV (RFC 4180, UTF-8) with a line of names; a cell that a spreadsheet would compute begins with `'`.

    `bom` begins with the mark by which Excel knows UTF-8; scripts would read it as part of the first name.
    """
    yield (b"\xef\xbb\xbf" if bom else b"") + csv_rows([_COLUMNS])
    async for part in parts:
        yield csv_rows([read(item) or "" for read in _COLUMNS.values()] for item in part)


async def jsonl_bytes(parts: Parts) -> AsyncIterator[bytes]:
    """JSON Lines: an item of the API a line. All is ASCII, since some readers part lines at U+2028 too."""
    async for part in parts:
        yield "".join(f"{json.dumps(to_json(item))}\n" for item in part).encode("ascii")


def safe_cell(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it."""
    return f"'{text}" if text[:1] in _FORMULA else text


def csv_rows(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of cells as CSV, each cell safe."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows(map(safe_cell, row) for row in rows)
    return lines.getvalue().encode("utf-8")
