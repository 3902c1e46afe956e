"""National Insurance numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(kinds=[])

HITS = {
    "plain": "CE123456C",
    "lower case": "ce123456c",
    "spaced": "CE 12 34 56 C",
    "hyphens": "CE-12-34-56-C",
    "dots": "CE.12.34.56.C",
    "slashes": "CE/12/34/56/C",
    "en dashes": "CE–12–34–56–C",
    "no-break spaces": "CE\u00a012\u00a034\u00a056\u00a0C",
    "thin spaces": "CE\u200912\u200934\u200956\u2009C",
    "zero-width spaces": "CE\u200b12\u200b34\u200b56\u200bC",
    "odd groups": "CE 123 456 C",
    "one by one": "C E 1 2 3 4 5 6 C",
    "full-width": "ＣＥ１２３４５６Ｃ",
    "Arabic digits": "CE١٢٣٤٥٦C",
    "Cyrillic letters": "СЕ 12 34 56 С",
    "percent-encoded": "CE%2012%2034%2056%20C",
    "entities": "CE&nbsp;12&#32;34&#x20;56&nbsp;C",
    "JSON": r'{"nino":"\u0043\u0045123456C"}',
    "tags": "<b>CE</b> <i>12</i> <i>34</i> <i>56</i> <b>C</b>",
    "number words": "C E one two three four five six C",
    "O for 0": "CE 1O 34 56 C",
    "l for 1": "CE l2 34 56 C",
    "no suffix, grouped": "CE 12 34 56",
    "no suffix, with a word": "my NI number is CE123456",
    "no suffix, with a Welsh word": "fy rhif Yswiriant Gwladol yw CE123456",
    "lines": "CE\n12\n34\n56\nC",
}
GLUED = {
    "NI:CE123456C": "NI:[UK_NINO]",
    "mynumberisCE123456C": "mynumberis[UK_NINO]",
    "nino=ce123456c&next=1": "nino=[UK_NINO]&next=1",
    "(CE123456C)": "([UK_NINO])",
    "sinceCE123456C09:30": "since[UK_NINO]09:30",
    "**CE 12 34 56 C**": "**[UK_NINO]**",
}
NEAR_MISSES = (
    "earning at 120000 a week",
    "SC123456 a company",
    "form 123456 a",
    "QQ 12 34 56 C",
    "my NI number is QQ 12 34 56 C",
    "DE 12 34 56 C",
    "BG 12 34 56 C",
    "CO 12 34 56 C",
    "CE 12 34 5 C",
    "CE 12 34 567 C",
    "CE123456E",
    "CE123456C0930",
    "P/2019/0123",
    "23/01234/FUL",
    "ae123456-c0de-4abc-8abc-123456abcdef",
    "order RM123456 on 12/03/19",
    "by 12/03/19 a letter came",
    "at 12:30:45 a bus",
    "SA1 1AA",
)


@pytest.mark.parametrize("text", HITS.values(), ids=HITS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert "[UK_NINO]" in SCRUBBER.scrub(f"It says {text}, why?").text
    assert not any(map(str.isdigit, SCRUBBER.scrub(f"It says {text}, why?").text))


@pytest.mark.parametrize("text", GLUED)
def test_what_a_number_is_glued_to_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == GLUED[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_number_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
