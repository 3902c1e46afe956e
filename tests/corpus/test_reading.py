"""The reading in which leaks are looked for."""

import pytest

from scrubbers.corpus.reading import BREAK, letters_and_digits, only_digits


@pytest.mark.parametrize(
    "written",
    [
        "CE 12 34 56 C",
        "ce-12.34/56_c",
        "ＣＥ１２３４５６Ｃ",
        "C\u200bE12\u00ad3456C",
        "С&#69;12&nbsp;34&ensp;56С",
        "%43E%2012%2034%2056%20C",
        "\\u0043E\\u00a0123456C",
        "<b>CE</b> 12<br>34 <span class='x'>56</span> C",
        "CE one two three four five six C",
        "CE un dau tri pedwar pump chwech C",
        "Charlie Echo 1 2 3 4 5 6 Charlie",
        "CE then 12 34 56 and the letter C",
        "CE١٢٣٤٥٦C",
        "CE①②③④⑤⑥C",
        "C\u0336E\u0336123456C",
    ],
)
def test_every_writing_reads_as_the_number(written: str) -> None:
    assert letters_and_digits(written) == "CE123456C"


def test_letters_for_digits_read_as_the_digits() -> None:
    assert letters_and_digits("4OOO lIll") == letters_and_digits("4000 1111")


def test_double_and_triple_read_as_two_and_three() -> None:
    assert letters_and_digits("double four triple oh one") == "440001"


def test_what_lies_on_both_sides_of_a_break_does_not_read_as_one() -> None:
    assert letters_and_digits(f"41{BREAK}11") == f"41{BREAK}11"
    assert only_digits(f"4a1{BREAK}1b1") == f"41{BREAK}11"
