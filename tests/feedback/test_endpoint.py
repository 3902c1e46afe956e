"""POST /feedback over HTTP: every answer that the contract names."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.settings import load_settings
from scrubbers import Scrubber
from tests.feedback.conftest import PAGE, SITE
from tests.service import ADMIN_TOKEN

CARD = "4111 1111 1111 1111"
NINO = "CE 12 34 56 C"
ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
HTML = {"Accept": "text/html"}


def send(client: TestClient, headers: dict[str, str] | None = None, **fields: object) -> Any:
    return client.post("/feedback", json={"page": PAGE, **fields}, headers=headers)


def stored(client: TestClient, admin: dict[str, str]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/admin/api/feedback", headers=admin).json()["items"]
    return items


def said_in(page: str) -> str:
    """A page without the made-up id in its form, in which any digits may stand."""
    return re.sub(r'(?<=name="id" value=")[0-9a-f-]{36}', "", page)


def test_a_submission_is_stored_without_its_numbers(client: TestClient, admin: dict[str, str]):
    answer = send(
        client, useful="no", doing=f"paying with {CARD}", comment=f"my NI number is {NINO}", title="Pay"
    )
    assert answer.status_code == 201
    assert answer.json()["removed"] == [
        {"field": "doing", "kind": "CREDIT_CARD", "count": 1},
        {"field": "comment", "kind": "UK_NINO", "count": 1},
    ]
    assert set(answer.json()) == {"id", "removed"}
    UUID(answer.json()["id"])
    (item,) = stored(client, admin)
    assert item["id"] == answer.json()["id"]
    assert item["doing"] == "paying with [CREDIT_CARD]"
    assert item["comment"] == "my NI number is [UK_NINO]"
    assert (item["site"], item["path"], item["title"], item["useful"]) == (SITE, "/bins", "Pay", "no")
    assert item["status"] == "new"


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "text/plain;charset=UTF-8", "Application/JSON"]
)
def test_json_is_taken_under_both_types(client: TestClient, kind: str):
    body = json.dumps({"page": PAGE, "useful": "yes"})
    assert client.post("/feedback", content=body, headers={"Content-Type": kind}).status_code == 201


def test_the_page_loses_its_query_its_fragment_and_its_numbers(client: TestClient, admin: dict[str, str]):
    page = f"https://{CARD.replace(' ', '')}.wild.gov.uk/claim/CE123456C/form?card={CARD}#x"
    answer = client.post("/feedback", json={"page": page, "useful": "yes"})
    assert answer.status_code == 201
    (item,) = stored(client, admin)
    assert item["site"] == "https://[CREDIT_CARD].wild.gov.uk"
    assert item["path"] == "/claim/[UK_NINO]/form"
    assert {each["field"] for each in item["removed"]} == {"page"}


def test_a_number_that_runs_from_the_port_into_the_path_is_removed(tmp_path: Path, admin: dict[str, str]):
    app = create_app(load_settings(database_url=f"sqlite:///{tmp_path}/f.db", admin_token=ADMIN_TOKEN))
    with TestClient(app, "http://127.0.0.1:8000", follow_redirects=False) as client:
        page = "http://localhost:4111/1111/1111/1111"
        assert client.post("/feedback", json={"page": page, "useful": "yes"}).status_code == 201
        form = client.post("/feedback", data={"page": page, "useful": "yes"})
        (item, _) = stored(client, admin)
        assert (item["site"], item["path"]) == ("http://localhost", "/[CREDIT_CARD]")
        assert "1111" not in form.headers["location"]


def test_the_same_id_twice_is_one_submission(client: TestClient, admin: dict[str, str]):
    first = send(client, id=ID, comment=f"card {CARD}")
    second = send(client, id=ID.upper(), comment="something else")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.json()["id"] == ID
    assert [item["comment"] for item in stored(client, admin)] == ["card [CREDIT_CARD]"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("41111111-1111-1111-8000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ("00ce1234-56c0-4000-8000-0000000000ff", "00ffffff-fff0-4000-8000-0000000000ff"),
        ("00ce1234-56e0-4000-8000-0000000000ff", "00ce1234-56e0-4000-8000-0000000000ff"),
        ("123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_an_id_that_spells_a_number_is_kept_without_it(
    client: TestClient, admin: dict[str, str], sent: str, kept: str
):
    assert [send(client, id=sent, useful="yes").json()["id"] for _ in range(2)] == [kept, kept]
    assert len(stored(client, admin)) == 1


def test_what_fills_the_honeypot_is_stored_as_spam(client: TestClient, admin: dict[str, str]):
    assert send(client, comment="buy", website="https://spam.example").status_code == 201
    (item,) = stored(client, admin)
    assert item["status"] == "spam"
    assert item["spam"] == {"score": 1.0, "reasons": ["honeypot"]}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 201),
        (SITE, 201),
        ("https://a.wild.gov.uk", 201),
        ("http://feedback.test", 201),
        ("https://evil.example", 403),
        ("null", 403),
        (f"{SITE}.evil.example", 403),
    ],
)
def test_only_pages_of_configured_sites_may_send(client: TestClient, origin: str | None, status: int):
    headers = {"Origin": origin} if origin else {}
    answer = send(client, headers, useful="yes")
    assert answer.status_code == status
    allowed = status == 201 and origin not in (None, "http://feedback.test")
    assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None)
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


def test_a_page_of_another_site_is_refused(client: TestClient, admin: dict[str, str]):
    answer = client.post("/feedback", json={"page": "https://evil.example/", "useful": "yes"})
    assert answer.status_code == 403
    assert answer.json()["errors"] == [
        {"field": "page", "rule": "must be a page of a website that uses this service"}
    ]
    assert stored(client, admin) == []


def test_preflight_is_answered_for_sites_alone(client: TestClient):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    good = client.options("/feedback", headers={"Origin": SITE, **asked})
    assert good.status_code == 204
    assert good.headers["access-control-allow-origin"] == SITE
    assert good.headers["access-control-allow-methods"] == "POST"
    bad = client.options("/feedback", headers={"Origin": "https://evil.example", **asked})
    assert not any(name.startswith("access-control") for name in bad.headers)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"),
        ({"Content-Type": "application/xml"}, b"<a/>"),
        ({"Content-Type": "application/json; charset=latin-1"}, b"{}"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}"),
        ({"Content-Type": "application/json", "Content-Encoding": "identity"}, b"{}"),
    ],
)
def test_other_types_and_encodings_get_415(client: TestClient, headers: dict[str, str], body: bytes):
    assert client.post("/feedback", content=body, headers=headers).status_code == 415


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_gets_413(client: TestClient, chunked: bool):
    body = b'{"comment": "' + b"x" * 1_000_000 + b'"}'
    content = iter([body]) if chunked else body
    answer = client.post("/feedback", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"


def test_the_longest_answers_in_their_longest_writing_fit(client: TestClient, admin: dict[str, str]):
    text = "\U0001f5d1" * 1200
    fields = {"page": PAGE, "title": text, "doing": text, "comment": text}
    assert (
        client.post(
            "/feedback", content=json.dumps(fields), headers={"Content-Type": "text/plain"}
        ).status_code
        == 201
    )
    assert client.post("/feedback", data=fields).status_code == 303
    assert stored(client, admin)[0]["comment"] == text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff", 400),
        (b"{", 400),
        (b"[" * 50_000, 400),
        (b"{}", 422),
        (b'{"a":1,"a":2}', 422),
        (b'{"x":"\\ud800"}', 422),
    ],
)
def test_bad_bodies_get_problem_json(client: TestClient, body: bytes, status: int):
    answer = client.post("/feedback", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert all(set(error) == {"field", "rule"} for error in problem["errors"])


def test_a_refusal_without_a_form_is_in_the_language_of_the_form(client: TestClient):
    form = client.get("/feedback/form", params={"lang": "cy", "page": PAGE}).text
    [action] = re.findall(r'action="([^"]+)"', form)
    data = {"page": PAGE, "lang": "cy", "comment": "x" * 200_000}
    answer = client.post(action, data=data, headers={**HTML, "Accept-Language": "en"})
    assert answer.status_code == 413
    assert '<html lang="cy">' in answer.text


def test_far_too_much_text_is_refused_without_being_read_again(client: TestClient):
    data = {"page": PAGE, "comment": "4111 " * 2000, "doing": "paying"}
    answer = client.post("/feedback", data=data, headers=HTML)
    assert answer.status_code == 422
    assert "4111" not in said_in(answer.text)
    assert 'id="comment-error">must be 1200 characters or fewer' in answer.text
    assert "paying</textarea>" in answer.text


def test_a_script_gets_json_even_if_it_would_take_html(client: TestClient):
    headers = {"Accept": "application/json, text/html;q=0.1"}
    answer = client.post("/feedback", json={}, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept" in answer.headers["vary"]


def test_a_fault_in_scrubbing_stores_nothing(
    client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    def fail(_self: Scrubber, text: str) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(Scrubber, "scrub", fail)
    script = send(client, comment=f"card {CARD}")
    assert script.status_code == 503
    assert "retry-after" in script.headers
    form = client.post("/feedback", data={"page": PAGE, "comment": f"card {CARD}"}, headers=HTML)
    assert form.status_code == 503
    assert "4111" not in script.text + said_in(form.text)
    monkeypatch.undo()
    assert stored(client, admin) == []


def test_a_fault_nobody_foresaw_is_500_without_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_: object) -> None:
        raise RuntimeError(CARD)

    monkeypatch.setattr("feedback.intake.endpoint.created", fail)
    answer = send(client, comment="hello")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers
    # Of its parts any may stand in a time or the id of a request.
    assert CARD not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_unknown_addresses_and_methods_get_fixed_sentences(client: TestClient):
    missing = client.get(f"/{NINO}")
    assert (missing.status_code, NINO in missing.text) == (404, False)
    wrong = client.put("/feedback")
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["allow"]
    page = client.get("/nothing", headers=HTML)
    assert page.status_code == 404
    assert "<h1" in page.text


def test_a_trailing_slash_is_another_address(client: TestClient):
    answer = client.get(f"/feedback/form/?c={CARD}")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_wrong_method_names_all_right_ones(client: TestClient):
    assert client.put("/admin/api/feedback/1").headers["allow"] == "DELETE, GET, HEAD, PATCH"


def test_the_bare_address_leads_to_the_demo(client: TestClient):
    assert client.get("/").headers["location"] == "/demo"
