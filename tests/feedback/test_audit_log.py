"""The audit log by its page, its CSV and the API: found by who, what and when, and without a word."""

import csv
import io

import pytest
from starlette.testclient import TestClient

from feedback.model import Role
from feedback.model.audit import Action, AuditEntry
from feedback.words import Words
from tests.feedback.people import SAME, add_person, browser, call, sign_in
from tests.feedback.rows import ROWS, hidden


@pytest.fixture
def ann(filled: TestClient) -> TestClient:
    """The browser of an admin of all sites."""
    add_person(filled, "ann@example.gov.uk", Role.ADMIN)
    other = browser(filled)
    assert sign_in(other, "ann@example.gov.uk").status_code == 303
    return other


def test_the_audit_log_is_found_by_who_what_and_when(ann: TestClient, admin: dict[str, str]):
    ann.get(f"/admin/feedback/{ROWS['new'].id}")
    ann.delete(f"/admin/api/feedback/{ROWS['old'].id}", headers=admin)

    def found(**query: str) -> list[tuple[str, str]]:
        items = ann.get("/admin/api/audit", params=query, headers=admin).json()["items"]
        return [(item["name"], item["action"]) for item in items]

    opened, erased = ("Ann", "feedback_viewed"), ("FEEDBACK_ADMIN_TOKEN", "feedback_erased")
    assert found()[:2] == [erased, opened]
    assert found(who="Ann", action="feedback_viewed") == [opened]
    assert found(action="feedback_erased") == [erased]
    assert found(until="2001-01-01") == []
    assert found(since="2001-01-01", action="feedback_viewed") == [opened]
    first = ann.get("/admin/api/audit?limit=1", headers=admin).json()
    second = ann.get(f"/admin/api/audit?limit=1&cursor={first['next']}", headers=admin).json()
    assert (first["items"][0]["action"], second["items"][0]["action"]) == (
        "feedback_erased",
        "feedback_viewed",
    )
    assert first["items"][0]["thing"] == ROWS["old"].id
    assert first["items"][0]["detail"] == {"submissions": 1}
    page = ann.get("/admin/audit?action=feedback_viewed").text
    assert f'href="/admin/feedback/{ROWS["new"].id}"' in page
    assert "Opened feedback" in page
    assert "<strong>Erased feedback" not in page
    assert "rhifau adnabod" in ann.get("/admin/erasure", headers={"Accept-Language": "cy"}).text


@pytest.mark.parametrize(
    "query",
    [
        "action=gone",
        "since=soon",
        "cursor=x",
        "limit=0",
        "colour=red",
        f"who={'x' * 201}",
        "cursor=9" + "9" * 18,
        "who=Ann%00",
    ],
)
def test_a_wrong_question_to_the_audit_log_is_named(client: TestClient, admin: dict[str, str], query: str):
    answer = client.get(f"/admin/api/audit?{query}", headers=admin)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 1


def test_the_audit_log_is_taken_away_whole_safe_and_written_down(ann: TestClient, admin: dict[str, str]):
    store = ann.app_state["store"]
    call(ann, store.audit, *[AuditEntry("1", "=Eve", Action.SIGNED_IN, detail={"n": n}) for n in range(600)])
    answer = ann.get("/admin/audit.csv?action=signed_in")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["who"] == "1"]
    assert len(rows) == 600
    assert {row["name"] for row in rows} == {"'=Eve"}
    items = ann.get("/admin/api/audit?action=audit_exported", headers=admin).json()["items"]
    assert [item["name"] for item in items] == ["Ann"]


def test_no_word_of_feedback_and_none_looked_for_is_in_the_audit_log(ann: TestClient, admin: dict[str, str]):
    ann.get("/admin/api/feedback?q=tax", headers=admin)
    shown = ann.post("/admin/erasure/preview", data={"q": "tax words"}, headers=SAME).text
    ann.post("/admin/erasure", data={**hidden(shown), "sure": "yes"}, headers=SAME)
    log = ann.get("/admin/audit.csv").text
    assert "feedback_erased" in log
    for word in ("tax", "words", "bins", "testclient", "192.0.2"):
        assert word not in log


def test_every_action_has_its_words_in_every_language():
    for language in ("en", "cy"):
        words = Words((language,))
        assert [action for action in Action if not words.has(f"audit.action.{action}")] == []
