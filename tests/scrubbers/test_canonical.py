"""The plain form, character by character."""

import pytest

from scrubbers.canonical import canonical
from scrubbers.characters import LETTER, TAIL, WALL
from scrubbers.reading import Reading

FORMS = {
    "plain text": ("CE 12", "CE 12"),
    "full-width": ("ＣＥ１２", "CE12"),
    "digits of other scripts": ("١۲३৪", "1234"),
    "superscripts": ("¹²", "12"),
    "Cyrillic": ("СЕ", "CE"),
    "Greek": ("ΑΒ", "AB"),
    "accents": ("ŵé", "we"),
    "dashes": ("‐–—−", "----"),
    "spaces": ("\u00a0\u2009\u202f\u3000", "    "),
    "zero width": ("1\u200b2\u00ad3", f"1{TAIL}2{TAIL}3"),
    "combining": ("1\u03362", f"1{TAIL}2"),
    "keycap": ("1\ufe0f\u20e3", f"1{TAIL}{TAIL}"),
    "a letter without a Latin reading": ("号", LETTER),
    "lone surrogate": ("\ud800", ","),
    "entity": ("&#52;", "4" + TAIL * 4),
    "named entity": ("&nbsp;", " " + TAIL * 5),
    "unknown entity": ("&nothing;", "&nothing;"),
    "percent": ("%34%C2%A0", "4" + TAIL * 2 + " " + TAIL * 5),
    "percent twice": ("%2534", "4" + TAIL * 4),
    "no percent code": ("%B4", "%B4"),
    "entity without its end": ("&nbsp1", " " + TAIL * 4 + "1"),
    "percent and u": ("%u0034", "4" + TAIL * 5),
    "quoted-printable": ("=31=32=33=34=35", "".join(f"{digit}{TAIL}{TAIL}" for digit in "12345")),
    "pairs after equals signs": ("=31=32=33", "=31=32=33"),
    "a misread no-break space": ("1Â\xa02", "1  2"),
    "a misread dash": ("1â€“2", "1   2"),
    "an escape of XML names": ("_x0034_", "4" + TAIL * 6),
    "a colour of a terminal": ("1\x1b[0m2", "1    2"),
    "JSON": (r"\u0034", "4" + TAIL * 5),
    "JSON surrogates": (r"\ud835\udfd2", "4" + TAIL * 11),
    "line break in JSON": (r"\n", "  "),
    "tag": ("<br>", "    "),
    "tag that holds a number": ('<a b="123456">', '<a b="123456">'),
    "marker": ("[UK_NINO]", WALL * 9),
    "a wall from outside": ("\x02", " "),
}
SAID = {
    "double": ("four double one", "4   1      1  "),
    "tens": ("forty-one eleven", "41       11    "),
    "Welsh tens": ("tri deg dau un", "32          1 "),
}


@pytest.mark.parametrize(("text", "plain"), FORMS.values(), ids=FORMS)
def test_the_plain_form(text: str, plain: str) -> None:
    assert canonical(text) == plain


@pytest.mark.parametrize(("text", "plain"), SAID.values(), ids=SAID)
def test_number_words_become_digits_at_the_same_length(text: str, plain: str) -> None:
    read = Reading(text + " one one one").plain
    assert read[: len(text)].replace(TAIL, " ").split() == plain.split()
    assert len(read) == len(text) + 12
