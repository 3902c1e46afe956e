"""The team's work by API: status, assignee and tags of one or many, notes, and taking a change back."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.model import Role, Scope
from feedback.store import changing
from tests.feedback.conftest import PAGE
from tests.feedback.people import add_person

CARD = "4111 1111 1111 1111"


def send(client: TestClient, comment: str, **fields: object) -> str:
    answer = client.post("/feedback", json={"page": PAGE, "comment": comment, **fields})
    key: str = answer.json()["id"]
    return key


def patch(client: TestClient, key: str, admin: dict[str, str], **body: object) -> Any:
    return client.patch(f"/admin/api/feedback/{key}", json=body, headers=admin)


def found(client: TestClient, admin: dict[str, str], **query: str) -> list[str]:
    items = client.get("/admin/api/feedback", params=query, headers=admin).json()["items"]
    return [item["comment"] for item in items]


def test_assignee_and_tags_are_changed_and_found_by(client: TestClient, admin: dict[str, str]):
    ann = add_person(client, "ann@example.gov.uk")
    key = send(client, "first")
    send(client, "second")
    item = patch(client, key, admin, assignee="ann@example.gov.uk", tags=["Opening  hours", "bins"]).json()
    assert (item["assignee"], item["tags"], item["status"]) == (ann.id, ["bins", "opening hours"], "new")
    assert found(client, admin, tag="opening hours", assignee=ann.id) == ["first"]
    assert found(client, admin, assignee="none") == ["second"]
    assert found(client, admin, sort="oldest", limit="1") == ["first"]
    assert patch(client, key, admin, assignee=None, tags=[]).json()["assignee"] is None
    assert found(client, admin, tag="bins") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"assignee": "nobody@example.gov.uk"}, "assignee"),
        ({"assignee": "viewer@example.gov.uk"}, "assignee"),
        ({"assignee": "gone@example.gov.uk"}, "assignee"),
        ({"assignee": "me"}, "assignee"),
        ({"assignee": 1}, "assignee"),
        ({"tags": "bins"}, "tags"),
        ({"tags": ["<b>"]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"tags": [str(n) for n in range(11)]}, "tags"),
        ({"tags": ["ce 12 34 56 c"]}, "tags"),
        ({"add_tag": CARD}, "add_tag"),
        ({"notes": []}, "body"),
    ],
)
def test_a_wrong_change_is_named_and_never_repeated(
    client: TestClient, admin: dict[str, str], body: dict[str, object], field: str
):
    add_person(client, "viewer@example.gov.uk", Role.VIEWER)
    add_person(client, "gone@example.gov.uk", disabled_at=1)
    answer = patch(client, send(client, "words"), admin, **body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert CARD not in answer.text


def test_a_note_is_scrubbed_and_stands_with_the_item(client: TestClient, admin: dict[str, str]):
    key = send(client, "words")
    address = f"/admin/api/feedback/{key}/notes"
    note = client.post(address, json={"text": f"They paid with {CARD}."}, headers=admin)
    assert (note.status_code, note.json()["text"]) == (201, "They paid with [CREDIT_CARD].")
    item = client.get(f"/admin/api/feedback/{key}", headers=admin).json()
    assert item["notes"] == [note.json()]
    exported = client.get("/admin/api/export.jsonl", headers=admin).json()
    assert exported["notes"] == item["notes"]
    for body in ({}, {"text": " "}, {"text": "x" * 2001}, {"text": "x", "who": "me"}):
        assert client.post(address, json=body, headers=admin).status_code == 422
    assert client.post("/admin/api/feedback/x/notes", json={"text": "x"}, headers=admin).status_code == 404


def test_many_are_changed_by_ids_or_filters_and_taken_back(client: TestClient, admin: dict[str, str]):
    keys = [send(client, f"number {n}") for n in range(4)]

    def bulk(**body: object) -> Any:
        return client.post("/admin/api/feedback/bulk", json=body, headers=admin)

    assert bulk(ids=keys[:2], status="done", add_tag="bins").json() == {"changed": 2, "next": None}
    assert bulk(filters={"tag": "bins"}, status="irrelevant").json() == {"changed": 2, "next": None}
    undo = client.post("/admin/api/feedback/undo", headers=admin)
    assert undo.json() == {"changed": 2}
    assert found(client, admin, status="done") == ["number 1", "number 0"]
    assert bulk(everything=True, status="spam").json()["changed"] == 4
    for wrong in (
        {"status": "done"},
        {"ids": keys, "filters": {}, "status": "done"},
        {"ids": [], "status": "done"},
        {"ids": keys},
        {"filters": {"colour": "red", "q": "number"}, "status": "done"},
        {"filters": {"q": 1}, "status": "done"},
        {"ids": ["x"] * 201, "status": "done"},
    ):
        assert bulk(**wrong).status_code == 422, wrong


def test_words_of_harm_are_marked_urgent_in_both_languages(client: TestClient, admin: dict[str, str]):
    send(client, "The bombastic headline is overdosed with icons")
    send(client, "I’m going to “KILL  MYSELF”")
    send(client, "Mae o'n fy mwrw i bob nos", lang="cy")
    assert found(client, admin, urgent="yes") == ["Mae o'n fy mwrw i bob nos", "I’m going to “KILL  MYSELF”"]


def test_all_of_everything_has_to_be_said_in_so_many_words(client: TestClient, admin: dict[str, str]):
    send(client, "words")

    def bulk(**body: object) -> Any:
        return client.post("/admin/api/feedback/bulk", json={"status": "done", **body}, headers=admin)

    for nothing in ({}, {"sort": "oldest"}, {"limit": "5", "q": ""}):
        answer = bulk(filters=nothing)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {
                "field": "filters",
                "rule": "name at least one filter, or say in so many words that everything is meant",
            }
        ]
    for wrong in ({"everything": True, "filters": {"q": "words"}}, {"everything": 1}, {"everything": False}):
        assert bulk(**wrong).status_code == 422
    assert found(client, admin, status="new") == ["words"]
    assert bulk(everything=True).json() == {"changed": 1, "next": None}


def test_a_change_of_more_than_one_call_goes_on_where_it_stopped(
    client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(changing, "MAX_CHANGED", 2)
    for n in range(5):
        send(client, f"number {n}")
    body: dict[str, object] = {"filters": {"path": "/bins"}, "add_tag": "bins"}
    changed = []
    while True:
        told = client.post("/admin/api/feedback/bulk", json=body, headers=admin).json()
        changed.append(told["changed"])
        if not told["next"]:
            break
        body["next"] = told["next"]
    assert changed == [2, 2, 1]
    assert client.post("/admin/api/feedback/undo", headers=admin).json() == {"changed": 5}
    for wrong in (1, "", "x.y", ".x"):
        answer = client.post("/admin/api/feedback/bulk", json={**body, "next": wrong}, headers=admin)
        assert [error["field"] for error in answer.json()["errors"]] == ["next"]


def test_nobody_is_given_what_they_may_not_see(client: TestClient, admin: dict[str, str]):
    add_person(client, "ann@example.gov.uk", scope=Scope(frozenset(("https://other.example.gov.uk",))))
    key = send(client, "words")
    rule = "must be somebody who may see the website of this feedback; where there are several, all of them"
    for answer in (
        patch(client, key, admin, assignee="ann@example.gov.uk"),
        client.post(
            "/admin/api/feedback/bulk",
            json={"filters": {"q": "words"}, "assignee": "ann@example.gov.uk"},
            headers=admin,
        ),
    ):
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": "assignee", "rule": rule}]
    assert found(client, admin, assignee="none") == ["words"]
