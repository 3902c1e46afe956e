"""The second factor at sign-in: codes, recovery codes, and the minutes between both steps."""

import pyotp
import pytest
from starlette.testclient import TestClient

from feedback.model.audit import Action, AuditFilters
from feedback.review.second_factor import recovery_code_hash
from tests.feedback.people import SAME, Clock, actions, add_person, browser, call, code, sign_in, signed_in

ANN = "ann@example.gov.uk"
HTML = {"Accept": "text/html"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time_ns", clock)
    return clock


def second_step(client: TestClient, code: str) -> int:
    assert sign_in(client, ANN).headers["location"] == "/admin/sign-in/code"
    assert not signed_in(client)
    assert client.get("/admin/sign-in/code", headers=HTML).status_code == 200
    status: int = client.post("/admin/sign-in/code", data={"code": code}, headers=SAME).status_code
    return status


def test_with_a_second_factor_the_password_alone_lets_nobody_in(client: TestClient):
    secret = pyotp.random_base32()
    add_person(client, ANN, totp_secret=secret)
    assert second_step(client, "000000" if code(secret) != "000000" else "111111") == 422
    assert not signed_in(client)
    assert second_step(client, f" {code(secret)[:3]} {code(secret)[3:]}") == 303
    assert signed_in(client)
    assert actions(client) == [Action.SIGN_IN_FAILED, Action.SIGNED_IN]


def test_a_code_works_once(client: TestClient):
    secret = pyotp.random_base32()
    add_person(client, ANN, totp_secret=secret)
    now = code(secret)
    assert second_step(client, now) == 303
    other = browser(client)
    assert second_step(other, now) == 422
    # Nor does one from before it; the next does.
    assert second_step(other, code(secret, -1)) == 422
    assert second_step(other, code(secret, 1)) == 303


def test_a_recovery_code_works_once_in_place_of_the_app(client: TestClient):
    ann = add_person(client, ANN)
    people = client.app_state["store"].people
    call(client, people.set_second_factor, ann.id, "A" * 32, None, [recovery_code_hash("abc-def")])
    assert second_step(client, "ABC DEF") == 303
    assert second_step(browser(client), "abc-def") == 422
    # The log tells by what they came in, since the paper may have been somebody else's.
    (audited,) = call(client, client.app_state["store"].audited, AuditFilters(action=Action.SIGNED_IN))
    assert audited.entry.detail == {"by": "recovery_code"}


def test_the_second_step_is_taken_once(client: TestClient):
    secret = pyotp.random_base32()
    add_person(client, ANN, totp_secret=secret)
    sign_in(client, ANN)
    again = browser(client)
    again.cookies.set("feedback-step", client.cookies["feedback-step"])
    first = client.post("/admin/sign-in/code", data={"code": code(secret)}, headers=SAME)
    assert first.headers["location"] == "/admin/feedback"
    second = again.post("/admin/sign-in/code", data={"code": code(secret, 1)}, headers=SAME)
    assert second.headers["location"] == "/admin/sign-in"
    assert not signed_in(again)


def test_codes_are_guessed_no_faster_than_passwords(client: TestClient):
    add_person(client, ANN, totp_secret=pyotp.random_base32())
    sign_in(client, ANN)
    answers = [
        client.post("/admin/sign-in/code", data={"code": "abc"}, headers=SAME).status_code for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_the_second_step_belongs_to_the_browser_and_the_minutes_of_the_first(
    client: TestClient, clock: Clock
):
    secret = pyotp.random_base32()
    add_person(client, ANN, totp_secret=secret)
    sign_in(client, ANN)
    for one in (browser(client), client):
        answer = one.post("/admin/sign-in/code", data={"code": code(secret)}, headers=SAME)
        assert answer.headers["location"] == "/admin/sign-in"
        assert not signed_in(one)
        clock.forward(601)
