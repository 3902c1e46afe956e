"""One Chromium for all browser tests, and a fresh profile with a watch on errors for each page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.browser.host import Host
from tests.browser.install import find_browser
from tests.service import Service

# Opens an address in a profile of its own; the options are those of Playwright's new_context.
Visit = Callable[..., Page]

# A browser under test fetches nothing but what the pages ask for.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How long is waited for each thing at most: a busy machine may need some of it.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)
RECORD_VIOLATIONS = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


# Closed after this folder: while Playwright runs, no other test could start an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser that `python -m tests.browser.install` found or installed."""
    path = find_browser()
    assert path, "run: python -m tests.browser.install"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def signed_in(service: Service, browser: Browser) -> StorageState:
    """The cookies of a browser that came in by the link of the start."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(service.sign_in_link)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def host(service: Service) -> Iterator[Host]:
    """A web server of another origin, for pages that embed the widget."""
    with Host(service) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens pages; fails the test when any of them threw an error or broke its content security policy."""
    contexts = []
    thrown: list[str] = []

    def open_page(address: str = "", prepare: Callable[[Page], object] | None = None, **options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(RECORD_VIOLATIONS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        if prepare:
            prepare(page)
        if address:
            page.goto(address)
        return page

    yield open_page
    violations = [
        violation
        for context in contexts
        for page in context.pages
        for violation in page.evaluate("window.violations ?? []")
    ]
    for context in contexts:
        context.close()
    assert not thrown
    assert not violations
