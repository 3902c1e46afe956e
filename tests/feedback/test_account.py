"""What everybody does with their own account: sessions, password, second factor."""

import re

import pyotp
import pytest
from starlette.testclient import TestClient

from feedback.model import Role
from feedback.model.audit import Action
from feedback.review.sessions import make_link
from tests.feedback.people import (
    PASSWORD,
    actions,
    add_person,
    browser,
    call,
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


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(ann: TestClient):
    phone, bob = browser(ann), browser(ann)
    firefox = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
    sign_in(phone, ANN, **{"User-Agent": firefox})
    add_person(ann, BOB)
    sign_in(bob, BOB)
    page = ann.get("/admin/account").text
    assert "Firefox, Android" in page
    assert page.count("this browser") == 1
    (end,) = re.findall(r"/admin/account/sessions/[\w-]+/end", page)
    assert post(bob, end.removeprefix("/admin/")).status_code == 404
    assert phone.get("/admin/feedback").status_code == 200
    assert post(ann, end.removeprefix("/admin/")).status_code == 303
    assert phone.get("/admin/feedback").status_code == 401
    assert ann.get("/admin/feedback").status_code == 200


def test_changing_the_password_asks_for_the_old_one_and_signs_out_everywhere_else(ann: TestClient):
    other = browser(ann)
    sign_in(other, ANN)
    before = ann.cookies["feedback"]
    wrong = post(ann, "account/password", current="not my password", password=NEW_PASSWORD)
    assert wrong.status_code == 422
    # Whoever guesses at a borrowed browser leaves a trace.
    assert actions(ann)[-1] == Action.SIGN_IN_FAILED
    assert other.get("/admin/feedback").status_code == 200
    assert post(ann, "account/password", current=PASSWORD, password="short").status_code == 422
    changed = post(ann, "account/password", current=PASSWORD, password=NEW_PASSWORD)
    assert changed.status_code == 303
    assert other.get("/admin/feedback").status_code == 401
    assert ann.get("/admin/feedback").status_code == 200
    assert ann.cookies["feedback"] != before
    assert sign_in(other, ANN, NEW_PASSWORD).status_code == 303


def test_a_second_factor_is_set_by_a_code_of_it_and_taken_away_by_the_password_or_an_admin(ann: TestClient):
    bob = add_person(ann, BOB)
    his = browser(ann)
    sign_in(his, BOB)
    page = his.get("/admin/account/second-factor").text
    assert "<svg" in page
    assert "style=" not in page
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
    assert found
    secret = found[1]
    wrong = post(his, "account/second-factor", secret=secret, code="000000x", current=PASSWORD)
    assert wrong.status_code == 422
    assert secret in wrong.text  # the app has it already
    code = pyotp.TOTP(secret).now()
    assert post(his, "account/second-factor", secret=secret, code=code, current="no").status_code == 422
    shown = post(his, "account/second-factor", secret=secret, code=code, current=PASSWORD)
    codes = re.findall(r"(?:[a-z2-7]{6}-){3}[a-z2-7]{6}", shown.text)
    assert len(set(codes)) == 10
    assert sign_in(browser(ann), BOB).headers["location"] == "/admin/sign-in/code"
    assert "You have 10 recovery codes left" in his.get("/admin/account").text
    assert post(his, "account/second-factor/off", current="no").status_code == 422
    assert post(his, "account/second-factor/off", current=PASSWORD).status_code == 303
    assert sign_in(browser(ann), BOB).headers["location"] == "/admin/feedback"
    code = pyotp.TOTP(secret).now()
    post(his, "account/second-factor", secret=secret, code=code, current=PASSWORD)
    assert post(ann, f"people/{bob.id}/second-factor").status_code == 303
    assert sign_in(browser(ann), BOB).headers["location"] == "/admin/feedback"


def test_the_link_of_the_start_leads_to_an_account_of_ones_own(client: TestClient):
    client.get(call(client, make_link, client.app_state["store"], ""))
    link_session = client.cookies["feedback"]
    assert "/admin/account" in client.get("/admin/feedback", headers=HTML).text
    fields = {"name": "Ann", "email": ANN, "password": NEW_PASSWORD}
    assert post(client, "account/set-up", **fields | {"password": "short"}).status_code == 422
    assert post(client, "account/set-up", **fields).status_code == 303
    assert "Ann" in client.get("/admin/account").text
    assert post(client, "account/set-up", **fields).status_code == 403
    other = browser(client)
    other.cookies.set("feedback", link_session)
    assert other.get("/admin/feedback").status_code == 401
    assert sign_in(other, ANN, NEW_PASSWORD).status_code == 303
    assert other.get("/admin/people").status_code == 200


def test_a_script_has_no_account_of_its_own(client: TestClient, admin: dict[str, str]):
    for path in ("account/password", "account/second-factor", "account/second-factor/off", "account/set-up"):
        assert client.post(f"/admin/{path}", data={}, headers=admin).status_code == 403
    assert client.get("/admin/account", headers=admin).status_code == 403
