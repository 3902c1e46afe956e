"""Bytes to a Submission: what is taken, what is refused and with which rule."""

import copy
import json
import pickle

import pytest

from feedback.errors import Invalid, NotReadable, Problem
from feedback.http.decode import FORM
from feedback.intake.submission import MAX_ELAPSED, Submission, parse_fields, parse_submission
from feedback.model import Useful

PAGE = "https://www.example.gov.uk/bins"
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def parse(
    fields: dict[str, object] | bytes, kind: str = "application/json", max_text: int = 1200
) -> Submission:
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return parse_submission(parse_fields(body, kind), max_text)


def rules(body: dict[str, object] | bytes, kind: str = "application/json") -> list[tuple[str, str]]:
    with pytest.raises(Problem) as refused:
        parse(body, kind)
    return [(fault.field, fault.rule) for fault in refused.value.faults]


def test_every_field_is_read():
    submission = parse(
        {
            "page": f"{PAGE}?q=secret#top",
            "title": "Bins",
            "lang": "cy-GB",
            "id": ID,
            "useful": "no",
            "doing": "Looking for my bin day",
            "comment": "It was not there",
            "elapsed": 12,
            "website": "",
        }
    )
    assert submission.page == ("https://www.example.gov.uk", "/bins")
    assert submission.title == "Bins"
    assert submission.lang == "cy"
    assert submission.id == ID
    assert submission.useful is Useful.NO
    assert submission.doing == "Looking for my bin day"
    assert submission.comment == "It was not there"
    assert submission.elapsed == 12
    assert not submission.honeypot


def test_a_form_gives_the_same_as_json():
    form = parse(
        b"page=https%3A%2F%2Fwww.example.gov.uk%2Fbins&useful=yes&comment=Caf%C3%A9+ar+agor&elapsed=3.5&op=Send",
        FORM,
    )
    script = parse({"page": PAGE, "useful": "yes", "comment": "Café ar agor", "elapsed": 3.5})
    for field in Submission.__slots__:
        assert getattr(form, field) == getattr(script, field)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"useful": "yes"}, ("page", "required")),
        ({"page": "", "useful": "yes"}, ("page", "required")),
        ({"page": None, "useful": "yes"}, ("page", "required")),
        ({"page": 7, "useful": "yes"}, ("page", "wrong_type")),
        ({"page": "/bins", "useful": "yes"}, ("page", "not_url")),
        ({"page": "ftp://example.gov.uk/", "useful": "yes"}, ("page", "not_url")),
        ({"page": "javascript:alert(1)", "useful": "yes"}, ("page", "not_url")),
        ({"page": "https://", "useful": "yes"}, ("page", "not_url")),
        ({"page": "https://[::1", "useful": "yes"}, ("page", "not_url")),
        ({"page": "https://a b/", "useful": "yes"}, ("page", "not_url")),
        ({"page": "https://user:secret@example.gov.uk/", "useful": "yes"}, ("page", "not_url")),
        ({"page": "https://example.gov.uk:99999/", "useful": "yes"}, ("page", "not_url")),
        ({"page": PAGE + "/a" * 1100, "useful": "yes"}, ("page", "not_url")),
        ({"page": PAGE}, ("comment", "no_answer")),
        ({"page": PAGE, "comment": "  \n "}, ("comment", "no_answer")),
        ({"page": PAGE, "comment": "\u200b \u2060"}, ("comment", "no_answer")),
        ({"page": PAGE, "useful": "maybe"}, ("useful", "not_choice")),
        ({"page": PAGE, "useful": True}, ("useful", "wrong_type")),
        ({"page": PAGE, "comment": ["a"]}, ("comment", "wrong_type")),
        ({"page": PAGE, "comment": {"a": 1}}, ("comment", "wrong_type")),
        ({"page": PAGE, "comment": "x" * 1201}, ("comment", "too_long")),
        ({"page": PAGE, "doing": "x" * 1201}, ("doing", "too_long")),
        ({"page": PAGE, "comment": "a\0b"}, ("comment", "bad_character")),
        ({"page": PAGE, "comment": "\ud800"}, ("comment", "bad_encoding")),
        ({"page": PAGE, "useful": "yes", "lang": "4111111111111111"}, ("lang", "not_language")),
        ({"page": PAGE, "useful": "yes", "id": "7"}, ("id", "not_uuid")),
        ({"page": PAGE, "useful": "yes", "id": "{" + ID + "}"}, ("id", "not_uuid")),
        ({"page": PAGE, "useful": "yes", "elapsed": -1}, ("elapsed", "not_number")),
        ({"page": PAGE, "useful": "yes", "elapsed": True}, ("elapsed", "not_number")),
        ({"page": PAGE, "useful": "yes", "elapsed": "QQ 12 34 56 C"}, ("elapsed", "not_number")),
        ({"page": PAGE, "useful": "yes", "commment": "typo"}, ("body", "unknown_field")),
    ],
)
def test_a_broken_rule_names_its_field(fields: dict[str, object], expected: tuple[str, str]):
    assert rules(fields) == [expected]


def test_every_broken_rule_is_named_at_once():
    found = rules({"page": "x", "useful": "x", "lang": "?", "comment": "x" * 2000})
    assert found == [
        ("page", "not_url"),
        ("lang", "not_language"),
        ("useful", "not_choice"),
        ("comment", "too_long"),
    ]


def test_the_longest_answer_is_taken():
    assert parse({"page": PAGE, "comment": "é" * 1200}).comment == "é" * 1200


def test_a_line_break_of_a_form_counts_as_one_character():
    assert parse({"page": PAGE, "comment": "a\r\n" * 3 + "b"}, max_text=7).comment == "a\na\na\nb"


def test_invisible_control_characters_become_spaces():
    assert parse({"page": PAGE, "comment": "a\x0bb\x02c\td\x7f"}).comment == "a b c\td"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{",
        b'{"page": NaN}',
        b'{"page": Infinity}',
        b'{"a":' * 50_000,
        b"[" * 50_000,
        b'{"page": "x"} trailing',
        b"{'page': 'x'}",
    ],
)
def test_what_is_not_a_json_object_is_not_readable(body: bytes):
    assert rules(body) == [("body", "not_json")]


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe{}", b'{"page": "\xe9"}', '{"page": "x"}'.encode("utf-16"), b'{"page": "\xed\xa0\x80"}'],
)
def test_what_is_not_utf_8_is_not_readable(body: bytes):
    assert rules(body) == [("body", "bad_encoding")]


def test_a_form_that_is_not_utf_8_is_not_readable():
    assert rules(b"comment=%E9&page=x", FORM) == [("body", "bad_encoding")]


def test_a_repeated_field_is_refused():
    assert rules(b'{"comment": "a", "comment": "b"}') == [("body", "repeated")]
    assert rules(b"comment=a&comment=b", FORM) == [("body", "repeated")]


def test_what_a_page_adds_to_its_form_may_repeat():
    assert parse(b"page=https%3A%2F%2Fa.gov.uk%2F&useful=yes&tag=a&tag=b", FORM).useful is Useful.YES


def test_a_huge_form_is_refused():
    assert rules(b"&".join(b"a%d=1" % number for number in range(1000)), FORM) == [("body", "too_many")]


def test_an_integer_of_five_thousand_digits_is_only_out_of_range():
    body = b'{"page": "https://a.gov.uk/", "useful": "yes", "elapsed": ' + b"9" * 5000 + b"}"
    assert rules(body) == [("elapsed", "not_number")]


def test_a_tab_left_open_counts_as_a_week():
    assert parse({"page": PAGE, "useful": "yes", "elapsed": 1e12}).elapsed == MAX_ELAPSED


def test_what_fills_the_honeypot_is_not_kept():
    submission = parse({"page": PAGE, "useful": "yes", "website": "https://spam.example"})
    assert submission.honeypot is True
    assert "spam" not in "".join(str(getattr(submission, name)) for name in Submission.__slots__)


def test_a_submission_shows_no_text_and_cannot_be_copied_out():
    submission = parse({"page": PAGE, "comment": "CE 12 34 56 C"})
    assert "CE" not in f"{submission!r} {submission} {[submission]}"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="raw text"):
            leak(submission)


def test_a_title_beyond_all_measure_is_left_out():
    assert parse({"page": PAGE, "useful": "yes", "title": "x" * 1999}, max_text=60).title == "x" * 1999
    assert parse({"page": PAGE, "useful": "yes", "title": "x" * 2001}).title is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"CE123456C\xff", "text/plain"), (b'{"CE123456C', "text/plain"), (b"a=CE123456C%ff", FORM)],
)
def test_no_refusal_carries_another_fault_along(body: bytes, kind: str):
    with pytest.raises(Problem) as refused:
        parse(body, kind)
    assert refused.value.__context__ is None


def test_no_refusal_holds_what_was_sent():
    for body in (
        b'{"page": "CE123456C", "useful": "CE123456C"}',
        b'{"CE123456C"',
        b'{"CE123456C": 1, "a": "\xff"}',
    ):
        with pytest.raises((Invalid, NotReadable)) as refused:
            parse(body)
        assert "CE123456C" not in repr(refused.value) + repr(refused.value.faults)
