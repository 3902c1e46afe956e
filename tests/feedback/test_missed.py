"""What a reviewer marks as missed is found as they mean it: whole words and numbers, each time."""

import pytest

from feedback.review.missed import spans_of

STAND_INS = ("CREDIT_CARD", "PERSON")


def without(missed: str, text: str) -> str:
    for start, end in reversed(spans_of(missed, text, STAND_INS)):
        text = f"{text[:start]}#{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("missed", "text", "left"),
    [
        # Parts of words and numbers stay.
        ("Art", "Art came to the party, art in hand. ART!", "# came to the party, # in hand. #!"),
        ("Ann", "Annie and Joanne know Ann's hall", "Annie and Joanne know #'s hall"),
        ("12", "12 bins, 2012, 12.50 and 12:30, no 12.", "# bins, 2012, 12.50 and 12:30, no #."),
        ("7700 900", "07700 900123 or 7700 900", "07700 900123 or #"),
        ("flat 3", "flat 3, flat 31, Flat  3b", "#, flat 31, Flat  3b"),
        # The same words, however they are written.
        ("Mrs Jenkins", "MRS JENKINS and mrs\n jenkins", "# and #"),
        ("Siân", "Sian, SIÂN, Sia\u0302n and Siani", "#, #, # and Siani"),
        ("Sian", "Siân", "#"),
        ("O'Brien", "Mr O’Brien", "Mr #"),
        ("Ms Groß", "Ms Gross, ms GROSS", "#, #"),
        ("Jenkins,", "Jenkins said: Jenkins, no?", "# said: #, no?"),
        ("李娜", "我是李娜。 李娜", "我是#。 #"),
        # Signs that are no words are found as they are.
        ("(0117) 496 0000", "ring (0117) 496 0000.", "ring #."),
        ("ann@x.uk", "Ann@X.uk or ann@x.ukraine", "# or ann@x.ukraine"),
        # What stands for something is no word of the visitor.
        ("card", "card [CREDIT_CARD] card", "# [CREDIT_CARD] #"),
        ("person", "[PERSON] is a person", "[PERSON] is a #"),
        ("[PERSON]", "[PERSON]", "[PERSON]"),
        ("a.*b", "a.b, a.*b", "a.b, #"),
        (" , ", "a , b", "a , b"),
    ],
)
def test_whole_words_are_taken_out_and_nothing_else(missed: str, text: str, left: str):
    assert without(missed, text) == left


def test_only_the_words_are_between_the_offsets_whatever_stands_before_them():
    text = "ﬁnd ½ Straße e\u0301té: Siân"
    ((start, end),) = spans_of("sian", text, ())
    assert text[start:end] == "Siân"
