"""What browser tests share: using the widget's form, watching what it sends, and planned faults."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Request, Route

from tests.service import Service

CARD = "4111 1111 1111 1111"
NINO = "CE 12 34 56 C"

HOSTILE = (
    "<style>* { all: revert; margin: 40px !important; padding: 0 !important; outline: 0 !important;"
    " white-space: nowrap } page-feedback { display: block !important }"
    " button, textarea, form, p { display: none !important } :focus { outline: none !important }</style>"
)


def widget(page: Page) -> Locator:
    """The first widget of the page."""
    return page.locator("page-feedback").first


def status(page: Page) -> Locator:
    """The widget's line that says how things stand."""
    return widget(page).locator("[role=status]").first


def report(page: Page, comment: str = "") -> None:
    """Open the form by "Report a problem" and type."""
    widget(page).locator("#report").click()
    if comment:
        widget(page).locator("#comment").fill(comment)


def send(page: Page) -> None:
    """Press Send."""
    widget(page).locator("#send").click()


def submissions(page: Page) -> list[dict[str, Any]]:
    """Grows by the JSON of each submission that the page sends from now on."""
    sent: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/feedback"):
            sent.append(request.post_data_json or {})

    page.on("request", note)
    return sent


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and wait until all of it is there to be read."""
    with page.expect_navigation():
        link.click()


def enter(page: Page) -> None:
    """Press Enter where that leads to another page, and wait until all of it is there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answering(status: int, more: dict[str, str] | None = None) -> Callable[[Route], None]:
    """A route that answers every submission so, as a page of any site may read it."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
        "Content-Type": "application/problem+json",
    } | (more or {})
    return lambda route: route.fulfill(status=status, headers=headers, body="{}")


def embed(service: Service, attributes: str = "") -> str:
    """The embed snippet's element."""
    return (
        f'<page-feedback server="{service.origin}" {attributes}>'
        f'<a href="{service.origin}/feedback/form">Help us improve this page</a></page-feedback>'
    )
