"""Takes the pictures of the pages of figures, from a made-up council's half year."""

import asyncio
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser

from feedback.ids import new_id
from feedback.model import EVERYTHING, ScrubbedPageChange, Useful
from feedback.model.audit import Action, AuditEntry
from feedback.store import Store
from tests.service import Service
from tests.store.samples import DAY, SCRUBBER, some_feedback

SITE = "https://www.aberfelin.gov.uk"
# Path, votes a week, share of useful ones, that share since it changed, and how many days ago that was.
PAGES = (
    ("/bins/collection-days", 40, 0.3, 0.7, 40),
    ("/council-tax/pay", 35, 0.8, 0.8, 0),
    ("/parking/permits", 22, 0.7, 0.4, 25),
    ("/bins/missed", 18, 0.55, 0.55, 0),
    ("/housing/apply", 15, 0.3, 0.3, 0),
    ("/schools/admissions", 14, 0.62, 0.62, 0),
    ("/council-tax/moving-house", 12, 0.5, 0.5, 0),
    ("/cy/biniau/dyddiau-casglu", 6, 0.5, 0.5, 0),
    ("/libraries", 5, 0.9, 0.9, 0),
)


async def fill(url: str) -> None:
    """Half a year of votes and words, and one change that helped."""
    rng, now = random.Random(3), time.time_ns() // 1_000_000
    store = await Store.open(url)
    for path, a_week, before, since, changed in PAGES:
        row = some_feedback(None, path=path, site=SITE, removed=())
        words = some_feedback("The table is hard to read", path=path, site=SITE, removed=())
        for number in range(a_week * 26):
            at = now - number * 7 * DAY // a_week
            share = since if now - at < changed * DAY else before
            one = words if rng.random() < 0.4 else row
            useful = Useful.YES if rng.random() < share else Useful.NO
            await store.add(replace(one, id=str(new_id()), received_at=at, useful=useful))
    day = datetime.now(UTC).date() - timedelta(days=40)
    note = SCRUBBER.scrub("New table of dates by street, map taken out")
    change = ScrubbedPageChange(str(new_id()), day, note, "Ann Price")
    entry = AuditEntry("1", "Ann Price", Action.PAGE_CHANGE_ADDED)
    await store.add_page_change(SITE, "/bins/collection-days", change, EVERYTHING, entry)
    await store.close()


def prepare(folder: Path) -> None:
    """Fill the database that a service in `folder` will open; before Playwright holds the event loop."""
    asyncio.run(fill(f"sqlite:///{folder}/data/feedback.db"))


def take(browser: Browser, folder: Path, images: Path) -> None:
    """The list of pages and one page."""
    with Service(folder, FEEDBACK_SITES=SITE) as service:
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        page.goto(service.sign_in_link)
        page.goto(f"{service.origin}/admin/pages")
        page.screenshot(path=images / "pages.png", full_page=True)
        page.goto(f"{service.origin}/admin/page?site={SITE}&path=/bins/collection-days")
        page.screenshot(path=images / "page.png", full_page=True)
        page.close()
