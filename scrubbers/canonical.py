"""The plain form of a text that recognizers read: ASCII, as long as the text, so offsets need no map."""

import re

from scrubbers.characters import LETTER, PLAIN, WALL
from scrubbers.escapes import unescaped

_BEYOND_ASCII = re.compile("[^\0-\x7f]+")


def canonical(text: str) -> str:
    """The text in plain ASCII, character by character; linear in its length.

    Digits of any script become 0-9, look-alike letters the Latin letters they pass for, every dash a hyphen,
    every space a space. What adds nothing to the character before it (combining marks, zero-width characters,
    the tail of an entity, of %XX or of a JSON escape) becomes TAIL. The case of letters is kept.
    """
    plain = unescaped(text.replace(WALL, " ").replace(LETTER, " "))
    if plain.isascii():
        return plain
    return _BEYOND_ASCII.sub(_translated, plain)


def _translated(run: re.Match[str]) -> str:
    return run[0].translate(PLAIN)
