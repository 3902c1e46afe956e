"""Anyone can use the widget and the visitor's pages: axe, keyboard, focus, names, zoom and contrast."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import CARD, answering, follow, report, send, status, widget
from tests.service import Service

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
LANGUAGES_AND_LOOKS = [(lang, look) for lang in ("en", "cy") for look in LOOKS]


def closed(_page: Page) -> None:
    pass


def voted(page: Page) -> None:
    widget(page).locator("#no").click()
    expect(widget(page).locator("form")).to_be_visible()


def opened(page: Page) -> None:
    report(page)


def warned(page: Page) -> None:
    report(page, CARD)
    send(page)


def too_long(page: Page) -> None:
    report(page, "a" * 1300)
    send(page)


def refused(page: Page) -> None:
    page.route("**/feedback", answering(503))
    report(page, "Not taken")
    send(page)
    expect(status(page)).to_have_class("unsent")


def sending(page: Page) -> None:
    page.route("**/feedback", lambda _route: None)
    report(page, "On its way")
    send(page)
    expect(status(page)).to_have_class("sending")


def offline(page: Page) -> None:
    page.context.set_offline(True)
    widget(page).locator("#yes").click()
    expect(status(page)).to_have_class("unsent")
    page.context.set_offline(False)


def thanked(page: Page) -> None:
    report(page, f"I paid with {CARD}")
    send(page)
    send(page)
    expect(widget(page).locator("form")).to_have_count(0)


STATES = [closed, voted, opened, warned, too_long, sending, refused, offline, thanked]


AXE = Axe()


def violations(page: Page, context: str | None = None) -> list[str]:
    """What axe finds in the page or a part of it, one line a rule: its name and the elements."""
    found = AXE.run(page, context).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize(("lang", "look"), LANGUAGES_AND_LOOKS)
def test_axe_finds_nothing_in_any_state_of_the_widget(
    service: Service, visit: Visit, lang: str, look: str
) -> None:
    # The demo's policy would refuse axe's own script.
    page = visit(bypass_csp=True, **LOOKS[look])
    for state in STATES:
        page.unroute_all()
        page.goto(f"{service.origin}/demo?lang={lang}")
        page.evaluate("sessionStorage.clear()")
        state(page)
        assert violations(page, None if state is closed else "page-feedback") == [], state.__name__


def wrong_form(page: Page) -> None:
    page.get_by_role("textbox").nth(1).fill("a" * 1300)
    page.locator("form").evaluate("form => form.noValidate = true")
    follow(page, page.get_by_role("button"))
    expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize(("lang", "look"), LANGUAGES_AND_LOOKS)
def test_axe_finds_nothing_in_the_pages_without_javascript(
    service: Service, visit: Visit, lang: str, look: str
) -> None:
    page = visit(bypass_csp=True, **LOOKS[look])
    removed = "removed=CREDIT_CARD:1,UK_NINO:2"
    pages: list[tuple[str, Callable[[Page], None]]] = [
        (f"feedback/form?lang={lang}", closed),
        (f"feedback/form?lang={lang}&page={service.origin}/demo", closed),
        (f"feedback/form?lang={lang}", wrong_form),
        (f"feedback/thanks?lang={lang}&page={service.origin}/demo&{removed}", closed),
        (f"nowhere?lang={lang}", closed),
    ]
    for path, state in pages:
        page.goto(f"{service.origin}/{path}")
        state(page)
        assert page.locator("html").get_attribute("lang") == lang
        assert violations(page) == [], path


def test_everything_works_with_the_keyboard_alone(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    for _ in range(20):
        page.keyboard.press("Tab")
        if widget(page).locator("#yes").evaluate("button => button.matches(':focus')"):
            break
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Thank you for your feedback. You can tell us more.")
    expect(status(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Reading")
    page.keyboard.press("Tab")
    page.keyboard.type("Too many words")
    page.keyboard.press("Tab")
    expect(widget(page).locator("#send")).to_be_focused()
    page.keyboard.press("Space")
    expect(status(page)).to_have_text("Thank you for your feedback.")
    expect(status(page)).to_be_focused()
    item = service.items()[0]
    assert (item["doing"], item["comment"]) == ("Reading", "Too many words")


def test_closing_brings_the_focus_back_to_the_button_that_opened(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    report(page)
    expect(widget(page).locator("#doing")).to_be_focused()
    widget(page).locator("#close").click()
    expect(widget(page).locator("#report")).to_be_focused()


def test_every_field_has_a_name_the_privacy_hint_and_its_error(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    report(page, "a" * 1201)
    send(page)
    hint = (
        "Do not include personal or financial information like your National Insurance number "
        "or credit card details."
    )
    expect(widget(page).get_by_label("What were you doing?")).to_have_accessible_description(hint)
    comment = widget(page).get_by_label("What went wrong?")
    expect(comment).to_have_accessible_description(f"{hint} Characters too many: 1")
    expect(widget(page).get_by_role("textbox")).to_have_count(2)


def test_targets_are_large_enough_and_nothing_overflows_at_400_percent_zoom(
    service: Service, visit: Visit
) -> None:
    # 1280 pixels at 400 % are 320.
    page = visit(f"{service.origin}/demo", viewport={"width": 320, "height": 256})
    for state in (closed, opened):
        state(page)
        boxes = [button.bounding_box() for button in widget(page).get_by_role("button").all()]
        assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for path in ("feedback/form", "feedback/form?lang=cy", "demo?lang=cy"):
        page.goto(f"{service.origin}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


CLIPPED = """root => [...(root.shadowRoot ?? root).querySelectorAll("button, label, p, b, a, legend, h1")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
    .map((element) => element.textContent)"""
SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }"""


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_words_set_wider_are_not_cut_off(service: Service, visit: Visit, lang: str) -> None:
    # The spacing of WCAG 1.4.12, which readers set by a style sheet of their own.
    page = visit(bypass_csp=True, viewport={"width": 320, "height": 640})
    for path, part in ((f"demo?lang={lang}", "page-feedback"), (f"feedback/form?lang={lang}", "main")):
        page.goto(f"{service.origin}/{path}")
        page.add_style_tag(content=SPACING)
        if part == "page-feedback":
            assert page.locator(part).evaluate(CLIPPED) == []
            report(page)
        assert page.locator(part).evaluate(CLIPPED) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
