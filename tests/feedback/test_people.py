"""People and tokens as an admin manages them, by pages and by API."""

import re
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.model import Role, Scope
from feedback.model.audit import Action, AuditFilters
from feedback.review.people import INVITATION_LIFE_MS, RESET_LIFE_MS
from tests.feedback.conftest import SITE
from tests.feedback.people import (
    SAME,
    actions,
    add_person,
    browser,
    call,
    link_in,
    post,
    sign_in,
)

ANN, BOB = "ann@example.gov.uk", "bob@example.gov.uk"
NEW_PASSWORD = "some four other words"
HTML = {"Accept": "text/html"}


@pytest.fixture
def ann(client: TestClient) -> TestClient:
    """An admin's browser."""
    add_person(client, ANN, Role.ADMIN)
    assert sign_in(client, ANN).status_code == 303
    return client


def set_password(client: TestClient, link: str, password: str = NEW_PASSWORD) -> Any:
    return post(client, "password", token=link.partition("token=")[2], password=password)


def test_an_invitation_is_shown_once_and_lets_its_person_set_a_password(ann: TestClient):
    page = post(ann, "people", name="Bob", email="Bob@Example.gov.uk", role="reviewer", sites="")
    link = link_in(page.text)
    assert "token=" not in ann.get("/admin/people").text
    bob = browser(ann)
    for _ in range(2):
        assert BOB in bob.get(link, headers=HTML).text  # looking does not use it up
    answer = set_password(bob, link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/sign-in?password=set")
    assert "Your password is set" in bob.get(answer.headers["location"]).text
    assert sign_in(bob, BOB, NEW_PASSWORD).status_code == 303
    assert bob.get("/admin/feedback").status_code == 200
    assert bob.get(link).status_code == set_password(bob, link).status_code == 403
    assert actions(ann)[1:] == [
        Action.PERSON_ADDED,
        Action.LINK_MADE,
        Action.PASSWORD_CHANGED,
        Action.SIGNED_IN,
    ]


def test_links_run_out(ann: TestClient, monkeypatch: pytest.MonkeyPatch):
    first = link_in(post(ann, "people", name="Bob", email=BOB, role="viewer").text)
    carol = add_person(ann, "carol@example.gov.uk")
    second = link_in(post(ann, f"people/{carol.id}/link").text)
    begin = time.time_ns()
    for link, life in ((second, RESET_LIFE_MS), (first, INVITATION_LIFE_MS)):
        assert ann.get(link).status_code == 200
        monkeypatch.setattr("time.time_ns", lambda life=life: begin + life * 1_000_000 + 1)
        assert ann.get(link).status_code == 403


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("fourteen signs", "must be 15 characters or more"),
        ("Password1234567!", "others guess first"),
        ("qwertyuiopqwertyuiop", "others guess first"),
        ("Password, password", "others guess first"),
        ("1q2w3e4r5t6y7u8i", "others guess first"),
        ("aaaaaaaaaaaaaaaaaaaa", "others guess first"),
        ("bob likes his garden", None),  # a name of three letters stands in many words
        ("robert is in the garden", "must not hold your name"),
        ("x" * 64 + "yzabc" * 13, "must be 128 characters or fewer"),
        ("é" * 5 + "abcdefghijk" * 5, None),
        ("        three  spaces ", None),
    ],
)
def test_passwords_are_long_and_not_known(ann: TestClient, password: str, sentence: str | None):
    link = link_in(post(ann, "people", name="Bob Roberts", email="robert@a.gov.uk", role="viewer").text)
    answer = set_password(ann, link, password)
    assert answer.status_code == (422 if sentence else 303)
    assert (sentence or "") in answer.text
    assert password not in answer.text


def test_a_password_is_the_same_however_the_keyboard_writes_its_letters(ann: TestClient):
    link = link_in(post(ann, "people", name="Bob", email=BOB, role="viewer").text)
    set_password(ann, link, "tŷ bach twt yn y coed")
    assert sign_in(browser(ann), BOB, "ty\u0302 bach twt yn y coed").status_code == 303


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "bob"}, "email"),
        ({"email": ""}, "email"),
        ({"email": ANN.upper()}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"role": "king"}, "role"),
        ({"sites": ["https://a.gov.uk/path"]}, "sites"),
        ({"sites": ["a.gov.uk"]}, "sites"),
        ({"sites": "https://a.gov.uk"}, "sites"),
        ({"colour": "red"}, "body"),
    ],
)
def test_a_wrong_field_is_named_and_nobody_is_added(
    client: TestClient, admin: dict[str, str], fields: dict[str, object], wrong: str
):
    add_person(client, ANN)
    body = {"name": "Bob", "email": BOB, "role": "viewer"} | fields
    answer = client.post("/admin/api/people", json=body, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [wrong]
    assert len(client.get("/admin/api/people", headers=admin).json()["items"]) == 1


def test_the_page_comes_back_with_what_was_typed(ann: TestClient):
    page = post(ann, "people", name="Bob", email="bob", role="admin", sites="nothing").text
    assert 'value="Bob"' in page
    assert "must be an email address" in page
    page = post(ann, "people", name="Bob", email=BOB, role="admin", sites="nothing").text
    assert "must be addresses of websites" in page
    assert ">nothing</textarea>" in page


def test_people_are_managed_by_the_api(client: TestClient, admin: dict[str, str]):
    body = {"name": "Bob", "email": BOB, "role": "viewer", "sites": ["https://B.gov.uk", SITE]}
    added = client.post("/admin/api/people", json=body, headers=admin)
    assert added.status_code == 201
    bob = added.json()
    assert set_password(client, link_in(bob.pop("link"))).status_code == 303
    assert bob["sites"] == ["https://b.gov.uk", SITE]
    assert client.get("/admin/api/people", headers=admin).json() == {"items": [bob]}
    path = f"/admin/api/people/{bob['id']}"
    change = {"role": "reviewer", "sites": None}
    changed = client.patch(path, json=change, headers=admin).json()
    assert changed == bob | change
    assert sign_in(client, BOB, NEW_PASSWORD).status_code == 303
    assert client.patch(path, json={"disabled": True}, headers=admin).json()["disabled"]
    assert client.get("/admin/feedback").status_code == 401
    assert client.post(f"{path}/link", headers=admin).status_code == 404
    assert client.patch(path, json={"disabled": False}, headers=admin).json()["disabled"] is False
    assert link_in(client.post(f"{path}/link", headers=admin).json()["link"])
    assert client.patch(path, json={"disabled": "yes"}, headers=admin).status_code == 422
    assert client.get("/admin/api/people/nothing", headers=admin).status_code == 404


def test_a_reset_ends_all_sessions_and_a_disabled_person_is_let_in_again_by_an_admin(ann: TestClient):
    bob = add_person(ann, BOB)
    his = browser(ann)
    sign_in(his, BOB)
    link = link_in(post(ann, f"people/{bob.id}/link").text)
    assert set_password(browser(ann), link).status_code == 303
    assert his.get("/admin/feedback").status_code == 401
    sign_in(his, BOB, NEW_PASSWORD)
    link = link_in(post(ann, f"people/{bob.id}/link").text)
    assert post(ann, f"people/{bob.id}/disable").status_code == 303
    assert his.get("/admin/feedback").status_code == 401
    assert set_password(browser(ann), link).status_code == 403
    assert "Disabled" in ann.get("/admin/people").text
    post(ann, f"people/{bob.id}/enable")
    assert sign_in(his, BOB, NEW_PASSWORD).status_code == 303


def test_nobody_makes_themselves_less_or_disables_themselves(ann: TestClient):
    (me,) = call(ann, ann.app_state["store"].people.all)
    answer = post(ann, f"people/{me.id}", name="Ann", role="viewer", sites="")
    assert answer.status_code == 422
    assert "another admin" in answer.text
    assert post(ann, f"people/{me.id}/disable").status_code == 422
    assert post(ann, f"people/{me.id}", name="Ann B", role="admin", sites="").status_code == 303
    assert "Ann B" in ann.get("/admin/people").text


def test_a_token_is_shown_once_stored_hashed_and_does_what_its_role_may(ann: TestClient, tmp_path: Any):
    page = post(ann, "tokens", name="Report", role="viewer", sites="").text
    found = re.search(r"pf_[0-9a-f]{16}_[\w-]{43}", page)
    assert found
    token = found[0]
    listed = ann.get("/admin/tokens").text
    assert "Report" in listed
    assert token not in listed
    secret = token.partition("_")[2].partition("_")[2].encode()
    assert secret not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    script, bearer = browser(ann), {"Authorization": f"Bearer {token}"}
    assert script.get("/admin/api/feedback", headers=bearer).status_code == 200
    assert script.patch("/admin/api/feedback/x", json={"status": "done"}, headers=bearer).status_code == 403
    assert script.get("/admin/api/people", headers=bearer).status_code == 403
    assert "never" not in ann.get("/admin/api/tokens").json()["items"][0]["used_at"]
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), token[:20], f"{token}x"):
        answer = script.get("/admin/api/feedback", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401
    (kept,) = call(ann, ann.app_state["store"].tokens.all)
    assert post(ann, f"tokens/{kept.id}/revoke").status_code == 303
    assert script.get("/admin/api/feedback", headers=bearer).status_code == 401
    assert post(ann, f"tokens/{kept.id}/revoke").status_code == 404


def test_a_token_runs_out_at_the_end_of_its_day(
    client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    body = {"name": "Report", "role": "viewer", "expires_at": "2100-01-31"}
    made = client.post("/admin/api/tokens", json=body, headers=admin).json()
    assert made["expires_at"] == "2100-02-01T00:00:00.000Z"
    bearer = {"Authorization": f"Bearer {made['token']}"}
    end = 4_105_123_200_000
    for moment, status in ((end - 1, 200), (end, 401)):
        monkeypatch.setattr("time.time_ns", lambda moment=moment: moment * 1_000_000)
        assert client.get("/admin/api/feedback", headers=bearer).status_code == status
    monkeypatch.undo()
    for wrong in ("2001-01-01", "soon", "0000-00-00", 7):
        answer = client.post("/admin/api/tokens", json=body | {"expires_at": wrong}, headers=admin)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["expires_at"]
    key = made["id"]
    assert client.delete(f"/admin/api/tokens/{key}", headers=admin).status_code == 204
    assert client.delete(f"/admin/api/tokens/{key}", headers=admin).status_code == 404


def test_whoever_may_see_one_site_finds_nothing_of_another(client: TestClient, admin: dict[str, str]):
    keys = [
        client.post("/feedback", json={"page": f"{site}/bins", "comment": site}).json()["id"]
        for site in (SITE, "https://a.wild.gov.uk")
    ]
    add_person(client, BOB, Role.ADMIN, Scope(frozenset((SITE,))))
    sign_in(client, BOB)
    assert [item["id"] for item in client.get("/admin/api/feedback").json()["items"]] == keys[:1]
    assert not client.get("/admin/api/feedback?site=https://a.wild.gov.uk").json()["items"]
    assert client.get(f"/admin/feedback/{keys[0]}").status_code == 200
    assert client.get(f"/admin/feedback/{keys[1]}").status_code == 404
    assert post(client, f"feedback/{keys[1]}", status="spam").status_code == 404
    item = client.get(f"/admin/api/feedback/{keys[1]}", headers=admin).json()
    assert item["status"] == "new"
    # What is of all sites is not for them, whatever their role.
    for path in ("people", "tokens", "api/people", "api/tokens"):
        assert client.get(f"/admin/{path}").status_code == 403


def test_the_audit_log_says_which_websites_somebody_was_given(ann: TestClient):
    post(ann, "people", name="Bob", email=BOB, role="viewer", sites=SITE)
    bob = call(ann, ann.app_state["store"].people.find_by_email, BOB)
    post(ann, f"people/{bob.id}", name="Bob", role="viewer", sites="")
    post(ann, "tokens", name="Report", role="viewer", sites=f"{SITE}\nhttps://b.gov.uk")
    audited = call(ann, ann.app_state["store"].audited, AuditFilters(limit=200))
    given = [each.entry.detail["sites"] for each in reversed(audited) if "role" in each.entry.detail]
    assert given == [SITE, "all", f"https://b.gov.uk, {SITE}"]


def test_pages_speak_welsh(ann: TestClient):
    welsh = {"Accept-Language": "cy", **HTML}
    for path, words in (
        ("sign-in", "Cyfeiriad e-bost"),
        ("account", "Newid eich cyfrinair"),
        ("people", "Ychwanegu rhywun"),
        ("tokens", "Creu tocyn"),
        ("account/second-factor", "ap dilysu"),
    ):
        page = ann.get(f"/admin/{path}", headers=welsh)
        assert words in page.text
        assert '<html lang="cy">' in page.text


def test_somebody_is_deleted_by_page_and_api_but_never_oneself(client: TestClient, admin: dict[str, str]):
    ann = add_person(client, "ann@example.gov.uk", Role.ADMIN)
    ben = add_person(client, "ben@example.gov.uk")
    cat = add_person(client, "cat@example.gov.uk")
    sign_in(client, "ann@example.gov.uk")
    bens = browser(client)
    sign_in(bens, "ben@example.gov.uk")
    path = f"/admin/people/{ben.id}/forget"
    assert "Delete for good" in client.get(f"/admin/people/{ben.id}", headers=SAME).text
    assert "Delete for good" not in client.get(f"/admin/people/{ann.id}", headers=SAME).text
    assert client.post(path, data={"sure": "no"}, headers=SAME).status_code == 422
    assert client.post(path, data={"sure": "yes"}, headers=SAME).headers["location"] == "/admin/people"
    assert client.get(f"/admin/people/{ben.id}", headers=SAME).status_code == 404
    assert bens.get("/admin/feedback", headers=SAME).status_code == 303
    own = client.post(f"/admin/people/{ann.id}/forget", data={"sure": "yes"}, headers=SAME)
    assert own.status_code == 422
    assert client.delete(f"/admin/api/people/{cat.id}", headers=admin).status_code == 204
    assert client.delete(f"/admin/api/people/{cat.id}", headers=admin).status_code == 404
    page = client.get("/admin/audit", headers=SAME).text
    assert "Deleted a person" in page
    assert "somebody who is not here any more" in page
    assert ">Ben<" not in page


def test_where_somebody_is_shut_out_the_page_says_that_tokens_go_on(client: TestClient):
    add_person(client, "ann@example.gov.uk", Role.ADMIN)
    ben = add_person(client, "ben@example.gov.uk", Role.ADMIN)
    sign_in(client, "ann@example.gov.uk")
    bens = browser(client)
    sign_in(bens, "ben@example.gov.uk")
    asked = {"name": "Report", "role": "admin"}
    made = bens.post("/admin/api/tokens", json=asked, headers=SAME).json()
    page = client.get(f"/admin/people/{ben.id}", headers=SAME).text
    assert page.count("Tokens that they made or know go on working") == 2
    client.post(f"/admin/people/{ben.id}/forget", data={"sure": "yes"}, headers=SAME)
    token = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/admin/api/people", headers=token).status_code == 200
    assert client.delete(f"/admin/api/tokens/{made['id']}", headers=token).status_code in (200, 204)
    assert client.get("/admin/api/people", headers=token).status_code == 401
