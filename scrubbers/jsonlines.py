"""Redacts fields of JSON Lines and leaves all else as it is written: spaces, numbers, order, escapes."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from scrubbers.errors import InputError
from scrubbers.textfiles import Source

_SPACE = re.compile(r"[ \t\r\n]*")
_BYTE_ORDER_MARK = "\ufeff"
_LONE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder()


def redacted_jsonl(source: Source, fields: Sequence[str], redact: Callable[[str], str]) -> Iterator[str]:
    """The lines of a file, each an object, with these fields redacted; "a.b" is field b of the object in a.

    All text in a field is redacted, in lists and objects too, and a number when something is found in it.
    Raises InputError: at once when the first object lacks a field; later at a line that is no object.
    """
    lines = source.lines()
    blank: list[str] = []
    first = next(lines, "")
    while first and not first.strip():
        blank.append(first)
        first = next(lines, "")
    present = {name for name, _, _ in _members_of(source, first)} if first else set(fields)
    if not present.issuperset(fields):
        raise InputError(f"{source.name}: the first object does not hold all fields of --jsonl")
    return (_redacted(source, line, set(fields), redact) for line in chain(blank, [first], lines))


def as_json(value: object) -> str:
    """The value as JSON on one line; bytes that were no UTF-8, which came as lone surrogates, as escapes."""
    return _LONE.sub(lambda lone: f"\\u{ord(lone[0]):04x}", json.dumps(value, ensure_ascii=False))


def _redacted(source: Source, line: str, fields: set[str], redact: Callable[[str], str]) -> str:
    if not line.strip():
        return line
    pieces: list[str] = []
    at = 0
    for name, start, end in _members_of(source, line):
        if name in fields and start >= at:
            pieces += (line[at:start], _redacted_field(source, line[start:end], redact))
            at = end
    return "".join((*pieces, line[at:]))


def _members_of(source: Source, line: str) -> list[tuple[str, int, int]]:
    start = len(_BYTE_ORDER_MARK) if line.startswith(_BYTE_ORDER_MARK) else 0
    try:
        members, end = _members(line, _skip(line, start), "")
        if not line[end:].strip():
            return members
    except (ValueError, RecursionError):
        pass
    # Outside the handler, so that the error carries no context: a context may quote the line.
    raise InputError(f"{source.name}, line {source.lines_read}: not one JSON object")


def _members(line: str, at: int, prefix: str) -> tuple[list[tuple[str, int, int]], int]:
    """Dotted name, start and end of each value in the object at an offset, outer ones first; and its end.

    Raises ValueError.
    """
    if line[at : at + 1] != "{":
        raise ValueError
    found: list[tuple[str, int, int]] = []
    at = _skip(line, at + 1)
    if line[at : at + 1] == "}":
        return found, at + 1
    while True:
        if line[at : at + 1] != '"':
            raise ValueError
        name, at = _DECODER.raw_decode(line, at)
        at = _skip(line, at)
        if line[at : at + 1] != ":":
            raise ValueError
        start = _skip(line, at + 1)
        inner: list[tuple[str, int, int]] = []
        if line[start : start + 1] == "{":
            inner, at = _members(line, start, f"{prefix}{name}.")
        else:
            _, at = _DECODER.raw_decode(line, start)
        found += [(prefix + name, start, at), *inner]
        at = _skip(line, at)
        if line[at : at + 1] == "}":
            return found, at + 1
        if line[at : at + 1] != ",":
            raise ValueError
        at = _skip(line, at + 1)


def _redacted_field(source: Source, written: str, redact: Callable[[str], str]) -> str:
    with suppress(ValueError, RecursionError):
        return _redacted_value(written, redact)
    # Outside the handler, so that the error carries no context: a context may quote the line.
    raise InputError(f"{source.name}, line {source.lines_read}: a name twice in a field, or too deep")


def _redacted_value(written: str, redact: Callable[[str], str]) -> str:
    """The value as it was written if nothing was found in it.

    Raises ValueError where an object has a name twice, as written or redacted: one value would be lost.
    """
    value = json.loads(written, object_pairs_hook=_without_repeats)
    redacted = _redacted_parts(value, redact)
    return written if redacted is value or redacted == value else as_json(redacted)


def _redacted_parts(value: Any, redact: Callable[[str], str]) -> Any:  # noqa: ANN401  JSON is of any type
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redacted_parts(each, redact) for each in value]
    if isinstance(value, dict):
        return _without_repeats(
            [(redact(name), _redacted_parts(each, redact)) for name, each in value.items()]
        )
    if isinstance(value, bool) or value is None:
        return value
    said = str(value)
    return value if redact(said) == said else redact(said)


def _without_repeats(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise ValueError
    return value


def _skip(line: str, at: int) -> int:
    space = _SPACE.match(line, at)
    return space.end() if space else at
