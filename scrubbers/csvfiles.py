"""Redacts columns of CSV (RFC 4180) and leaves all else byte by byte: quotes, line ends, byte order mark."""

import re
from collections.abc import Callable, Iterator, Sequence

from scrubbers.errors import InputError
from scrubbers.textfiles import LONGEST_LINE, Source

DELIMITERS = ",;\t|"
"""The first with which the header holds all columns is the file's."""

_BYTE_ORDER_MARK = "\ufeff"
_REST_OF_QUOTED = re.compile(r'(?:[^"]|"")*+"')
_LINE_END = re.compile(r"\r?\n?\Z")


def redacted_csv(source: Source, columns: Sequence[str], redact: Callable[[str], str]) -> Iterator[str]:
    """The rows of a file with these columns redacted; the header, one line, comes first and as it is.

    Raises InputError: at once when a column is missing; later at a row with another number of fields than the
    header, since what was typed may then stand in any of them, and at a row that is too long.
    """
    lines = source.lines()
    header = next(lines, "")
    delimiter, places, width = _layout(source, header, columns)
    return _rows(source, lines, header, _Row(delimiter, places, width, redact))


class _Row:
    """How the rows of a file are read and redacted."""

    def __init__(
        self, delimiter: str, places: Sequence[int], width: int, redact: Callable[[str], str]
    ) -> None:
        self._delimiter = delimiter
        self._places = places
        self._width = width
        self._redact = redact

    def is_open(self, line: str, quoted: bool) -> bool:
        """Whether a quoted field goes on after this line; `quoted`: whether one goes on before it."""
        return _split(line, self._delimiter, quoted)[1]

    def redacted(self, source: Source, row: str) -> str:
        """The row with the wanted fields redacted."""
        end = _line_end(row)
        fields, _ = _split(row[: len(row) - len(end)], self._delimiter)
        if fields == [""]:
            return row
        if len(fields) != self._width:
            raise InputError(f"{source.name}, line {source.lines_read}: not as many fields as the header has")
        for place in self._places:
            fields[place] = _redacted_field(fields[place], self._redact)
        return self._delimiter.join(fields) + end


def _rows(source: Source, lines: Iterator[str], header: str, how: _Row) -> Iterator[str]:
    yield header
    row: list[str] = []
    size, quoted = 0, False
    for line in lines:
        row.append(line)
        size = _bounded(source, size + len(line))
        quoted = how.is_open(line, quoted)
        if not quoted:
            yield how.redacted(source, "".join(row))
            row, size = [], 0
    if row:
        raise InputError(f"{source.name}: a quoted field does not end")


def _layout(source: Source, header: str, columns: Sequence[str]) -> tuple[str, list[int], int]:
    """The delimiter, the places of the columns, and how many fields a row has."""
    names = header.removeprefix(_BYTE_ORDER_MARK)
    names = names[: len(names) - len(_line_end(names))]
    if "\r" in names:
        # The whole file would be one line, the header, which is written as it is.
        raise InputError(f"{source.name}: lines end in CR alone; they must end in LF or CRLF")
    missing = 0
    for delimiter in DELIMITERS:
        fields = [_value(field) for field in _split(names, delimiter)[0]]
        missing = next((place for place, name in enumerate(columns, 1) if name not in fields), 0)
        if not missing:
            return delimiter, [place for place, name in enumerate(fields) if name in columns], len(fields)
    raise InputError(f"{source.name}: the header does not hold all columns of --csv")


def _split(row: str, delimiter: str, quoted: bool = False) -> tuple[list[str], bool]:
    """The fields of a row as they are written, and whether the last is quoted and does not end."""
    fields: list[str] = []
    start = at = 0
    while True:
        if quoted or row[at : at + 1] == '"':
            closed = _REST_OF_QUOTED.match(row, at if quoted else at + 1)
            if closed is None:
                return [*fields, row[start:]], True
            at = closed.end()
            quoted = False
        end = row.find(delimiter, at)
        if end < 0:
            return [*fields, row[start:]], False
        fields.append(row[start:end])
        start = at = end + 1


def _value(field: str) -> str:
    """What a field says, without its quotes."""
    closed = _REST_OF_QUOTED.match(field, 1) if field.startswith('"') else None
    if closed is None:
        return field
    return closed[0][:-1].replace('""', '"') + field[closed.end() :]


def _redacted_field(field: str, redact: Callable[[str], str]) -> str:
    """The field as it was written if nothing was found in it; else redacted and quoted as before."""
    value = _value(field)
    redacted = redact(value)
    if redacted == value:
        return field
    return '"' + redacted.replace('"', '""') + '"' if field.startswith('"') else redacted


def _bounded(source: Source, size: int) -> int:
    if size > LONGEST_LINE:
        raise InputError(f"{source.name}, line {source.lines_read}: a row longer than {LONGEST_LINE:,} bytes")
    return size


def _line_end(row: str) -> str:
    found = _LINE_END.search(row)
    return found[0] if found else ""
