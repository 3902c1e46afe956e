"""The service inside another app, in a real browser: widget, form without JavaScript, and desk."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from playwright.sync_api import expect

from feedback.app import create_app
from tests.browser.conftest import Visit
from tests.browser.helpers import follow, report, send, status, widget
from tests.mounted import feedback_at, in_fastapi, running
from tests.service import ADMIN_TOKEN, free_port

ADMIN = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
PASSWORD = "three words together now"


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[str]:
    """Where the mounted service is."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/pages"
    app = create_app(feedback_at("/pages", tmp_path, public_url=address, sites=None))
    with running(in_fastapi(("/pages", app)), port):
        yield address


def test_visitors_and_the_web_team_reach_everything_under_the_path(pages: str, visit: Visit) -> None:
    page = visit(f"{pages}/demo")
    report(page, "The table is too small")
    send(page)
    expect(status(page)).to_have_text("Thank you for your feedback.")

    plain = visit(f"{pages}/demo", java_script_enabled=False)
    widget(plain).get_by_role("link").click()
    plain.get_by_label("What went wrong").fill("My number is CE 12 34 56 C")
    plain.get_by_role("button", name="Send").click()
    expect(plain.locator("main")).to_contain_text("1 National Insurance number")
    assert urlsplit(plain.url).path == "/pages/feedback/thanks"

    ann = {"email": "ann@example.gov.uk", "name": "Ann", "role": "reviewer"}
    link = httpx.post(f"{pages}/admin/api/people", json=ann, headers=ADMIN).json()["link"]
    desk = visit(link)
    desk.get_by_label("New password").fill(PASSWORD)
    follow(desk, desk.locator("main").get_by_role("button", name="Save"))
    desk.get_by_label("Email address").fill(ann["email"])
    desk.get_by_label("Password").fill(PASSWORD)
    follow(desk, desk.locator("main").get_by_role("button", name="Sign in"))
    expect(desk.locator(".row")).to_have_count(2)
    follow(desk, desk.locator(".row h2 a").first)
    expect(desk.locator("main")).to_contain_text("My number is [UK_NINO]")
    follow(desk, desk.locator("#done"))
    # Which leads on to the next.
    expect(desk.locator("main")).to_contain_text("The table is too small")
    assert desk.url.startswith(f"{pages}/admin/feedback/")
    items = httpx.get(f"{pages}/admin/api/feedback", headers=ADMIN).json()["items"]
    assert [item["status"] for item in items] == ["done", "new"]
