"""Every recipe of docs/recipes works as it stands, in a page of another origin than the service."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2 as httpx
import pytest
from jinja2 import Environment
from markupsafe import Markup
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import report, send, status, submissions, widget
from tests.browser.host import Host
from tests.browser.test_accessible import violations
from tests.service import Service

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "docs" / "recipes"
NODE = ROOT / "tests" / "node" / "node_modules"
THANKS = "Thank you for your feedback."


def filled(text: str, service: Service, host: Host) -> str:
    """A recipe with the addresses of this test, and the hash that the service tells."""
    integrity = httpx.get(f"{service.origin}/widget/integrity").text
    return (
        text.replace("https://feedback.example.gov.uk", service.origin)
        .replace("https%3A%2F%2Fwww.example.gov.uk", host.origin.replace(":", "%3A").replace("/", "%2F"))
        .replace("https://www.example.gov.uk", host.origin)
        .replace("sha384-...", integrity)
    )


def published(name: str, service: Service, host: Host) -> str:
    """Put a recipe that is a page of its own onto the host; gives its address."""
    host.html = filled((RECIPES / name).read_text(encoding="utf-8"), service, host)
    return f"{host.origin}/library"


def use(page: Page, service: Service, words: str) -> dict[str, str]:
    """Vote, write and send, as a visitor does; gives what the web team sees."""
    widget(page).locator("#no").click()
    widget(page).locator("#comment").fill(words)
    send(page)
    expect(status(page)).to_have_text(THANKS)
    item: dict[str, str] = service.items()[0]
    assert item["comment"] == words
    return item


def test_plain_html(service: Service, host: Host, visit: Visit) -> None:
    page = visit(published("plain.html", service, host))
    assert use(page, service, "Plain")["path"] == "/library"


def test_plain_html_without_javascript(service: Service, host: Host, visit: Visit) -> None:
    page = visit(published("plain.html", service, host), java_script_enabled=False)
    page.get_by_role("link", name="Help us improve this page").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send feedback").click()
    page.get_by_role("link", name="Back to the page you were on").click()
    expect(page).to_have_url(f"{host.origin}/library")


def test_a_form_of_the_pages_own(service: Service, host: Host, visit: Visit) -> None:
    page = visit(published("form.html", service, host), java_script_enabled=False)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("What were you doing?").fill("a" * 1201)
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("alert")).to_contain_text("must be 1200 characters or fewer")
    page.get_by_label("What were you doing?").fill("Reading")
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your feedback")
    item = service.items()[0]
    assert (item["useful"], item["doing"], item["path"]) == ("yes", "Reading", "/library")
    page.get_by_role("link", name="Back to the page you were on").click()
    expect(page).to_have_url(f"{host.origin}/library")


@pytest.mark.parametrize("script", [True, False])
def test_the_form_inside_the_element_of_a_strict_page(
    service: Service, host: Host, visit: Visit, script: bool
) -> None:
    text = filled((RECIPES / "form.html").read_text(encoding="utf-8"), service, host)
    form = text.partition("<!-- From here")[2].partition("-->")[2].partition("<!-- To here")[0]
    origin = service.origin
    policy = f"default-src 'none'; script-src {origin}; connect-src {origin}; form-action {origin}"
    element = f'<page-feedback server="{origin}">{form}</page-feedback>'
    page = visit(host.show(element, policy=policy), java_script_enabled=script)
    if script:
        expect(page.locator("page-feedback > form")).to_be_hidden()
        assert use(page, service, "Script")["path"] == "/library"
    else:
        page.get_by_label("What were you doing?").fill("No script")
        page.get_by_role("button", name="Send feedback").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your feedback")
        assert service.items()[0]["doing"] == "No script"


@pytest.mark.parametrize("link", ["give your feedback", "Report a problem with this page"])
def test_govuk_frontend_links(service: Service, host: Host, visit: Visit, link: str) -> None:
    page = visit(published("govuk.html", service, host), java_script_enabled=False)
    page.get_by_role("link", name=link).click()
    expect(page.get_by_text("Your feedback is about")).to_contain_text(f"{host.origin}/library")


def test_wordpress_custom_html_block(service: Service, host: Host, visit: Visit) -> None:
    block = filled((RECIPES / "wordpress.html").read_text(encoding="utf-8"), service, host)
    # What WordPress puts around a block, with its own styles for aligned blocks.
    host.html = (
        '<!doctype html><html lang="en-GB"><head><title>Opening hours – Town Council</title>'
        "<style>.is-layout-constrained > * { max-width: 40rem; margin: 1.5rem auto !important }</style>"
        '</head><body class="wp-singular"><div class="wp-block-post-content is-layout-constrained">'
        f"<h1>Opening hours</h1>{block}</div></body></html>"
    )
    page = visit(f"{host.origin}/library")
    assert use(page, service, "WordPress")["title"] == "Opening hours – Town Council"


class DrupalAttributes(str):
    """Drupal's attributes of an element, as far as the template asks for them."""

    def addClass(self, *classes: str) -> Markup:  # noqa: N802  # Drupal's name
        return Markup(' class="{}"').format(" ".join(classes))


def test_drupal_template_of_localgov(service: Service, host: Host, visit: Visit) -> None:
    # Twig grew out of Jinja, which can run this template when it is told of Drupal's functions.
    environment = Environment(autoescape=True)
    environment.filters |= {"render": str, "t": str, "url_encode": environment.filters["urlencode"]}
    folder = RECIPES / "localgov-drupal"
    twig = (folder / "block--page-feedback.html.twig").read_text(encoding="utf-8")
    html = environment.from_string(twig).render(
        url=lambda _name: f"{host.origin}/library",
        attach_library=lambda _name: "",
        attributes=DrupalAttributes(),
        language={"id": "cy"},
    )
    assert "/widget/v1.js:" in (folder / "my_theme.libraries.yml").read_text(encoding="utf-8")
    page = visit(host.show(filled(html, service, host), lang="en"))
    widget(page).locator("#yes").click()
    expect(status(page)).to_have_text("Diolch am eich adborth. Gallwch ddweud mwy wrthym.")
    link = page.locator("page-feedback a").get_attribute("href") or ""
    assert httpx.get(link).text.count(f"{host.origin}/library") >= 2


def test_mkdocs_material(service: Service, host: Host, visit: Visit, tmp_path: Path) -> None:
    shutil.copytree(RECIPES / "mkdocs", tmp_path, dirs_exist_ok=True)
    for file in (tmp_path / "mkdocs.yml", tmp_path / "overrides" / "main.html"):
        text = filled(file.read_text(encoding="utf-8"), service, host)
        file.write_text(text.replace("https://handbook.example.gov.uk", host.origin), encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Handbook\n\n[Bins](bins.md)\n", encoding="utf-8")
    (tmp_path / "docs" / "bins.md").write_text("# Bins\n\nOn Mondays.\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=tmp_path, check=True, capture_output=True
    )
    host.publish(tmp_path / "site")

    page = visit(f"{host.origin}/")
    assert use(page, service, "MkDocs")["path"] == "/"
    page.get_by_role("paragraph").get_by_role("link", name="Bins").click()
    expect(page.get_by_role("heading", name="Bins")).to_be_visible()
    assert use(page, service, "MkDocs, the next page")["path"] == "/bins/"


def test_docusaurus(service: Service, host: Host, visit: Visit, tmp_path: Path) -> None:
    bundle = tmp_path / "app.js"
    stub = RECIPES.parents[1] / "tests" / "browser" / "docusaurus.jsx"
    modules = {
        "@theme-original/DocItem/Footer": "export { Footer as default } from",
        "@docusaurus/router": "export { useLocation } from",
        "@docusaurus/useDocusaurusContext": "export { useDocusaurusContext as default } from",
    }
    aliases = []
    for number, (name, export) in enumerate(modules.items()):
        module = tmp_path / f"{number}.js"
        module.write_text(f'{export} "{stub}";', encoding="utf-8")
        aliases.append(f"--alias:{name}={module}")
    start = tmp_path / "start.js"
    start.write_text(f'import {{ run }} from "{stub}"; run();', encoding="utf-8")
    subprocess.run(
        [
            NODE / ".bin" / "esbuild",
            start,
            "--bundle",
            "--loader:.js=jsx",
            "--define:process.env.NODE_ENV='development'",
            f"--outfile={bundle}",
            "--log-level=error",
            *aliases,
        ],
        check=True,
        env={"NODE_PATH": str(NODE)},
    )
    host.files["/app.js"] = filled(bundle.read_text(encoding="utf-8"), service, host).encode()
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text))

    page = visit(host.show('<div id="root"></div><script src="/app.js" defer></script>'), listen)
    assert use(page, service, "Docusaurus")["path"] == "/library"
    page.get_by_role("button", name="Next page").click()
    assert use(page, service, "Docusaurus, the next page")["path"] == "/library/next"
    expect(page.locator("page-feedback a")).to_have_attribute("href", re.compile("%2Flibrary%2Fnext$"))
    assert [text for text in complaints if "hydrat" in text.lower()] == []


def test_a_single_page_app(service: Service, host: Host, visit: Visit) -> None:
    page = visit(published("single-page-app.html", service, host))
    sent = submissions(page)
    use(page, service, "First page")
    page.get_by_role("link", name="Branches").click()
    use(page, service, "Second page")
    page.go_back()
    expect(page.get_by_role("heading", name="Opening hours")).to_be_visible()
    report(page, "First page again")
    send(page)
    expect(status(page)).to_have_text(THANKS)
    assert [(one["page"], one["title"]) for one in sent] == [
        (f"{host.origin}/library", "Opening hours – Library"),
        (f"{host.origin}/library", "Opening hours – Library"),
        (f"{host.origin}/library/branches", "Branches – Library"),
        (f"{host.origin}/library/branches", "Branches – Library"),
        (f"{host.origin}/library", "Opening hours – Library"),
    ]


def test_three_looks(service: Service, host: Host, visit: Visit) -> None:
    host.files["/looks.css"] = (RECIPES / "looks.css").read_bytes()
    page = visit(published("looks.html", service, host))
    assert violations(page) == []
    for element in page.locator("page-feedback").all():
        element.locator("#report").click()
    assert violations(page) == []
    backgrounds = {
        element.locator("#send").evaluate("send => getComputedStyle(send).backgroundColor")
        for element in page.locator("page-feedback").all()
    }
    assert len(backgrounds) == 3


def test_one_more_language(service: Service, host: Host, visit: Visit) -> None:
    host.files["/polish.js"] = (RECIPES / "polish.js").read_bytes()
    address = host.show(f'<page-feedback server="{service.origin}"></page-feedback>', lang="pl")
    host.html = host.html.replace("<head>", '<head><script src="/polish.js" defer></script>')
    page = visit(address)
    region = page.get_by_role("region", name="Czy ta strona jest przydatna?")
    expect(region).to_have_attribute("lang", "pl")
    widget(page).locator("#yes").click()
    expect(status(page)).to_have_text("Dziękujemy za opinię. Możesz napisać więcej.")
    assert service.items()[0]["lang"] == "pl"
