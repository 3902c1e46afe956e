"""What the manners of all the other kinds share: groups, formats, and how a table of writings is read."""

from collections.abc import Callable
from random import Random

from scrubbers.corpus.formats import Format, joined, shifted, sprinkled
from scrubbers.corpus.parts import Manner, Parts, Piece, Write, cut

Make = Callable[[Random], str]
FULL_WIDTH = shifted("０", "Ａ", "ａ")
NO_BREAK = joined("\u00a0", "\u202f", "\u2009")
INVISIBLE = sprinkled("\u200b", "\u00ad", "\u2060")
ENTITIES = joined("&nbsp;", "&#160;", "%20")


def bare(written: str) -> str:
    """Return the letters and digits, in capitals."""
    return "".join(c for c in written if c.isalnum()).upper()


def one(kind: str, make: Make, write: Callable[[Random, str], str] = lambda _, value: value) -> Write:
    """Return the parts of a text with one number of the kind, as it is or written by a function of it."""

    def parts(rng: Random) -> Parts:
        value = make(rng)
        return [Piece(kind, bare(value), write(rng, value))]

    return parts


def spaced(kind: str, make: Make, separators: tuple[str, ...], *sizes: int) -> Write:
    """Return a writing with a separator between groups of these sizes."""
    return one(kind, make, lambda rng, value: rng.choice(separators).join(cut(value, *sizes)))


def grouped(kind: str, make: Make, separators: tuple[str, ...], *groupings: tuple[int, ...]) -> Write:
    """Return a writing with a separator between groups of one of several sets of sizes."""
    return one(kind, make, lambda rng, value: rng.choice(separators).join(cut(value, *rng.choice(groupings))))


def formatted(kind: str, make: Make, form: Format, *sizes: int) -> Write:
    """Return a writing in a Unicode or markup format."""
    return one(kind, make, lambda rng, value: form(rng, cut(value, *sizes)))


def either_case(rng: Random, written: str) -> str:
    """Return the text as it is or, less often, in small letters."""
    return written.lower() if rng.random() < 0.3 else written


def manners(
    kind: str, frames: str, writings: dict[str, tuple[str, Write]], only_welsh: tuple[str, ...] = ()
) -> list[Manner]:
    """Return the manners of a kind from a table: name to family and writing."""
    return [
        Manner(kind, name, family, write, frames, ("cy",) if name in only_welsh else ("en", "cy"))
        for name, (family, write) in writings.items()
    ]
