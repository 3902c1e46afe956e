"""Erasing and running newer rules, by pages and by the API: who may, and what is left."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.model import Feedback, Rescrubbed, Role, Scope
from feedback.model.audit import Action, AuditEntry
from feedback.review import erasure_api, erasure_pages
from feedback.store import Rules
from scrubbers import RULES_VERSION
from tests.feedback.conftest import SITE
from tests.feedback.people import SAME, add_person, browser, call, sign_in
from tests.feedback.rows import NOW, ROWS, hidden
from tests.service import wait_until
from tests.store.test_rescrub import CARD, NINO, old_feedback


@pytest.fixture
def ann(filled: TestClient) -> TestClient:
    """The browser of an admin of all sites."""
    add_person(filled, "ann@example.gov.uk", Role.ADMIN)
    other = browser(filled)
    assert sign_in(other, "ann@example.gov.uk").status_code == 303
    return other


def left(client: TestClient, admin: dict[str, str]) -> set[str]:
    items = client.get("/admin/api/feedback", headers=admin).json()["items"]
    names = {row.id: name for name, row in ROWS.items()}
    return {names[item["id"]] for item in items}


@pytest.mark.parametrize(
    ("fields", "gone"),
    [
        ({"ids": f"{ROWS['new'].id}, {ROWS['tax'].id}"}, {"new", "tax"}),
        ({"page": f"{SITE}/bins?query#part"}, {"new", "old"}),
        ({"q": "BINS"}, {"new", "old", "else"}),
        ({"since": str(datetime.fromtimestamp(NOW / 1000 - 20 * 86400, UTC).date())}, {"new", "tax", "else"}),
        ({"until": str(datetime.fromtimestamp(NOW / 1000 - 20 * 86400, UTC).date())}, {"old"}),
        ({"page": f"{SITE}/bins", "q": "old"}, {"old"}),
    ],
)
def test_a_page_shows_what_would_go_and_then_erases_exactly_that(
    ann: TestClient, admin: dict[str, str], fields: dict[str, str], gone: set[str]
):
    shown = ann.post("/admin/erasure/preview", data=fields, headers=SAME)
    assert shown.status_code == 200
    for name, row in ROWS.items():
        assert (row.id in shown.text) is (name in gone)
    assert left(ann, admin) == set(ROWS)
    confirmed = hidden(shown.text)
    unsure = ann.post("/admin/erasure", data=confirmed, headers=SAME)
    assert unsure.status_code == 422
    assert "must be ticked" in unsure.text
    assert left(ann, admin) == set(ROWS)
    done = ann.post("/admin/erasure", data={**confirmed, "sure": "yes"}, headers=SAME)
    assert (done.status_code, done.headers["location"]) == (303, f"/admin/erasure?erased={len(gone)}")
    assert left(ann, admin) == set(ROWS) - gone
    assert "erased." in ann.get(done.headers["location"]).text


def test_more_than_one_request_erases_goes_on_by_a_button(
    ann: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(erasure_pages, "MAX_ERASED", 2)
    shown = ann.post("/admin/erasure/preview", data={"q": "bins"}, headers=SAME)
    assert "One step erases 2" in shown.text
    first = {**hidden(shown.text), "sure": "yes"}
    told = ann.post("/admin/erasure", data=first, headers=SAME)
    assert told.status_code == 200
    assert "2 submissions were erased. 1 is left." in told.text
    assert left(ann, admin) == {"tax", "old"}
    # Loading the page again does not erase what nobody confirmed.
    again = ann.post("/admin/erasure", data=first, headers=SAME)
    assert "look again at what would go" in again.text
    assert left(ann, admin) == {"tax", "old"}
    done = ann.post("/admin/erasure", data=hidden(told.text), headers=SAME)
    assert done.headers["location"] == "/admin/erasure?erased=1"
    assert left(ann, admin) == {"tax"}


def test_more_than_one_call_erases_goes_on_with_the_plan_of_the_rest(
    filled: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(erasure_api, "MAX_ERASED", 2)
    choice = {"q": "bins"}
    told = filled.post("/admin/api/erasure/preview", json=choice, headers=admin).json()
    told = filled.post("/admin/api/erasure", json={**choice, "plan": told["plan"]}, headers=admin).json()
    assert (told["erased"], told["left"]) == (2, 1)
    told = filled.post("/admin/api/erasure", json={**choice, "plan": told["plan"]}, headers=admin).json()
    assert told == {"erased": 1, "left": 0, "plan": None}
    assert left(filled, admin) == {"tax"}


def test_what_was_not_shown_is_not_erased(ann: TestClient, admin: dict[str, str]):
    ids = {"ids": f"{ROWS['new'].id} {ROWS['tax'].id}"}
    confirmed = {**hidden(ann.post("/admin/erasure/preview", data=ids, headers=SAME).text), "sure": "yes"}
    changed = ann.post("/admin/erasure", data={**confirmed, "ids": ROWS["old"].id}, headers=SAME)
    assert changed.status_code == 422
    assert "look again at what would go" in changed.text
    assert ROWS["old"].id in changed.text
    assert left(ann, admin) == set(ROWS)


def test_what_comes_meanwhile_is_left_alone(ann: TestClient, admin: dict[str, str]):
    page = {"page": f"{SITE}/bins"}
    confirmed = {**hidden(ann.post("/admin/erasure/preview", data=page, headers=SAME).text), "sure": "yes"}
    assert ann.post("/feedback", json={"page": f"{SITE}/bins", "comment": "later"}).status_code == 201
    assert ann.post("/admin/erasure", data=confirmed, headers=SAME).headers["location"].endswith("=2")
    items = ann.get("/admin/api/feedback?q=later", headers=admin).json()["items"]
    assert [item["comment"] for item in items] == ["later"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"q": " "}, "say which submissions"),
        ({"ids": "x", "q": "y"}, "say which submissions"),
        ({"page": "bins"}, "must be a web address"),
        ({"page": "https://[x"}, "must be a web address"),
        ({"since": "soon"}, "must be a date or time"),
        ({"ids": "a/b"}, "must be the ids of submissions"),
        ({"ids": " ".join(["x"] * 201)}, "must be 200 or fewer"),
        ({"q": "x" * 201}, "must be 200 characters or fewer"),
    ],
)
def test_a_wrong_choice_is_named_and_shows_nothing(ann: TestClient, fields: dict[str, str], sentence: str):
    answer = ann.post("/admin/erasure/preview", data=fields, headers=SAME)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_api_erases_in_the_same_two_steps(filled: TestClient, admin: dict[str, str]):
    choice = {"site": SITE, "path": "/bins", "q": "bins"}
    plan = filled.post("/admin/api/erasure/preview", json=choice, headers=admin).json()
    assert plan["submissions"] == 2
    assert {item["id"] for item in plan["items"]} == {ROWS["new"].id, ROWS["old"].id}
    wrong = filled.post("/admin/api/erasure", json={**choice, "plan": "0" * 64}, headers=admin)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (409, "plan")
    assert filled.post("/admin/api/erasure", json=choice, headers=admin).status_code == 409
    done = filled.post("/admin/api/erasure", json={**choice, "plan": plan["plan"]}, headers=admin)
    assert done.json() == {"erased": 2, "left": 0, "plan": None}
    assert left(filled, admin) == {"tax", "else"}
    assert filled.delete(f"/admin/api/feedback/{ROWS['tax'].id}", headers=admin).status_code == 204
    assert filled.delete(f"/admin/api/feedback/{ROWS['tax'].id}", headers=admin).status_code == 404
    assert left(filled, admin) == {"else"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"ids": []}, "body"),
        ({"ids": "x"}, "ids"),
        ({"ids": [1]}, "ids"),
        ({"q": 1}, "q"),
        ({"colour": "red"}, "body"),
        ({"status": "gone"}, "status"),
        ({"limit": "3"}, "body"),
    ],
)
def test_the_api_names_what_is_wrong_and_never_takes_nothing_for_everything(
    filled: TestClient, admin: dict[str, str], body: dict[str, Any], field: str
):
    answer = filled.post("/admin/api/erasure/preview", json=body, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_an_admin_of_one_site_erases_there_alone(filled: TestClient, admin: dict[str, str]):
    add_person(filled, "ben@example.gov.uk", Role.ADMIN, Scope(frozenset((SITE,))))
    ben = browser(filled)
    sign_in(ben, "ben@example.gov.uk")
    shown = ben.post("/admin/erasure/preview", data={"q": "bins"}, headers=SAME).text
    assert ROWS["else"].id not in shown
    ben.post("/admin/erasure", data={**hidden(shown), "sure": "yes"}, headers=SAME)
    assert left(filled, admin) == {"tax", "else"}
    assert ben.delete(f"/admin/api/feedback/{ROWS['else'].id}", headers=SAME).status_code == 404
    for address in ("audit", "audit.csv", "api/audit", "rescrub", "api/rescrub", "api/retention"):
        assert ben.get(f"/admin/{address}", headers={"Accept": "application/json"}).status_code == 403


def test_what_grows_too_old_is_shown_by_its_day(ann: TestClient, admin: dict[str, str]):
    goes = (datetime.fromtimestamp(NOW / 1000, UTC) + timedelta(days=1)).date()
    answer = ann.get("/admin/api/retention", headers=admin).json()
    assert answer == {"days": 180, "due": [{"date": goes.isoformat(), "submissions": 1}]}
    page = ann.get("/admin/erasure", headers=SAME).text
    assert "In the next 30 days, 1 submission goes." in page
    assert f'datetime="{goes.isoformat()}"' in page


def run_of(client: TestClient, admin: dict[str, str]) -> dict[str, Any]:
    run = client.get("/admin/api/rescrub", headers=admin).json()["run"]
    return dict(run) if run else {}


def test_a_button_runs_newer_rules_and_the_page_says_how_far_they_are(
    ann: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    store, rescrubbing = ann.app_state["store"], ann.app_state["rescrubbing"]
    rules: Rules = rescrubbing._rules
    asked_again = threading.Event()

    def scrub_later(item: Feedback) -> Rescrubbed | None:
        assert asked_again.wait(60)
        return rules.scrub(item)

    monkeypatch.setattr(rescrubbing, "_rules", replace(rules, scrub=scrub_later))
    for number in range(60):
        call(ann, store.add, old_feedback(f"{number} {NINO} {CARD}", NOW))
    assert "has not been run" in ann.get("/admin/rescrub").text
    assert ann.post("/admin/rescrub", data={"all": ""}, headers=SAME).status_code == 303
    again = ann.post("/admin/rescrub", data={"all": ""}, headers=SAME)
    assert (again.status_code, "somebody else is at it" in again.text) == (422, True)
    assert ann.post("/admin/api/rescrub", json={}, headers=admin).status_code == 409
    asked_again.set()
    wait_until(lambda: run_of(ann, admin)["state"] == "done")
    assert run_of(ann, admin) == {
        "version": RULES_VERSION,
        "all": False,
        "state": "done",
        "total": 64,
        "seen": 64,
        "changed": 60,
        "failed": 0,
        "removed": {"UK_NINO": 120, "CREDIT_CARD": 60},
    }
    page = ann.get("/admin/rescrub").text
    assert "120 National Insurance numbers" in page
    assert '<progress id="seen" value="64" max="64">' in page
    assert not ann.get(f"/admin/api/feedback?q={NINO}", headers=admin).json()["items"]
    assert ann.post("/admin/api/rescrub", json={"all": True}, headers=admin).status_code == 202
    wait_until(lambda: run_of(ann, admin)["state"] == "done")
    assert run_of(ann, admin)["changed"] == 0


@pytest.mark.parametrize("body", [{"all": "yes"}, {"any": True}])
def test_a_wrong_wish_to_run_rules_is_refused(
    client: TestClient, admin: dict[str, str], body: dict[str, Any]
):
    assert client.post("/admin/api/rescrub", json=body, headers=admin).status_code == 422
    assert run_of(client, admin) == {}


def test_a_run_stops_with_the_service_and_can_be_gone_on_with(filled: TestClient, admin: dict[str, str]):
    rescrubbing = filled.app_state["rescrubbing"]
    store = filled.app_state["store"]
    for number in range(250):
        call(filled, store.add, old_feedback(f"{number} {NINO}", NOW))

    async def begin_and_stop() -> None:
        assert await rescrubbing.begin(AuditEntry.by_command(Action.RESCRUB_STARTED))
        await asyncio.sleep(0)
        await rescrubbing.__aexit__()

    call(filled, begin_and_stop)
    assert run_of(filled, admin)["state"] == "running"
    assert run_of(filled, admin)["seen"] < 250
