"""Signing in and sessions, line by line as OWASP ASVS 5.0 asks for them."""

import asyncio
import re
import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyotp
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.errors import Unavailable
from feedback.model import Role
from feedback.model.audit import Action
from feedback.review.passwords import Passwords
from feedback.review.sessions import SESSION_IDLE_MS, SESSION_LIFE_MS
from feedback.settings import Settings, load_settings
from tests.feedback.people import (
    PASSWORD,
    SAME,
    Clock,
    actions,
    add_person,
    browser,
    call,
    sign_in,
    signed_in,
)

ANN = "ann@example.gov.uk"
WRONG = "The email address or the password is not right."


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time_ns", clock)
    return clock


def test_a_password_signs_in_whatever_the_case_of_the_address(client: TestClient):
    add_person(client, ANN)
    answer = sign_in(client, f" {ANN.upper()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/feedback")
    assert signed_in(client)
    assert actions(client) == [Action.SIGNED_IN]


@pytest.mark.parametrize("who", ["wrong", "unknown", "disabled", "not set up", "cut short", "odd"])
def test_nothing_tells_which_part_was_wrong(client: TestClient, who: str):
    if who == "disabled":
        add_person(client, ANN, disabled_at=1)
    elif who == "not set up":
        add_person(client, ANN, password_hash=None)
    elif who != "unknown":
        add_person(client, ANN)
    email = "\0" if who == "odd" else ANN
    password = {"wrong": "another password!", "cut short": PASSWORD[:-1]}.get(who, PASSWORD)
    with patch.object(Passwords, "_work", autospec=True, side_effect=Passwords._work) as hashed:
        answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert not signed_in(client)
    assert "set-cookie" not in answer.headers
    # As many hashes as for anybody: the time tells nothing either.
    assert hashed.call_count == 1
    assert actions(client) == [Action.SIGN_IN_FAILED]
    assert page_of(answer) == page_of(sign_in(client, "x@y.gov.uk"))


def page_of(answer: Any) -> str:
    """The page without the address that was typed."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_the_session_id_is_256_bits_new_at_sign_in_and_stored_hashed(client: TestClient, tmp_path: Path):
    add_person(client, ANN)
    seen = set()
    for _ in range(2):
        # A cookie that somebody planted is not taken over.
        client.cookies.set("feedback", "planted")
        sign_in(client, ANN)
        cookie = client.cookies.get("feedback", domain="feedback.test")
        assert cookie
        assert len(cookie) == 43  # 256 bits in base64
        seen.add(cookie)
        assert call(client, client.app_state["store"].sessions.find, sha256(cookie.encode()).hexdigest())
        files = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert cookie.encode() not in files
        client.cookies.clear()
    assert len(seen) == 2


def test_signing_in_again_ends_the_session_that_was_there(client: TestClient):
    add_person(client, ANN)
    sign_in(client, ANN)
    before = client.cookies["feedback"]
    sign_in(client, ANN)
    assert client.cookies["feedback"] != before
    other = browser(client)
    other.cookies.set("feedback", before)
    assert not signed_in(other)


def test_signing_out_ends_the_session_wherever_its_cookie_went(client: TestClient):
    add_person(client, ANN)
    sign_in(client, ANN)
    thief = browser(client)
    thief.cookies.set("feedback", client.cookies["feedback"])
    assert signed_in(thief)
    assert client.post("/admin/sign-out", headers=SAME).status_code == 303
    assert not signed_in(thief)
    assert actions(client) == [Action.SIGNED_IN, Action.SIGNED_OUT]


def test_a_session_ends_after_30_minutes_idle_and_8_hours_in_all():
    assert (SESSION_IDLE_MS, SESSION_LIFE_MS) == (30 * 60_000, 8 * 3_600_000)
    # That they do is in test_review.py.


def test_over_https_every_cookie_is_bound_to_the_host(tmp_path: Path):
    origin = "https://feedback.example.gov.uk"
    app = create_app(load_settings(database_url=f"sqlite:///{tmp_path}/f.db", public_url=origin))
    with TestClient(app, origin, follow_redirects=False) as client:
        add_person(client, ANN)
        add_person(client, "bob@example.gov.uk", totp_secret=pyotp.random_base32())
        for email, name in ((ANN, "__Host-feedback"), ("bob@example.gov.uk", "__Host-feedback-step")):
            cookie = sign_in(client, email).headers["set-cookie"]
            parts = {part.strip() for part in cookie.split(";")}
            assert cookie.startswith(f"{name}=")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= parts
            assert "Domain" not in cookie


def test_guessing_is_five_a_minute_for_an_account_from_wherever(client: TestClient, clock: Clock):
    add_person(client, ANN)
    add_person(client, "bob@example.gov.uk")
    for email in (ANN, "unknown@example.gov.uk"):
        answers = [
            sign_in(browser(client, f"198.51.100.{n}"), email, "wrong password of mine") for n in range(7)
        ]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
        assert answers[-1].headers["retry-after"] == "60"
    # The right password is not even looked at; others are not kept out; a minute later it goes on.
    assert sign_in(browser(client), ANN).status_code == 429
    assert sign_in(browser(client), "bob@example.gov.uk").status_code == 303
    clock.forward(60)
    assert sign_in(browser(client), ANN).status_code == 303


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [("192.0.2.7", "192.0.2.7", "192.0.2.8"), ("2001:db8::1", "2001:db8::2", "2001:db9::1")],
)
def test_guessing_is_twenty_an_hour_for_an_address_whoever_it_tries(
    client: TestClient, clock: Clock, one: str, same: str, other: str
):
    add_person(client, ANN)
    with patch.object(Passwords, "_work", return_value=""):
        statuses = [
            sign_in(browser(client, one), f"{n}@example.gov.uk", "wrong").status_code for n in range(21)
        ]
    assert statuses == [422] * 20 + [429]
    assert sign_in(browser(client, same), ANN).status_code == 429
    assert sign_in(browser(client, other), ANN).status_code == 303
    clock.forward(3600)
    assert sign_in(browser(client, one), ANN).status_code == 303


def test_those_who_get_in_use_up_no_tries(client: TestClient):
    add_person(client, ANN)
    for _ in range(7):
        assert sign_in(browser(client), ANN).status_code == 303


def test_tries_are_counted_over_a_restart(app: Starlette, settings: Settings):
    for expected in (422, 429):
        with TestClient(create_app(settings), "http://feedback.test") as client:
            answers = [sign_in(client, ANN, "wrong password of mine") for _ in range(5)]
            assert {answer.status_code for answer in answers} == {expected}


def test_another_site_signs_nobody_in_nor_out(client: TestClient):
    add_person(client, ANN)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://feedback.test"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ):
        for path in ("/admin/sign-in", "/admin/sign-in/code", "/admin/password", "/admin/sign-out"):
            data = {"email": ANN, "password": PASSWORD}
            assert client.post(path, data=data, headers=headers).status_code == 403
    assert not signed_in(client)


def test_at_most_two_passwords_are_hashed_at_once_and_never_in_the_event_loop():
    passwords = Passwords()
    working, most, threads = 0, 0, set()
    counting = threading.Lock()

    def work(_password: str, _known: str | None) -> str:
        nonlocal working, most
        with counting:
            working += 1
            most = max(most, working)
        threads.add(threading.current_thread())
        time.sleep(0.01)
        with counting:
            working -= 1
        return ""

    async def go() -> None:
        await asyncio.gather(*(passwords.verify(PASSWORD, None) for _ in range(10)))
        refused = await asyncio.gather(
            *(passwords.verify(PASSWORD, None) for _ in range(110)), return_exceptions=True
        )
        assert sum(isinstance(each, Unavailable) for each in refused) == 10

    with patch.object(passwords, "_work", work):
        asyncio.run(go())
    passwords.close()
    assert most == len(threads) == 2
    assert threading.current_thread() not in threads


def test_a_hash_by_older_parameters_is_renewed_at_sign_in(client: TestClient):
    old = PasswordHasher(1, 8192, 1).hash(PASSWORD)
    ann = add_person(client, ANN, password_hash=old)
    assert sign_in(client, ANN).status_code == 303
    account = call(client, client.app_state["store"].people.find, ann.id)
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign_in(browser(client), ANN).status_code == 303


def test_whoever_is_disabled_or_made_less_is_so_at_once(client: TestClient):
    ann = add_person(client, ANN, Role.ADMIN)
    sign_in(client, ANN)
    people = client.app_state["store"].people
    assert client.get("/admin/people").status_code == 200
    call(client, people.change, ann.id, "Ann", Role.VIEWER, ann.scope)
    assert client.get("/admin/people").status_code == 403
    call(client, people.disable, ann.id, 1)
    assert not signed_in(client)
