"""The pages of privacy in a real browser: axe, both languages, any width, without JavaScript."""

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import follow
from tests.browser.test_accessible import LOOKS, violations
from tests.service import Service

PAGES = ("erasure", "rescrub", "audit", "audit?since=soon", "erasure?erased=2")


@pytest.fixture(scope="module")
def signed_in(service: Service, signed_in: StorageState) -> StorageState:
    for comment in ("to be erased", "to be kept"):
        assert service.post(page=f"{service.origin}/demo", comment=comment).status_code == 201
    return signed_in


def preview(page: Page, service: Service, words: str) -> None:
    page.goto(f"{service.origin}/admin/erasure")
    page.locator("#q").fill(words)
    follow(page, page.locator("form.narrow button"))


@pytest.mark.parametrize(("lang", "look"), [("en", "light"), ("cy", "dark")])
def test_axe_finds_nothing_and_nothing_overflows_at_400_percent_zoom(
    service: Service, visit: Visit, signed_in: StorageState, lang: str, look: str
):
    page = visit(
        bypass_csp=True,
        storage_state=signed_in,
        locale=lang,
        viewport={"width": 320, "height": 640},
        **LOOKS[look],
    )
    for address in PAGES:
        page.goto(f"{service.origin}/admin/{address}")
        assert page.locator("html").get_attribute("lang") == lang
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    preview(page, service, "to be")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_erasing_and_running_rules_need_no_javascript(
    service: Service, visit: Visit, signed_in: StorageState
):
    page = visit(storage_state=signed_in, java_script_enabled=False)
    preview(page, service, "erased")
    expect(page.locator("h1")).to_have_text("Erase 1 submission?")
    page.get_by_role("checkbox").check()
    follow(page, page.get_by_role("button", name="Erase 1 submission"))
    expect(page.get_by_role("status")).to_have_text("1 submission was erased.")
    assert [item["comment"] for item in service.items()] == ["to be kept"]
    follow(page, page.get_by_role("link", name="Scrub again"))
    follow(page, page.get_by_role("button", name="Run the rules"))
    while page.get_by_role("link", name="See how far it is now").count():
        follow(page, page.get_by_role("link", name="See how far it is now"))
    expect(page.locator("main")).to_contain_text("Looked at 1 of 1 submissions")
    follow(page, page.get_by_role("link", name="Audit log"))
    rows = page.locator(".audit .row strong").all_text_contents()
    assert rows[:3] == ["Finished scrubbing again", "Began to scrub again", "Erased feedback"]
