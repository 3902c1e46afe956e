"""The docs as a website: every link leads somewhere, no other host is asked, and the widget works."""

import os
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import send, status, widget
from tests.browser.host import Host
from tests.browser.test_accessible import violations
from tests.service import Service

ROOT = Path(__file__).parents[2]
THANKS = "Thank you for your feedback."
# What a browser fetches by itself, unlike the links that people follow.
FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "srcset")}


class Parts(HTMLParser):
    """What a page leads to, what it fetches, and the places in it that links may lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        for name, value in given.items():
            if (tag, name) in FETCHED and given.get("rel") != "canonical":
                self.fetched.append(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)


@pytest.fixture(scope="module")
def site(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The site as `make docs` builds it, on a host of its own."""
    with Host(service) as host:
        folder = tmp_path_factory.mktemp("site")
        environment = {
            **os.environ,
            "DOCS_URL": f"{host.origin}/",
            "DOCS_FEEDBACK_SERVER": service.origin,
            "NO_MKDOCS_2_WARNING": "1",
        }
        built = subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
        host.publish(folder)
        yield host


@pytest.fixture(scope="module")
def pages(site: Host) -> dict[str, Parts]:
    """Every page of the site by its path."""
    return {
        path.removesuffix("index.html"): Parts(body.decode())
        for path, body in site.files.items()
        if path.endswith(".html")
    }


def test_every_link_leads_to_a_page_and_a_place_in_it(site: Host, pages: dict[str, Parts]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            address, place = urldefrag(urljoin(f"{site.origin}{path}", link))
            if not address.startswith(site.origin):
                continue
            target = urlsplit(address).path
            found = target in pages or target in site.files
            if not found or (place and place not in pages[target].ids):
                broken.append((path, link))
    assert len(pages) > 25
    assert broken == []


def test_no_page_fetches_anything_of_another_host(site: Host, pages: dict[str, Parts]) -> None:
    for path, page in pages.items():
        fetched = {urljoin(f"{site.origin}{path}", address) for address in page.fetched}
        others = {address for address in fetched if not address.startswith(site.origin)}
        assert others == {f"{site.service.origin}/widget/v1.js"}, path
    sheets = [body for path, body in site.files.items() if path.endswith(".css")]
    assert sheets
    assert not any(b"url(http" in sheet or b"url(//" in sheet or b"@import" in sheet for sheet in sheets)


def test_visitors_of_the_docs_ask_two_hosts_and_send_feedback(site: Host, visit: Visit) -> None:
    asked: set[str] = set()

    def watch(page: Page) -> None:
        page.on("request", lambda request: asked.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url))))

    page = visit(f"{site.origin}/quickstart/", watch)
    widget(page).locator("#no").click()
    widget(page).locator("#comment").fill("My card is 4111 1111 1111 1111, and step 2 fails.")
    send(page)
    send(page)  # asked about the number, and sent all the same
    expect(status(page)).to_contain_text(THANKS)
    item = site.service.items()[0]
    assert (item["site"], item["path"]) == (site.origin, "/quickstart/")
    assert item["comment"] == "My card is [CREDIT_CARD], and step 2 fails."

    # Material changes pages without loading them anew; the widget asks about the one that is shown.
    page.get_by_label("Tabs").or_(page.locator("nav")).get_by_role("link", name="Embed it").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Embedding the widget")
    widget(page).locator("#yes").click()
    expect(status(page)).to_contain_text(THANKS)
    assert site.service.items()[0]["path"] == "/embed/"
    assert asked == {site.origin, site.service.origin}


def test_the_search_finds_a_page(site: Host, visit: Visit) -> None:
    page = visit(f"{site.origin}/")
    page.get_by_role("textbox", name="Search").fill("Litestream")
    expect(page.locator(".md-search-result").get_by_text("Litestream and other tools")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/settings/", "/recipes/"])
def test_axe_finds_nothing_but_what_the_theme_makes(site: Host, visit: Visit, path: str, scheme: str) -> None:
    page = visit(f"{site.origin}{path}", color_scheme=scheme)
    expect(widget(page).locator("#yes")).to_be_visible()
    # Material gives the buttons of every block of code a landmark of the same name.
    assert [each for each in violations(page) if not each.startswith("landmark-unique: [['#__code")] == []
