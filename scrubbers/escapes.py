"""Undoes, at the same length, what HTML, URLs, JSON and e-mail do to characters."""

import re
from html.entities import html5

from scrubbers.characters import TAIL, WALL

MARKER = re.compile(r"\[(?:[A-Z]+(?:_[A-Z]+)+|PERSON|LOCATION)\]")
"""What a redacted number was replaced by."""

_CARD = "[3-6][0-9]{12} (?: [0-9]{2,3} )? (?![0-9])"
"""What follows a percent sign in "5%4111111111111111" is no code of a character."""
_ESCAPE = re.compile(
    rf"""
    (?P<percent> (?: % (?! {_CARD} ) (?:25)* [0-9A-Fa-f]{{2}} )+ )
    | (?P<entity> & (?:amp;)* (?: \#[0-9]{{1,7}};? | \#[xX][0-9A-Fa-f]{{1,6}};? | [A-Za-z]{{2,31}};
      | nbsp | shy | [nm]dash | e[nm]sp | thinsp | zwn?j | middot ) )
    | (?P<utf16> (?: (?: (?<!\\) \\+ | % ) u [0-9A-Fa-f]{{4}} )+ )
    | (?P<hex> (?<!\\) \\+ (?: [x'] [0-9A-Fa-f]{{2}} | [uU] \{{ [0-9A-Fa-f]{{1,6}} \}} | U [0-9A-Fa-f]{{8}} )
      | _x [0-9A-Fa-f]{{4}} _ )
    | (?P<octal> (?<!\\) \\+ [01] [0-7]{{2}} (?![0-9]) )
    | (?P<control> (?<!\\) \\+ [nrt] )
    | (?P<quoted> = (?: 20 | 2D | 2E | A0 | C2=A0 | E2=80=[89A][0-9A-F] | \r?\n ) )
    | (?P<octets> (?: = (?: 3[0-9] | [46][1-9A-Fa-f] | [57][0-9Aa] ) ){{5,}} )
    | (?P<damaged> Â[\x80-\xbf ] | â€[^0-9A-Za-z\s] )
    | (?P<colour> \x1b \[ [0-9;]{{0,9}} m )
    | (?P<cdata> <!\[CDATA\[ | \]\]> )
    | (?P<marker> {MARKER.pattern} )
    | (?P<tag> < [A-Za-z/!] [^<>]{{0,300}} > )
    """,
    re.VERBOSE,
)
_BYTE = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})")
_UNIT = re.compile(r"(?:\\+|%)u([0-9A-Fa-f]{4})")
_DIGITS = re.compile(r"[0-9]")

_SIGNS = ("%", "&", "\\", "<", "=", "[", "_x", "Â", "â€")
"""One of these is in every text with an escape."""
DIGITS_IN_TAG = 5
"""A tag with more digits than this may hold a number itself and is read as it stands."""


def unescaped(text: str) -> str:
    """The text with each escape replaced by its character and as many TAILs as keep the length.

    A tag becomes spaces, and a marker such as [UK_NINO] a wall that nothing reaches across.
    """
    return _ESCAPE.sub(_replacement, text) if any(sign in text for sign in _SIGNS) else text


def _replacement(escape: re.Match[str]) -> str:
    written = escape[0]
    match escape.lastgroup:
        case "percent":
            return _decoded_bytes(written)
        case "entity":
            return _padded(_entity(written), written)
        case "utf16":
            return _decoded_units(written)
        case "hex":
            return _padded(_character(int(re.sub(r"[^0-9A-Fa-f]", "", written), 16)), written)
        case "octal":
            return _padded(chr(int(written.strip("\\"), 8)), written)
        case "octets":
            return "".join(chr(int(each, 16)) + TAIL * 2 for each in written[1:].split("="))
        case "marker":
            return WALL * len(written)
        case "tag" if len(_DIGITS.findall(written)) > DIGITS_IN_TAG:
            return written
        case _:
            return " " * len(written)


def _padded(character: str, written: str) -> str:
    """The character and its tail; what was written if it stands for no single character."""
    if len(character) != 1:
        return written
    return (max(character, " ")) + TAIL * (len(written) - 1)


def _character(point: int) -> str:
    return chr(point) if point < 0x110000 else " "


def _entity(written: str) -> str:
    name = written.rpartition("&")[2].rpartition("amp;")[2]
    if not name.startswith("#"):
        return html5.get(name, "") or html5.get(f"{name};", "")
    digits = name.strip("#;")
    return _character(int(digits[1:], 16) if digits[0] in "xX" else int(digits))


def _decoded_bytes(written: str) -> str:
    """Percent-encoded UTF-8; what is none stays as it is."""
    units = list(_BYTE.finditer(written))
    octets = bytes(int(unit[1], 16) for unit in units)
    pieces = []
    at = 0
    while at < len(units):
        lead = octets[at]
        size = 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        try:
            character = octets[at : at + size].decode()
        except UnicodeDecodeError:
            character, size = "", 1
        end = units[min(at + size, len(units)) - 1].end()
        pieces.append(_padded(character, written[units[at].start() : end]))
        at += size
    return "".join(pieces)


def _decoded_units(written: str) -> str:
    r"""A run of \uXXXX: UTF-16 units, two of which may make one character."""
    units = list(_UNIT.finditer(written))
    pieces = []
    at = 0
    while at < len(units):
        point = int(units[at][1], 16)
        size = 1
        if 0xD800 <= point < 0xDC00 and at + 1 < len(units):
            low = int(units[at + 1][1], 16)
            if 0xDC00 <= low < 0xE000:
                point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                size = 2
        pieces.append(_padded(chr(point), written[units[at].start() : units[at + size - 1].end()]))
        at += size
    return "".join(pieces)
