"""A text in the making: literal strings and the numbers between them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from scrubbers.corpus.record import Span


@dataclass(frozen=True)
class Piece:
    """A number as written, of a kind, with its bare value."""

    kind: str
    value: str
    written: str


Parts = Sequence[str | Piece]
Write = Callable[[Random], Parts]
MakePiece = Callable[[Random], Piece]


@dataclass(frozen=True)
class Manner:
    """One manner of writing numbers of one kind: how, in which family, and in which frames."""

    kind: str
    name: str
    family: str
    write: Write
    frames: str
    languages: tuple[str, ...] = ("en", "cy")


def assemble(parts: Parts) -> tuple[str, tuple[Span, ...]]:
    """Join the parts into a text and tell where its numbers lie."""
    text, spans = "", []
    for part in parts:
        if isinstance(part, Piece):
            spans.append(Span(part.kind, len(text), len(text) + len(part.written), part.value))
            text += part.written
        else:
            text += part
    return text, tuple(spans)


OUTER_TAGS = re.compile(r"((?:<[a-z][^>]*>)*)(.*?)((?:</[a-z][^>]*>)*)", re.DOTALL)


def piece_in_tags(kind: str, value: str, written: str) -> Parts:
    """Return a number as written without the tags that open before it and close after it."""
    match = OUTER_TAGS.fullmatch(written)
    before, inner, after = match.groups() if match else ("", written, "")
    return [before, Piece(kind, value, inner), after]


def cut(number: str, *sizes: int) -> list[str]:
    """Return the number in groups of the sizes given; what is left over is one more group."""
    out, at = [], 0
    for size in sizes:
        out.append(number[at : at + size])
        at += size
    return [group for group in (*out, number[at:]) if group]


def every(number: str, size: int) -> list[str]:
    """Return the number in groups of one size, the last one shorter where it does not divide."""
    return [number[at : at + size] for at in range(0, len(number), size)]


def surrounded(make: MakePiece, *wrappers: tuple[str, str]) -> Write:
    """Return a number between an opening and a closing string that are not part of it."""

    def parts(rng: Random) -> Parts:
        before, after = rng.choice(wrappers)
        return [before, make(rng), after]

    return parts


def two(make: MakePiece, *joints: str) -> Write:
    """Return two numbers with a joint between them."""
    return lambda rng: [make(rng), rng.choice(joints), make(rng)]


def spoken(name: str) -> tuple[str, ...]:
    """Return the languages in which a manner is used: number words belong to theirs."""
    if "in Welsh" in name:
        return ("cy",)
    return ("en",) if "words" in name or "double" in name or "told" in name else ("en", "cy")
