"""Somebody's way in by a real browser, without scripts: invited, password, second factor, out, in again."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import follow
from tests.browser.test_accessible import LOOKS, violations
from tests.feedback.identity_provider import provider_of_others
from tests.service import Service

ANN, BOB = "ann@example.gov.uk", "bob@example.gov.uk"
PASSWORD = "three words together now"


def press(page: Page, name: str) -> None:
    follow(page, page.locator("main").get_by_role("button", name=name, exact=True))


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def test_from_the_link_of_the_start_to_a_colleague_with_a_second_factor(
    service: Service, visit: Visit
) -> None:
    ann = visit(service.sign_in_link, java_script_enabled=False)
    follow(ann, ann.get_by_role("link", name="Set up your account").last)
    ann.get_by_label("Name").fill("Ann")
    ann.get_by_label("Email address").fill(ANN)
    ann.get_by_label("New password").fill(PASSWORD)
    press(ann, "Make my account")
    follow(ann, ann.get_by_role("link", name="People"))
    ann.get_by_label("Name").fill("Bob")
    ann.get_by_label("Email address").fill(BOB)
    press(ann, "Add")
    link = ann.locator("code").inner_text()

    bob = visit(link)  # with scripts, so that breaches of the content security policy are heard
    bob.get_by_label("New password").fill("password password")
    press(bob, "Save")
    expect(bob.locator(".problem")).to_contain_text("others guess first")
    bob.get_by_label("New password").fill(PASSWORD)
    press(bob, "Save")
    expect(bob.locator("main")).to_contain_text("Your password is set")
    sign_in(bob, BOB)
    expect(bob.get_by_role("heading", level=1)).to_have_text("Inbox")
    expect(bob.get_by_role("link", name="People")).to_have_count(0)

    follow(bob, bob.get_by_role("link", name="Bob"))
    follow(bob, bob.get_by_role("link", name="Set up a second factor"))
    expect(bob.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    assert bob.evaluate("violations") == []
    totp = pyotp.TOTP(bob.locator("main code").inner_text())
    bob.get_by_label("Code", exact=True).fill(totp.now())
    bob.get_by_label("Current password").fill(PASSWORD)
    press(bob, "Set up a second factor")
    codes = bob.locator("main code").all_inner_texts()
    assert len(codes) == 10
    follow(bob, bob.get_by_role("link", name="I have kept them"))
    follow(bob, bob.get_by_role("button", name="Sign out"))
    assert urlsplit(bob.url).path == "/admin/sign-in"
    bob.goto(f"{service.origin}/admin/feedback")
    assert urlsplit(bob.url).path == "/admin/sign-in"

    sign_in(bob, BOB)
    bob.get_by_label("Code").fill("000000")
    press(bob, "Continue")
    expect(bob.locator(".problem")).to_contain_text("is not right")
    bob.get_by_label("Code").fill(codes[3])
    press(bob, "Continue")
    expect(bob.get_by_role("heading", level=1)).to_have_text("Inbox")
    (cookie,) = bob.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_by_a_provider_of_another_site_and_out_of_it_again(visit: Visit, tmp_path: Path) -> None:
    # localhost and 127.0.0.1 are two sites: the browser holds strict cookies back in between.
    with provider_of_others() as issuer:
        claims = {"email": ANN, "email_verified": True, "name": "Ann"}
        httpx.put(f"{issuer}/users/ann-1", json=claims).raise_for_status()
        settings = {
            "FEEDBACK_SSO_ISSUER": issuer,
            "FEEDBACK_SSO_CLIENT_ID": "page-feedback",
            "FEEDBACK_SSO_CLIENT_SECRET": "made-up-client-secret",
        }
        with Service(tmp_path, **settings) as service:
            service.api("people", "POST", json={"email": ANN, "name": "Ann", "role": "viewer"})
            page = visit(f"{service.origin}/admin/sign-in")
            page.get_by_role("link", name="Sign in with single sign-on").click()
            page.locator("input[name=sub]").fill("ann-1")
            page.get_by_role("button", name="Authorize").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
            expect(page.get_by_role("link", name="Ann", exact=True)).to_be_visible()
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_role("link", name="Sign out there, too")).to_be_visible()
            page.goto(f"{service.origin}/admin/feedback")
            assert urlsplit(page.url).path == "/admin/sign-in"


@pytest.fixture(scope="module")
def admin(service: Service) -> str:
    """An admin's address, with PASSWORD and no second factor."""
    email = "axe@example.gov.uk"
    body = {"email": email, "name": "Axe Admin", "role": "admin"}
    link = service.api("people", "POST", json=body).json()["link"]
    httpx.post(
        f"{service.origin}/admin/password",
        data={"token": link.partition("token=")[2], "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    service.api("tokens", "POST", json={"name": "Report", "role": "viewer"})
    return email


@pytest.mark.parametrize(("lang", "look"), [("en", "light"), ("en", "dark"), ("cy", "light")])
def test_axe_finds_nothing_in_the_pages_of_people_and_none_overflows(
    service: Service, admin: str, visit: Visit, lang: str, look: str
) -> None:
    page = visit(bypass_csp=True, locale=lang, viewport={"width": 320, "height": 640}, **LOOKS[look])

    def check(path: str = "") -> None:
        if path:
            page.goto(f"{service.origin}/admin/{path}")
        assert page.locator("html").get_attribute("lang") == lang
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path

    check("password?token=nothing")
    check("sign-in")
    page.locator("#email").fill(admin)
    page.locator("#password").fill("not the password")
    follow(page, page.locator("main button"))
    check()
    page.locator("#password").fill(PASSWORD)
    follow(page, page.locator("main button"))
    for path in ("account", "account/second-factor", "people", "tokens"):
        check(path)
    key = service.api("people").json()["items"][0]["id"]
    check(f"people/{key}")
    page.locator("#name").fill("")
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    follow(page, page.locator("main button").first)
    check()
    page.goto(f"{service.origin}/admin/people")
    page.locator("#name").fill("Carol")
    page.locator("#email").fill(f"carol.{lang}.{look}@example.gov.uk")
    follow(page, page.locator("main section button"))
    check()
