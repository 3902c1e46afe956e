"""The scorer, on scrubbers that are perfect, blind, leaky, greedy, or return only text."""

import re

import pytest

from scrubbers.corpus.record import Record, Span, read
from scrubbers.corpus.score import Found, Outcome, Precision, Scores, Tally, judge, removed, score

RECORDS = tuple(read())[::7]
LABELS = {record.text: record.spans for record in RECORDS}


def redact(text: str, spans: list[Found]) -> str:
    for span in sorted(spans, key=lambda s: -s.start):
        text = f"{text[: span.start]}[{span.kind}]{text[span.end :]}"
    return text


def perfect(text: str) -> Outcome:
    found = [Found(span.kind, span.start, span.end) for span in LABELS[text]]
    return redact(text, found), found


def blind(text: str) -> Outcome:
    return text, []


def greedy(text: str) -> Outcome:
    found = [Found("UK_NINO", match.start(), match.end()) for match in re.finditer(r"\S*\d\S*", text)]
    return redact(text, found), found


def card(text: str, number: str) -> Record:
    start = text.index(number)
    value = "".join(c for c in number if c.isdigit())
    span = Span("CREDIT_CARD", start, start + len(number), value)
    return Record("1", text, "en", "CREDIT_CARD", "card", "plain", (span,))


def test_a_perfect_scrubber_finds_all_leaks_nothing_and_touches_nothing() -> None:
    scores = score(RECORDS, perfect)
    assert {tally.recall for tally in scores.kinds.values()} == {1.0}
    assert sum(tally.leaked + tally.wrong + tally.touched for tally in scores.classes.values()) == 0
    assert {precision.share for precision in scores.precision.values()} == {1.0}
    assert scores.removed_outside == 0


def test_a_perfect_scrubber_that_returns_only_text_scores_the_same_recall() -> None:
    scores = score(RECORDS, lambda text: (perfect(text)[0], None))
    assert {tally.recall for tally in scores.kinds.values()} == {1.0}
    assert scores.clean.touched == 0


def test_a_blind_scrubber_finds_nothing_and_leaks_every_number_that_is_not_masked() -> None:
    scores = score(RECORDS, blind)
    assert {tally.recall for tally in scores.kinds.values()} == {0.0}
    masked = {"card: masked but twelve digits", "card: masked middle", "card: first digits only masked"}
    odd = {"email: at and dot in words", "phone: international"}
    for name, tally in scores.classes.items():
        if tally.numbers and name not in masked | odd:
            assert tally.leaked == tally.numbers, name
    assert scores.precision == {}


def test_a_greedy_scrubber_pays_in_precision_and_in_touched_texts() -> None:
    scores = score(RECORDS, greedy)
    assert scores.clean.touched > scores.clean.texts / 2
    assert (scores.precision["UK_NINO"].share or 1) < 0.5
    assert scores.removed_outside > 0


@pytest.mark.parametrize(
    ("redacted", "leaks"),
    [
        ("card 4000 0566 5566 5556 thanks", True),
        ("card 4000-0566-5566.5556 thanks", True),
        ("card four zero zero zero zero thanks", True),
        ("card &#52;000 0[CREDIT_CARD] thanks", True),
        ("card [CREDIT_CARD]65556 thanks", True),
        ("card [CREDIT_CARD]5556 thanks", False),
        ("card 4000[CREDIT_CARD]5556 thanks", False),
        ("card 4000 first, then 0566, and 5566, at last 5556 thanks", True),
        ("card [CREDIT_CARD] thanks", False),
    ],
)
def test_more_than_the_last_four_digits_of_a_card_are_a_leak(redacted: str, leaks: bool) -> None:
    record = card("card 4000 0566 5566 5556 thanks", "4000 0566 5566 5556")
    assert bool(judge(record, (redacted, None), None).leaked) is leaks


def test_digits_that_stand_elsewhere_in_the_text_anyway_are_no_leak() -> None:
    record = card("ref 40000 card 4000 0566 5566 5556", "4000 0566 5566 5556")
    assert judge(record, ("ref 40000 card [CREDIT_CARD]", None), None).leaked == ()


def test_six_digits_in_a_row_are_a_leak_of_a_national_insurance_number() -> None:
    record = Record(
        "1", "ni CE 12 34 56 C", "en", "UK_NINO", "x", "plain", (Span("UK_NINO", 3, 16, "CE123456C"),)
    )
    assert judge(record, ("ni [UK_NINO] 12 34 56 C", None), None).leaked
    assert not judge(record, ("ni CE [UK_NINO] C", None), None).leaked


def test_a_number_found_under_another_kind_is_missed_and_the_finding_wrong() -> None:
    record = card("card 4000056655665556", "4000056655665556")
    verdict = judge(record, ("card [PHONE_NUMBER]", [Found("PHONE_NUMBER", 5, 21)]), None)
    assert len(verdict.missed) == len(verdict.wrong) == 1
    assert not verdict.leaked
    assert not verdict.right


def test_a_number_found_in_pieces_is_found() -> None:
    record = card("4000 0566 5566 5556", "4000 0566 5566 5556")
    pieces = [Found("CREDIT_CARD", at, at + 4) for at in (0, 5, 10, 15)]
    assert judge(record, (redact(record.text, pieces), pieces), None).missed == ()


def test_a_number_of_which_one_digit_stays_is_missed() -> None:
    record = card("4000056655665556", "4000056655665556")
    assert judge(record, ("[CREDIT_CARD]6", [Found("CREDIT_CARD", 0, 15)]), None).missed


def test_labels_of_kinds_that_were_not_asked_for_do_not_count() -> None:
    record = card("card 4000056655665556", "4000056655665556")
    assert judge(record, (record.text, []), frozenset({"UK_NINO"})).missed == ()


def test_spaces_and_marks_taken_out_beside_a_number_are_not_over_redaction_but_words_are() -> None:
    record = card("card (4000056655665556) thanks", "4000056655665556")
    assert judge(record, ("card [CREDIT_CARD]thanks", [Found("CREDIT_CARD", 5, 24)]), None).outside == 0
    assert judge(record, ("[CREDIT_CARD] thanks", [Found("CREDIT_CARD", 0, 23)]), None).outside == 4


@pytest.mark.parametrize(
    ("redacted", "ranges"),
    [
        ("a 12 b", []),
        ("a [X] b", [(2, 4)]),
        ("[X] 12 b", [(0, 1)]),
        ("a 12 [X]", [(5, 6)]),
        ("[X]", [(0, 6)]),
        ("a 12", [(4, 6)]),
    ],
)
def test_what_was_removed_is_told_from_two_texts_alone(redacted: str, ranges: list[tuple[int, int]]) -> None:
    assert [(found.start, found.end) for found in removed("a 12 b", redacted)] == ranges


def test_shares_of_nothing_are_none() -> None:
    assert Tally().recall is None
    assert Precision().share is None
    assert Scores().clean.recall is None
