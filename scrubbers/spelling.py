"""Reads letters and separators that are spelled out: "Charlie Echo", "C for Charlie", "12 dash 34"."""

import re

from scrubbers.characters import TAIL

_ALPHABET = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|"
    "quebec|romeo|sierra|tango|uniform|victor|whisk[e]?y|x-?ray|yankee|zulu"
)
_GAP = "[^0-9A-Za-z]"
_SEPARATORS = "dash|hyphen|minus|space|slash|stroke|dot|point|underscore|gofod|bwlch|cysylltnod|pwynt"
_SPELLED = re.compile(
    rf"""
    (?<![A-Za-z])
    (?: (?P<first> {_ALPHABET} ) (?P<gap> {_GAP}{{1,8}} ) (?P<second> {_ALPHABET} ) (?= {_GAP}{{0,8}} [0-9] )
      | (?P<letter> [A-Za-z] ) {_GAP}{{1,3}} (?: for | as {_GAP} in | fel | am ) {_GAP}{{1,3}}
        (?P=letter) [a-z]+
      | (?<= [0-9{TAIL}] {_GAP} ) (?P<last> alpha | alfa | bravo | charlie | delta )
      | (?: (?<= [0-9{TAIL}] {_GAP} ) | (?<= [0-9{TAIL}] {_GAP}{{2}} ) )
        (?: {_SEPARATORS} ) (?= {_GAP}{{1,3}} [0-9A-Za-z] )
      | (?: {_SEPARATORS} ) (?= {_GAP}{{1,3}} [0-9] )
    )
    (?![A-Za-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)


_SPELLING = frozenset(
    f"{_ALPHABET}|{_SEPARATORS}|alpha|juliet|juliett|whisky|whiskey|xray|ray".encode().split(b"|")
) | frozenset(bytes([letter]) for letter in b"bceghjklmnprstwxz")


def may_be_spelled(words: list[bytes]) -> bool:
    """Whether the small-letter words of a text spell a letter or a separator; quick when none do."""
    return not _SPELLING.isdisjoint(words)


def spelled(plain: str) -> str:
    """The plain text with letters and separators for the words that spell them, at the same length."""
    return _SPELLED.sub(_sign, plain)


def _sign(word: re.Match[str]) -> str:
    if word["first"]:
        return _initial(word["first"]) + word["gap"] + _initial(word["second"])
    if word["letter"] or word["last"]:
        return _initial(word[0])
    return " " * len(word[0])


def _initial(word: str) -> str:
    return word[0].upper() + TAIL * (len(word) - 1)
