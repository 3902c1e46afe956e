"""`make screenshots`: takes the README's pictures anew from the running service."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from feedback.intake.widget import V1
from tests.browser import figures_pictures
from tests.browser.conftest import ARGUMENTS
from tests.browser.helpers import report, widget
from tests.browser.host import Host
from tests.browser.install import find_browser
from tests.service import Service

IMAGES = Path(__file__).parents[2] / "docs" / "images"
DOING = "Trying to pay for my garden waste bin"
SAID = "I tried to pay with 4111 1111 1111 1111 and my NI number is CE 12 34 56 C but it only said error."
OTHERS = (
    {
        "path": "/council-tax/pay",
        "title": "Pay your council tax",
        "useful": "yes",
        "comment": "Quick and easy.",
    },
    {
        "path": "/cy/biniau",
        "title": "Casgliadau biniau",
        "lang": "cy",
        "useful": "no",
        "doing": "Chwilio am ddyddiad fy min",
        "comment": "Dw i ddim yn gallu gweld y dyddiad. Rhif fy ngherdyn yw 5555 5555 5555 4444.",
    },
)


def fill_widget(page: Page, origin: str) -> None:
    """The demo page with its widget open and filled in."""
    page.goto(f"{origin}/demo")
    report(page, SAID)
    widget(page).locator("#doing").fill(DOING)


def show_looks(page: Page, service: Service) -> None:
    """The three looks of the docs, the last one opened."""
    with Host(service) as host:
        recipes = Path(__file__).parents[2] / "docs" / "recipes"
        host.files["/looks.css"] = (recipes / "looks.css").read_bytes()
        text = (recipes / "looks.html").read_text(encoding="utf-8")
        host.html = text.replace("https://feedback.example.gov.uk", service.origin).replace(
            "sha384-...", V1.integrity
        )
        page.goto(f"{host.origin}/library")
        page.locator("page-feedback").last.locator("#report").click()
        page.screenshot(path=IMAGES / "looks.png", full_page=True)


def main() -> None:
    """Write the pictures."""
    browser_path = find_browser()
    assert browser_path, "run: python -m tests.browser.install"
    IMAGES.mkdir(parents=True, exist_ok=True)
    figures = TemporaryDirectory()
    figures_pictures.prepare(Path(figures.name))
    with (
        figures,
        TemporaryDirectory() as folder,
        Service(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 800, "height": 800})
        for other in OTHERS:
            service.post(
                page=f"{service.origin}{other['path']}", **{k: v for k, v in other.items() if k != "path"}
            )
        service.post(
            page=f"{service.origin}/demo", title="Bin collections are changing", doing=DOING, comment=SAID
        )
        fill_widget(page, service.origin)
        page.locator("page-feedback").scroll_into_view_if_needed()
        page.mouse.wheel(0, 10_000)
        page.wait_for_timeout(300)
        page.screenshot(path=IMAGES / "widget.png")
        show_looks(page, service)
        page.goto(service.sign_in_link)
        page.screenshot(path=IMAGES / "review.png")
        figures_pictures.take(browser, Path(figures.name), IMAGES)
        browser.close()


if __name__ == "__main__":
    main()
