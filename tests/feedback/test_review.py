"""The web team's side: sign-in, inbox, item, status, as pages and as API."""

import logging
import re
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.errors import Unavailable
from feedback.model.audit import Action, AuditFilters
from feedback.review import sessions
from feedback.settings import load_settings
from feedback.store.sessions import Sessions
from tests.feedback.conftest import PAGE, SITE

HTML = {"Accept": "text/html"}
SAME = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def send(client: TestClient, **fields: object) -> str:
    answer = client.post("/feedback", json={"page": PAGE, **fields})
    assert answer.status_code == 201
    key: str = answer.json()["id"]
    return key


@pytest.fixture
def link(client: TestClient) -> str:
    assert client.portal is not None
    store = client.app_state["store"]
    return client.portal.call(sessions.make_link, store, "")


@pytest.fixture
def signed_in(client: TestClient, link: str) -> TestClient:
    answer = client.get(link, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/feedback")
    return client


def test_a_link_signs_in_once(signed_in: TestClient, link: str):
    assert signed_in.get("/admin/feedback", headers=HTML).status_code == 200
    again = signed_in.get(link, headers=HTML)
    assert again.status_code == 403
    assert "set-cookie" not in again.headers


def test_loading_ahead_does_not_use_the_link_up(client: TestClient, link: str):
    client.get(link, headers={"Sec-Purpose": "prefetch"})
    client.head(link)
    assert client.get(link).status_code == 303


def test_a_link_runs_out(client: TestClient, link: str, monkeypatch: pytest.MonkeyPatch):
    later = time.time_ns() + sessions.LINK_LIFE_MS * 1_000_000 + 1
    monkeypatch.setattr("time.time_ns", lambda: later)
    assert client.get(link).status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, link: str):
    cookie = client.get(link).headers["set-cookie"]
    assert cookie.startswith("feedback=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_session_ends_when_idle_or_old(signed_in: TestClient, monkeypatch: pytest.MonkeyPatch):
    begin = time.time_ns()
    monkeypatch.setattr("time.time_ns", lambda: begin + (sessions.SESSION_IDLE_MS + 1000) * 1_000_000)
    assert signed_in.get("/admin/feedback").status_code == 401
    monkeypatch.setattr("time.time_ns", lambda: begin)
    for minutes in range(0, 8 * 60, 20):
        moment = begin + minutes * 60_000_000_000
        monkeypatch.setattr("time.time_ns", lambda moment=moment: moment)
        assert signed_in.get("/admin/feedback").status_code == 200
    monkeypatch.setattr("time.time_ns", lambda: begin + (sessions.SESSION_LIFE_MS + 1000) * 1_000_000)
    assert signed_in.get("/admin/feedback").status_code == 401


def test_signing_out_ends_the_session_on_the_server(signed_in: TestClient):
    cookie = signed_in.cookies["feedback"]
    assert signed_in.post("/admin/sign-out", headers=SAME).status_code == 303
    signed_in.cookies.set("feedback", cookie)
    assert signed_in.get("/admin/feedback").status_code == 401


def test_without_signing_in_pages_lead_to_sign_in_and_scripts_get_401(client: TestClient):
    page = client.get("/admin/feedback", headers=HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/admin/sign-in")
    assert client.get("/admin/sign-in", headers=HTML).status_code == 200
    script = client.get("/admin/api/feedback")
    assert script.status_code == 401
    assert script.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("value", [b"Bearer wrong", b"Bearer ", b"Basic eDp5", b"Bearer \xe9"])
def test_a_wrong_token_gets_401(client: TestClient, value: bytes):
    assert client.get("/admin/api/feedback", headers={b"Authorization": value}).status_code == 401


def test_a_link_in_web_mail_signs_in_by_a_page_of_our_own(client: TestClient, link: str):
    answer = client.get(link, headers={"Sec-Fetch-Site": "cross-site", **HTML})
    assert answer.status_code == 200
    assert 'content="0; url=/admin/feedback"' in answer.text
    assert client.get("/admin/feedback").status_code == 200


def test_over_https_cookie_and_headers_hold_the_browser_to_it(tmp_path: Path):
    app = create_app(
        load_settings(database_url=f"sqlite:///{tmp_path}/f.db", public_url="https://feedback.example.gov.uk")
    )
    with TestClient(app, "https://feedback.example.gov.uk", follow_redirects=False) as client:
        assert client.portal is not None
        answer = client.get(client.portal.call(sessions.make_link, client.app_state["store"], ""))
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-feedback=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert "Domain" not in cookie
        assert "max-age=" in client.get("/demo").headers["strict-transport-security"]


def test_reading_goes_on_while_nothing_can_be_written(signed_in: TestClient, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(Sessions, "touch", fail)
    later = time.time_ns() + 120_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: later)
    assert signed_in.get("/admin/feedback").status_code == 200


def test_the_list_is_newest_first_and_paged(client: TestClient, admin: dict[str, str]):
    keys = [send(client, comment=f"number {number}") for number in range(7)]
    seen: list[str] = []
    query = {"limit": "3"}
    while True:
        page = client.get("/admin/api/feedback", params=query, headers=admin).json()
        assert len(page["items"]) <= 3
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query = {"limit": "3", "cursor": page["next"]}
    assert sorted(seen) == sorted(keys)
    times = [client.get(f"/admin/api/feedback/{key}", headers=admin).json()["received_at"] for key in seen]
    assert times == sorted(times, reverse=True)


def test_an_item_has_every_field_of_the_contract(client: TestClient, admin: dict[str, str]):
    key = send(client, comment="hello", lang="cy", title="Bins")
    item = client.get(f"/admin/api/feedback/{key}", headers=admin).json()
    contract = (
        "id received_at site path title lang useful doing comment status urgent tags assignee spam removed "
        "scrub_version notes"
    )
    assert " ".join(sorted(item)) == " ".join(sorted(contract.split()))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item["received_at"])
    assert item["lang"] == "cy"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "new"}, "ab"),
        ({"status": "spam"}, "c"),
        ({"useful": "no"}, "b"),
        ({"path": "/bins"}, "ab"),
        ({"path": "/b*"}, "abc"),
        ({"path": "/b%*"}, ""),
        ({"path": "/bin"}, ""),
        ({"site": SITE}, "abc"),
        ({"site": "https://x.gov.uk"}, ""),
        ({"lang": "cy"}, "a"),
        ({"since": "2001-01-01"}, "abc"),
        ({"until": "2001-01-01T00:00:00+01:00"}, ""),
        ({"path": "' OR 1=1 --"}, ""),
    ],
)
def test_filters_choose(client: TestClient, admin: dict[str, str], query: dict[str, str], found: str):
    send(client, comment="a", lang="cy")
    send(client, comment="b", useful="no")
    client.post("/feedback", json={"page": f"{SITE}/bread", "comment": "c", "website": "x"})
    items = client.get("/admin/api/feedback", params=query, headers=admin).json()["items"]
    assert "".join(sorted(item["comment"] for item in items)) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "gone"}, "status"),
        ({"useful": "maybe"}, "useful"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1000"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"since": "yesterday"}, "since"),
        ({"until": "9999999"}, "until"),
        ({"colour": "red"}, "query"),
        ({"site": "\0"}, "site"),
        ({"path": "/a\0*"}, "path"),
    ],
)
def test_a_wrong_filter_is_named(
    client: TestClient, admin: dict[str, str], query: dict[str, str], field: str
):
    answer = client.get("/admin/api/feedback", params=query, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_status_is_changed_by_the_api(client: TestClient, admin: dict[str, str]):
    key = send(client, comment="hello")
    changed = client.patch(f"/admin/api/feedback/{key}", json={"status": "done"}, headers=admin)
    assert (changed.status_code, changed.json()["status"]) == (200, "done")
    assert client.get(f"/admin/api/feedback/{key}", headers=admin).json()["status"] == "done"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"status": "gone"}, 422),
        ({}, 422),
        ({"comment": "x"}, 422),
        ({"status": 1}, 422),
        ({"status": ["new"]}, 422),
    ],
)
def test_other_changes_are_refused(
    client: TestClient, admin: dict[str, str], body: dict[str, Any], status: int
):
    key = send(client, comment="hello")
    assert client.patch(f"/admin/api/feedback/{key}", json=body, headers=admin).status_code == status
    assert client.get(f"/admin/api/feedback/{key}", headers=admin).json()["comment"] == "hello"


def test_an_unknown_id_is_404(client: TestClient, admin: dict[str, str], signed_in: TestClient):
    assert client.get("/admin/api/feedback/nothing", headers=admin).status_code == 404
    assert (
        client.patch("/admin/api/feedback/nothing", json={"status": "done"}, headers=admin).status_code == 404
    )
    assert signed_in.get("/admin/feedback/nothing", headers=HTML).status_code == 404
    assert signed_in.post("/admin/feedback/nothing", data={"status": "done"}, headers=SAME).status_code == 404


def test_the_inbox_shows_words_with_redactions_marked_and_spam_apart(signed_in: TestClient):
    send(signed_in, comment="card 4111 1111 1111 1111 <script>alert(1)</script> [UK_NINO]")
    send(signed_in, comment="buy now", website="x")
    page = signed_in.get("/admin/feedback", headers=HTML).text
    assert re.search(r"card <mark title=\"[^\"]+\">\[CREDIT_CARD\]</mark> &lt;script&gt;", page)
    assert "[UK_NINO]</bdi>" in page  # typed by the visitor, so not marked
    assert "buy now" not in page
    assert "buy now" in signed_in.get("/admin/feedback?status=spam", headers=HTML).text


def test_status_is_changed_by_the_page(signed_in: TestClient):
    key = send(signed_in, comment="hello")
    answer = signed_in.post(f"/admin/feedback/{key}", data={"status": "done"}, headers=SAME)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/admin/feedback/{key}")
    assert re.search(r'value="done" checked', signed_in.get(f"/admin/feedback/{key}", headers=HTML).text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_another_site_cannot_act_for_somebody_signed_in(signed_in: TestClient, headers: dict[str, str]):
    key = send(signed_in, comment="hello")
    assert (
        signed_in.post(f"/admin/feedback/{key}", data={"status": "done"}, headers=headers).status_code == 403
    )
    assert signed_in.post("/admin/sign-out", headers=headers).status_code == 403
    assert 'value="new" checked' in signed_in.get(f"/admin/feedback/{key}", headers=HTML).text


def test_an_old_browser_acts_by_its_origin(signed_in: TestClient):
    key = send(signed_in, comment="hello")
    headers = {"Origin": "http://feedback.test"}
    assert (
        signed_in.post(f"/admin/feedback/{key}", data={"status": "done"}, headers=headers).status_code == 303
    )


def test_looks_and_changes_are_written_down_by_whom_and_from_which_request(
    signed_in: TestClient, admin: dict[str, str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    key = send(signed_in, comment="secret words")
    signed_in.get(f"/admin/feedback/{key}", headers=HTML)
    signed_in.post(f"/admin/feedback/{key}", data={"status": "done"}, headers=SAME)
    signed_in.get(f"/admin/api/feedback/{key}", headers=admin)
    signed_in.patch(f"/admin/api/feedback/{key}", json={"status": "spam"}, headers=admin)
    signed_in.get("/admin/api/feedback/nothing", headers=admin)
    assert signed_in.portal is not None
    found = signed_in.portal.call(signed_in.app_state["store"].audited, AuditFilters())
    entries = [each.entry for each in reversed(found) if each.entry.thing == key]
    assert [(each.action, each.thing, dict(each.detail)) for each in entries] == [
        (Action.FEEDBACK_VIEWED, key, {}),
        (Action.FEEDBACK_CHANGED, key, {"status": "done"}),
        (Action.FEEDBACK_VIEWED, key, {}),
        (Action.FEEDBACK_CHANGED, key, {"status": "spam"}),
    ]
    assert entries[0].name != entries[2].name == "FEEDBACK_ADMIN_TOKEN"
    assert len({each.request for each in entries}) == 4
    assert all(each.request and each.request in caplog.text for each in entries)


def test_admin_answers_are_never_cached_and_never_shared(signed_in: TestClient, admin: dict[str, str]):
    for path in ("/admin/feedback", "/admin/api/feedback", "/admin/sign-in"):
        answer = signed_in.get(path, headers={"Origin": SITE, **admin})
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
