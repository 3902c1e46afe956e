"""What a patient reader could still make out of a text: the letters and digits, however they are written.

The scorer looks for leaked numbers in this reading. It knows nothing of the recognizers and shares no
code with them; it may be slow, and reads more than they need to find.
"""

import html
import re
import unicodedata
from urllib.parse import unquote

from scrubbers.corpus.formats import CYRILLIC, GREEK
from scrubbers.corpus.words import ENGLISH, SPOKEN, WELSH

BREAK = "\ue000"
"""Stands where something was taken out: what lies on its two sides does not read as one."""

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
ESCAPES = re.compile(r"\\[nrt]")
TAG = re.compile(
    r"</?(?:a|b|br|card|code|div|em|font|h[1-6]|i|li|nino|ol|p|span|strong|t[dhr]|table|u|ul|wbr)\b"
    r"(?:[^<>\d]|(?<!\d)\d(?!\d)){0,60}>",
    re.IGNORECASE,
)
"""A tag with no two digits side by side: one that has them may hold the number."""
LETTERS = {look: plain for table in (CYRILLIC, GREEK) for plain, look in table.items()}
WORDS = {
    **{word: str(digit) for words in (ENGLISH, WELSH) for digit, word in enumerate(words)},
    **{word.lower(): letter for letter, word in SPOKEN.items()},
    "oh": "0",
    "nought": "0",
    "sero": "0",
    "then": "",
    "and": "",
    "dash": "",
    "space": "",
    "next": "",
    "numbers": "",
    "letter": "",
    "last": "",
    "the": "",
}
TIMES = re.compile(r"\b(double|triple)\s+(\w+)")
WORD = re.compile(r"[a-z]+(?:-ray)?")
DIGITS_OF_LETTERS = str.maketrans("OIL", "011")


def said(text: str) -> str:
    """Return the text with number words and spelling words as what they stand for."""
    text = TIMES.sub(lambda m: f"{m[2]} " * (2 if m[1] == "double" else 3), text.lower())
    return WORD.sub(lambda m: WORDS.get(m[0], m[0]), text)


def letters_and_digits(text: str) -> str:
    """Return the capitals and digits of a text, breaks kept; O reads as 0, I and L as 1."""
    text = unquote(html.unescape(text))
    text = ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    text = TAG.sub("", ESCAPES.sub("", text))
    text = unicodedata.normalize("NFKC", text.translate(LETTERS)).translate(LETTERS)
    text = "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in said(text)).upper()
    return "".join(c for c in text if c == BREAK or c.isalnum()).translate(DIGITS_OF_LETTERS)


def only_digits(reading: str) -> str:
    """Return the digits of a reading, breaks kept."""
    return "".join(c for c in reading if c == BREAK or c.isdigit())
