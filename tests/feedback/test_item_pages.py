"""The page of one submission: notes, what was missed, what was removed wrongly, and values to leave."""

import re

import pytest
from starlette.testclient import TestClient

from feedback.model import Role, Scope
from tests.feedback.desk import inbox, post, send
from tests.feedback.people import SAME, add_person, call, sign_in

HTML = {"Accept": "text/html"}
CARD = "4111 1111 1111 1111"


@pytest.fixture
def ann(client: TestClient) -> TestClient:
    """Somebody who may change feedback, signed in."""
    add_person(client, "ann@example.gov.uk")
    sign_in(client, "ann@example.gov.uk")
    return client


def test_notes_and_history_stand_on_the_item(ann: TestClient):
    key = send(ann, "words")
    assert post(ann, f"feedback/{key}/notes", {"text": f"Paid with {CARD}"}) == f"/admin/feedback/{key}#notes"
    post(ann, f"feedback/{key}", {"status": "open", "assignee": "me", "tags": "b, a"})
    page = ann.get(f"/admin/feedback/{key}", headers=HTML).text
    assert "Paid with [CREDIT_CARD]" in page
    assert "Changed feedback: Open, Given to Ann, tags: 2" in page


def test_what_was_missed_is_taken_out_of_words_search_and_counts(ann: TestClient):
    key = send(ann, "Ask Mrs  Jenkins, mrs jenkins knows", doing="calling Mrs Jenkins", title="Schools")
    body = {"words": " Mrs Jenkins ", "kind": "PERSON"}
    assert post(ann, f"feedback/{key}/missed?q=x", body) == f"/admin/feedback/{key}?q=x#removed"
    page = ann.get(f"/admin/feedback/{key}", headers=HTML).text
    assert "jenkins" not in page.lower()
    assert page.count("[PERSON]</mark>") == 3
    assert "Nothing matches" in inbox(ann, "q=jenkins")
    assert "Anything (1)" in inbox(ann)
    again = ann.post(f"/admin/feedback/{key}/missed", data=body, headers=SAME)
    assert again.status_code == 422
    assert "Jenkins" not in again.text
    for wrong in (
        {"words": "PERSON", "kind": "NOBODY"},
        {"words": "[PERSON]", "kind": "PERSON"},
        {"kind": "PERSON"},
    ):
        assert ann.post(f"/admin/feedback/{key}/missed", data=wrong, headers=SAME).status_code == 422


def test_taking_words_out_leaves_what_stands_for_a_number_whole(ann: TestClient):
    key = send(ann, f"Ed paid by {CARD}")
    post(ann, f"feedback/{key}/missed", {"words": "Ed", "kind": "PERSON"})
    assert ann.get(f"/admin/api/feedback/{key}").json()["comment"] == "[PERSON] paid by [CREDIT_CARD]"
    only_within = {"words": "card", "kind": "PERSON"}
    assert ann.post(f"/admin/feedback/{key}/missed", data=only_within, headers=SAME).status_code == 422


def test_what_was_removed_wrongly_is_noted_once(ann: TestClient):
    key = send(ann, f"Card {CARD}")
    body = {"field": "comment", "kind": "CREDIT_CARD"}
    for _ in range(2):
        post(ann, f"feedback/{key}/wrong", body)
    page = ann.get(f"/admin/feedback/{key}", headers=HTML).text
    assert "Marked as wrongly removed" in page
    assert page.count("<strong>Ann</strong> · Marked as wrongly removed") == 1
    wrong = {"field": "comment", "kind": "UK_NINO"}
    assert ann.post(f"/admin/feedback/{key}/wrong", data=wrong, headers=SAME).status_code == 422


def test_an_urgent_item_shows_the_procedure_above_all(ann: TestClient):
    key = send(ann, "I want to die")
    page = ann.get(f"/admin/feedback/{key}", headers=HTML).text
    assert page.index("call 999") < page.index("I want to die</bdi>")
    assert "May be urgent: 1" in inbox(ann)
    assert "I want to die" in inbox(ann, "urgent=yes")


def test_scope_holds_for_items_marks_and_notes(client: TestClient):

    key = send(client, f"Card {CARD}")
    add_person(client, "bob@example.gov.uk", scope=Scope(frozenset(("https://other.gov.uk",))))
    sign_in(client, "bob@example.gov.uk")
    for path, data in (
        ("", {"status": "done"}),
        ("/notes", {"text": "x"}),
        ("/missed", {"words": "Card", "kind": "PERSON"}),
        ("/wrong", {"field": "comment", "kind": "CREDIT_CARD"}),
    ):
        assert client.post(f"/admin/feedback/{key}{path}", data=data, headers=SAME).status_code == 404, path
    assert post(client, "feedback/bulk", {"ids": key, "status": "done"}).endswith("changed=0")


def test_a_public_number_that_is_allowed_stays_readable_until_it_is_taken_back(client: TestClient):
    add_person(client, "ada@example.gov.uk", Role.ADMIN)
    sign_in(client, "ada@example.gov.uk")
    said = "Nobody answers on 01632 960 001 or 01632 960002"
    post(client, "removals/allowed", {"value": " 01632  960001 "})
    after = send(client, said)
    page = client.get(f"/admin/feedback/{after}", headers=HTML).text
    assert "01632 960 001 or <mark" in page
    report = client.get("/admin/removals", headers=HTML).text
    assert "01632 960001" in report
    key = re.search(r"/admin/removals/allowed/([^/]+)/remove", report)
    assert key
    post(client, f"removals/allowed/{key[1]}/remove", {"sure": "yes"})
    later = send(client, f"And yet: {said}")
    assert "And yet: Nobody answers on <mark" in client.get(f"/admin/feedback/{later}", headers=HTML).text


@pytest.mark.parametrize(
    "value",
    [
        CARD,
        "CE 12 34 56 C",
        "CE123456C@example.gov.uk",
        f"{CARD.replace(' ', '')}@example.gov.uk",
        f"01632 960001 {CARD}",
        "call 01632 960001",
        "xyzzy",
        "",
        "943 476 5919",
        "x" * 101,
    ],
)
def test_what_can_never_be_public_is_neither_allowed_nor_repeated(client: TestClient, value: str):
    add_person(client, "ada@example.gov.uk", Role.ADMIN)
    sign_in(client, "ada@example.gov.uk")
    answer = client.post("/admin/removals/allowed", data={"value": value}, headers=SAME)
    assert answer.status_code == 422
    assert not value or value not in answer.text
    assert call(client, client.app_state["store"].marks.allowed) == ()


def test_the_report_leads_to_where_it_was_marked(ann: TestClient):
    key = send(ann, f"Card {CARD}")
    post(ann, f"feedback/{key}/wrong", {"field": "comment", "kind": "CREDIT_CARD"})
    page = ann.get("/admin/removals", headers=HTML).text
    assert f'href="/admin/feedback/{key}"' in page
    assert "marked by Ann" in page
    assert "/admin/removals/allowed" not in page
    assert (
        ann.post("/admin/removals/allowed", data={"value": "01632 960001"}, headers=SAME).status_code == 403
    )
