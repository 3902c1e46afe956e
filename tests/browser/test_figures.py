"""The pages of figures in a real browser: axe, both languages, any width, without JavaScript, by keyboard."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from feedback.model import Useful
from feedback.store import Store
from tests.browser.conftest import Visit
from tests.browser.helpers import enter, follow
from tests.browser.test_accessible import LOOKS, violations
from tests.service import Service
from tests.store.samples import DAY, SITE, some_feedback

ADDRESS = f"page?site={SITE}&path=/bins/{'a-long-name-' * 8}"
PAGES = (
    "pages",
    "pages?sort=worsening&period=4w",
    ADDRESS,
    "trends",
    "trends?by=section",
    "trends?by=kind",
    "digest",
    "webhooks",
)


async def fill(url: str) -> None:
    store = await Store.open(url)
    now = time.time_ns() // 1_000_000
    for number in range(60):
        path = "/tax" if number % 3 else f"/bins/{'a-long-name-' * 8}"
        useful = Useful.YES if number % 4 else Useful.NO
        await store.add(some_feedback("words", now - number * DAY, path=path, useful=useful))
    await store.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose pages have some weeks of feedback."""
    folder: Path = tmp_path_factory.mktemp("service")
    # In a thread of its own: Playwright holds this one's event loop.
    filling = threading.Thread(target=lambda: asyncio.run(fill(f"sqlite:///{folder}/data/feedback.db")))
    filling.start()
    filling.join()
    with Service(folder, FEEDBACK_SITES=SITE) as running:
        yield running


# Colours do not depend on the language.
@pytest.mark.parametrize(("lang", "look"), [*(("en", look) for look in LOOKS), ("cy", "light")])
def test_axe_finds_nothing_on_any_page(
    service: Service, visit: Visit, signed_in: StorageState, lang: str, look: str
):
    page = visit(bypass_csp=True, storage_state=signed_in, locale=lang, **LOOKS[look])
    for path in PAGES:
        page.goto(f"{service.origin}/admin/{path}")
        for details in page.locator("details").all():
            details.evaluate("details => details.open = true")
        assert page.locator("html").get_attribute("lang") == lang
        assert violations(page) == [], path


@pytest.mark.parametrize("width", [320, 360, 800, 1400])
def test_nothing_runs_over_at_any_width(service: Service, visit: Visit, signed_in: StorageState, width: int):
    page = visit(storage_state=signed_in, viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"{service.origin}/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def note_change(page: Page, service: Service) -> None:
    page.goto(f"{service.origin}/admin/{ADDRESS}")
    day = datetime.now(UTC).date() - timedelta(days=20)
    page.get_by_label("Changed on").fill(day.isoformat())
    page.get_by_label("What changed").fill("Shorter words")
    enter(page)


def test_a_change_is_noted_and_taken_back_without_javascript(
    service: Service, visit: Visit, signed_in: StorageState
):
    page = visit(storage_state=signed_in, java_script_enabled=False)
    note_change(page, service)
    expect(page.get_by_role("heading", name="Shorter words")).to_be_visible()
    expect(page.get_by_role("img", name="How many found it useful")).to_be_visible()
    follow(page, page.get_by_role("button", name="Remove change 1"))
    expect(page.get_by_role("heading", name="Shorter words")).to_have_count(0)


def test_what_is_listed_is_downloaded(service: Service, visit: Visit, signed_in: StorageState):
    page = visit(f"{service.origin}/admin/feedback?useful=no", storage_state=signed_in)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV for spreadsheets").click()
    assert download.value.suggested_filename.endswith(".csv")
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 15


def test_pages_are_chosen_and_opened_with_the_keyboard_alone(
    service: Service, visit: Visit, signed_in: StorageState
):
    page = visit(f"{service.origin}/admin/pages", storage_state=signed_in)
    page.get_by_label("Order").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("/tax")
    enter(page)
    expect(page.get_by_label("Order")).to_have_value("most")
    link = page.get_by_role("link", name="/tax")
    link.focus()
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("/tax")
    summary = page.get_by_text("Show the figures as a table")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
