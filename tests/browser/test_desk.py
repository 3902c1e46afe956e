"""The desk in a real browser: axe, any width, both languages, without JavaScript, by keys, under attack."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import enter, follow
from tests.browser.test_accessible import LOOKS, violations
from tests.service import Service

SAID = (
    ("/bins", "Bin days", "no", "The calendar says Tuesday but they came on Monday."),
    ("/bins", "Bin days", "no", "Calendar will not load on my phone."),
    ("/tax", "Council tax", "no", "I paid with 4111 1111 1111 1111 and it said error."),
    ("/tax", "Council tax", "yes", "Quick and easy, thank you."),
    ("/housing", "Homes", "no", "He hits me and I am not safe at home."),
    ("/libraries/" + "long-" * 40, "L" * 120, "yes", "w" * 200),
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("service")
    with Service(folder) as running:
        for path, title, useful, comment in SAID:
            sent = {"title": title, "useful": useful, "comment": comment, "lang": "en"}
            assert running.post(page=f"{running.origin}{path}", **sent).status_code == 201
        keys = [item["id"] for item in running.items()]
        running.api(
            "feedback/bulk", "POST", json={"ids": keys[:1], "status": "open", "add_tag": "long words"}
        )
        running.api(f"feedback/{keys[1]}/notes", "POST", json={"text": "Asked the housing team."})
        yield running


def addresses(service: Service) -> list[str]:
    items = {item["path"]: item["id"] for item in service.items()}
    shown = ("/housing", "/tax", SAID[-1][0])
    return [
        "",
        "?q=calendar&useful=no&since=2026-01-01",
        "?q=nothing",
        *(f"/{items[path]}" for path in shown),
    ]


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")


@pytest.mark.parametrize(("lang", "look"), [("en", "light"), ("cy", "dark"), ("en", "forced")])
def test_axe_finds_nothing_in_any_state(
    service: Service, visit: Visit, signed_in: StorageState, lang: str, look: str
):
    page = visit(bypass_csp=True, storage_state=signed_in, locale=lang, **LOOKS[look])
    for address in addresses(service):
        page.goto(f"{service.origin}/admin/feedback{address}")
        open_all(page)
        assert page.locator("html").get_attribute("lang") == lang
        assert violations(page) == [], address
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 360, 800, 1400])
def test_nothing_runs_over_at_any_width(service: Service, visit: Visit, signed_in: StorageState, width: int):
    page = visit(storage_state=signed_in, viewport={"width": width, "height": 800}, locale="cy")
    for address in addresses(service):
        page.goto(f"{service.origin}/admin/feedback{address}")
        open_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("locale", ["en-GB", "cy"])
def test_the_bar_keeps_its_lines_in_both_languages_however_long_a_name_is(
    service: Service, signed_in: StorageState, visit: Visit, locale: str
) -> None:
    page = visit(f"{service.origin}/admin/feedback", storage_state=signed_in, locale=locale)
    page.locator(".own a").evaluate("link => { link.textContent = 'Oluwaseun Featherstonehaugh '.repeat(9) }")
    parts = page.locator(".bar ul:not(.own) a")
    for width, is_menu in ((1280, False), (960, False), (768, True), (320, True)):
        page.set_viewport_size({"width": width, "height": 740})
        bar = page.get_by_role("banner").bounding_box()
        assert bar
        assert bar["height"] <= 104, width
        assert parts.first.is_hidden() == is_menu
        if not is_menu:
            assert parts.evaluate_all("links => new Set(links.map((link) => link.offsetTop)).size") == 1
            assert parts.first.evaluate("link => getComputedStyle(link).color") == "rgb(255, 255, 255)"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


@pytest.mark.parametrize("width", [360, 1400])
def test_a_mornings_work_needs_no_javascript(
    service: Service, visit: Visit, signed_in: StorageState, width: int
):
    page = visit(
        f"{service.origin}/admin/feedback",
        storage_state=signed_in,
        java_script_enabled=False,
        viewport={"width": width, "height": 800},
    )
    page.get_by_label("Search words").fill("calendar")
    follow(page, page.get_by_role("button", name="Search"))
    expect(page.locator("mark.hit")).to_have_text(["Calendar", "calendar"])
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Vote").select_option("no")
    follow(page, page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile("q=calendar.*useful=no"))
    for box in page.get_by_role("checkbox", name="Select number").all():
        box.check()
    page.get_by_label("Status", exact=True).select_option("done")
    page.get_by_label("Add a tag").fill("calendar")
    follow(page, page.get_by_role("button", name="Change"))
    expect(page.get_by_role("status")).to_have_text("2 changed.")
    expect(page.locator(".row .status")).to_have_text(["Done", "Done"])
    follow(page, page.locator(".row h2 a").first)
    expect(page.locator(".tag")).to_have_text("calendar")
    follow(page, page.get_by_role("link", name="Next", exact=True))
    expect(page.locator(".quote").first).to_contain_text("Tuesday")
    expect(page.get_by_role("link", name="Next", exact=True)).to_have_count(0)
    follow(page, page.get_by_role("link", name="Back to the inbox"))
    follow(page, page.get_by_role("button", name="Undo my last change (2)"))
    expect(page.locator(".row .status")).to_have_text(["New", "New"])
    expect(page.locator(".tag")).to_have_count(0)


def test_what_was_missed_goes_at_once_and_a_note_stays(
    service: Service, visit: Visit, signed_in: StorageState
):
    page = visit(f"{service.origin}/admin/feedback?path=/tax&useful=yes", storage_state=signed_in)
    follow(page, page.locator(".row h2 a"))
    page.get_by_label("Write a note").fill("Their card was 4111 1111 1111 1111")
    follow(page, page.get_by_role("button", name="Add note"))
    expect(page.locator(".note .whole")).to_have_text("Their card was [CREDIT_CARD]")
    # Words that are marked on the page are taken over.
    page.locator(".quote bdi").evaluate(
        "node => { const range = document.createRange(); range.setStart(node.firstChild, 0);"
        " range.setEnd(node.firstChild, 5); getSelection().addRange(range); }"
    )
    page.get_by_text("Something personal was missed").click()
    expect(page.get_by_label("Words to take out")).to_have_value("Quick")
    follow(page, page.get_by_role("button", name="Take out"))
    expect(page.locator(".quote").first).to_have_text("[PERSON] and easy, thank you.")
    follow(page, page.get_by_role("button", name="Wrongly removed"))
    expect(page.locator("#removed")).to_contain_text("Marked as wrongly removed")
    page.goto(f"{service.origin}/admin/feedback?q=quick")
    expect(page.locator(".row")).to_have_count(0)


def test_keys_move_decide_search_and_explain_without_a_reload(
    service: Service, visit: Visit, signed_in: StorageState
):
    page = visit(f"{service.origin}/admin/feedback?path=/bins", storage_state=signed_in)
    page.evaluate("window.untouched = true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".row h2 a").first).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_role("status")).to_have_text("1 changed.")
    expect(page.locator(".row .status")).to_have_text(["Done", "New"])
    expect(page.locator(".row h2 a").nth(1)).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator(".row .status")).to_have_text(["Done", "Spam"])
    page.keyboard.press("/")
    expect(page.get_by_label("Search words")).to_be_focused()
    page.keyboard.type("d?")
    expect(page.get_by_label("Search words")).to_have_value("d?")
    page.locator(".row h2 a").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("window.untouched")
    # What a key did by mistake is taken back where it was done.
    follow(page, page.get_by_role("button", name="Undo my last change (1)"))
    expect(page.get_by_role("status")).to_have_text("1 taken back.")
    expect(page.locator(".row .status")).to_have_text(["Done", "New"])
    page.goto(f"{service.origin}/admin/feedback?path=/bins&status=done")
    page.keyboard.press("j")
    enter(page)
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(page).to_have_url(re.compile(r"/admin/feedback\?path="))
    expect(page.locator(".row")).to_have_count(0)


def test_saved_views_are_found_again(service: Service, visit: Visit, signed_in: StorageState):
    page = visit(f"{service.origin}/admin/feedback?tag=long+words", storage_state=signed_in)
    page.get_by_text("Save this view").first.click()
    page.get_by_label("Name").fill("Too long")
    enter(page)
    expect(page.get_by_role("link", name="Too long")).to_be_visible()
    page.goto(f"{service.origin}/admin/feedback")
    follow(page, page.get_by_role("link", name="Too long"))
    expect(page.locator(".row")).to_have_count(1)


PIECES = (
    "<script>fired(1)</script>",
    "<img src=x onerror=fired(1)>",
    "<svg onload=fired(1)>",
    "<svg><animate onbegin=fired(1) attributeName=x dur=1s>",
    "<body onload=fired(1)>",
    "<iframe srcdoc='<script>parent.fired(1)</script>'></iframe>",
    "<a href=javascript:fired(1) autofocus onfocus=fired(1)>x</a>",
    "<details open ontoggle=fired(1)>",
    "<style>@import 'javascript:fired(1)'</style>",
    "<input autofocus onfocus=fired(1)>",
    "<math><mi xlink:href='javascript:fired(1)'>x",
    "<marquee onstart=fired(1)>x</marquee>",
    "<object data='data:text/html,<script>fired(1)</script>'></object>",
    "<template><script>fired(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=fired(1)>'>",
    "{{ fired(1) }}${fired(1)}",
    "<meta http-equiv=refresh content='0;url=javascript:fired(1)'>",
    "<form><button formaction=javascript:fired(1)>x",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "\u2028<script>fired(1)</script>",
    "<ScRiPt/x>fired(1)</sCrIpT >",
    "&lt;script&gt;fired(1)&lt;/script&gt;",
    "<mark title='x' onmouseover=fired(1)>[UK_NINO]</mark>",
    "<dialog open onclose=fired(1)><script src=/static/desk.js></script>",
)
WRAPS = (
    "{}",
    '">{}',
    "'>{}",
    "</p>{}",
    "</title>{}",
    "</textarea>{}",
    "</script>{}",
    "--> {}",
    "]]>{}",
    "</option></select>{}",
    "<!--{}",
    "`{}`",
    '" autofocus onfocus=fired(1) x="{}',
    "' style='x:expression(fired(1))' y='{}",
    "\\u003c{}",
    "%3C{}",
    "\ufeff{}",
    "</bdi></mark>{}",
    "<![CDATA[{}]]>",
    "find {} me",
)


def test_500_stored_scripts_are_shown_as_typed_and_never_run(
    service: Service, visit: Visit, signed_in: StorageState
):
    payloads = [wrap.format(piece) for piece in PIECES for wrap in WRAPS]
    assert len(set(payloads)) == 500
    with httpx.Client(timeout=10) as client:
        for payload in payloads:
            sent = {
                "title": payload,
                "doing": payload,
                "comment": payload,
                "page": f"{service.origin}/attack",
            }
            assert client.post(f"{service.origin}/feedback", json=sent).status_code == 201
    page = visit(storage_state=signed_in)
    fired: list[object] = []
    page.expose_function("fired", lambda *given: fired.append(given))
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text))
    shown: set[str] = set()
    item = ""
    for status in ("", "spam"):
        page.goto(f"{service.origin}/admin/feedback?path=/attack&status={status}")
        while True:
            shown.update(page.locator(".row .words:not(:has(.label)) bdi").all_text_contents())
            older = page.get_by_role("link", name="Older", exact=True)
            if not older.count():
                break
            follow(page, older)
    assert {text.strip() for text in shown} >= {payload.strip() for payload in payloads}
    # With hits marked within them, and each piece on a page of its own.
    page.goto(f"{service.origin}/admin/feedback?path=/attack&q=fired+1")
    expect(page.locator("mark.hit").first).to_be_visible()
    items = service.api("feedback", params={"path": "/attack", "limit": "200"}).json()["items"]
    for item in items[::8]:
        page.goto(f"{service.origin}/admin/feedback/{item['id']}?path=/attack")
        assert page.locator(".quote bdi").first.text_content() == item["comment"]
    assert fired == []
    assert reports == []
    assert page.evaluate("violations") == []
