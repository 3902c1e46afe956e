"""The plain ASCII character that each other character stands for."""

import unicodedata

TAIL = "\0"
"""Stands for a character that adds nothing to the one before it, such as a combining mark."""
LETTER = "\x01"
"""Stands for a letter with no Latin reading."""
WALL = "\x02"
"""Stands for a marker such as [UK_NINO]: nothing reaches across it."""

_LOOK_ALIKES = {
    # Cyrillic
    **dict(zip("АВСЕНІЈКМОРЅТХУԚԜҮҺԁ", "ABCEHIJKMOPSTXYQWYHd", strict=True)),
    **dict(zip("авсеһіјкмнорѕтухԛԝүьӏ", "abcehijkmhopstyxqwybl", strict=True)),
    **dict(zip("ЗзбЬГгПпДдЛлИиЯя", "33" + "6bГгПпДдЛлИиЯя", strict=True)),
    # Greek
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϜ", "ABEZHIKMNOPTYXCF", strict=True)),
    **dict(zip("αβγεικνορτυχϲϳ", "aByeikvoptuxcj", strict=True)),
    # Armenian, Cherokee and others that fonts draw alike
    **dict(zip("ՕօՏսոհցՍ", "OoSunhgU", strict=True)),
    **dict(zip("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ", "ABCDEHJKLMPRSTVWZ", strict=True)),
    # Latin letters that do not decompose
    **dict(
        zip("ıȷłŁøØđĐħĦŧŦƖɩɑɡʙɴᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢʀʏʜʟꜱ", "ijlLoOdDhHtTIiagBNACDEJKMOPTUVWZRYHLS", strict=True)
    ),
    # Signs drawn like digits
    **dict(zip("⓪⓿Ꮞ", "004", strict=True)),
    # Signs that hide digits
    **dict.fromkeys("•●∙⁎∗＊✱✲⋆★☆■□▪▫◦○◯█▇⬛⬜⚫⚪×✕✖✗⨯", "*"),
}
_LOOK_ALIKES = {sign: plain for sign, plain in _LOOK_ALIKES.items() if plain.isascii()}

_INVISIBLE = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u034f\u180b\u180c\u180d\u180e")
"""Drawn as nothing, though Unicode does not class them as marks or formatting."""


class _Plain(dict[int, str]):
    """Maps code points for str.translate; works out and keeps what it has not met before."""

    _KEEP = 20_000

    def __missing__(self, point: int) -> str:
        plain = plain_character(chr(point))
        if len(self) < self._KEEP:
            self[point] = plain
        return plain


def plain_character(character: str) -> str:
    """The one ASCII character that a character beyond ASCII stands for."""
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    if character in _INVISIBLE:
        return TAIL
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Mn", "Me", "Mc", "Cf"}:
        return TAIL
    if category == "Pd" or character in "−‐﹣－⁃˗➖":
        return "-"
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    return _decomposed(character, category)


def _decomposed(character: str, category: str) -> str:
    """The letter or digit at the heart of a symbol; else LETTER or a sign."""
    for part in unicodedata.normalize("NFKD", character):
        if part.isascii() and part.isalnum():
            return part
        if part != character and part in _LOOK_ALIKES and _LOOK_ALIKES[part].isalnum():
            return _LOOK_ALIKES[part]
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    if category in {"So", "Sk"} and (name := unicodedata.name(character, "")).startswith(
        ("REGIONAL INDICATOR", "NEGATIVE SQUARED LATIN", "NEGATIVE CIRCLED LATIN")
    ):
        return name[-1]
    if category[0] == "L":
        return LETTER
    folded = unicodedata.normalize("NFKD", character)[0]
    return folded if folded.isascii() and folded >= " " else ","


PLAIN = _Plain()
"""For str.translate on text beyond ASCII."""
