"""The widget's place in a page: no shift, not printed, no harm from hostile styles, right-to-left pages."""

import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import HOSTILE, embed, report, send, status, widget
from tests.browser.host import Host
from tests.service import Service

THANKS = "Thank you for your feedback."
RECORD_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
        .observe({ type: "layout-shift", buffered: true });
"""


def test_it_takes_the_place_of_the_link_without_a_shift(service: Service, host: Host, visit: Visit) -> None:
    body = f"<style>body {{ line-height: 1.5 }}</style>{embed(service)}<p id='next'>Next</p>"
    options = {"viewport": {"width": 1000, "height": 600}}
    heights = []
    for script in (False, True):
        page = visit(host.show(body), java_script_enabled=script, **options)
        box = page.locator("#next").bounding_box()
        assert box
        heights.append(box["y"])
    assert heights[0] == heights[1]


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_a_page_that_leaves_room_for_it_does_not_shift(
    service: Service, visit: Visit, width: int, lang: str
) -> None:
    def slow_script(page: Page) -> None:
        page.add_init_script(RECORD_SHIFTS)
        page.route("**/widget/v1.js", late)

    def late(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    # So high that all of the page is in view, and any shift would count.
    address = f"{service.origin}/demo?lang={lang}"
    page = visit(address, slow_script, viewport={"width": width, "height": 2400})
    widget(page).locator("#yes").wait_for()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert page.evaluate("shifts") == []


def test_a_shift_would_be_seen(service: Service, host: Host, visit: Visit) -> None:
    page = visit(host.show("<p>Below</p>"), lambda page: page.add_init_script(RECORD_SHIFTS))
    page.locator("h1").evaluate("heading => { heading.hidden = true }")
    page.wait_for_function("shifts.length > 0")


def test_it_is_not_printed(service: Service, host: Host, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    expect(widget(page)).to_be_visible()
    page.emulate_media(media="print")
    expect(widget(page)).to_be_hidden()


def test_the_styles_of_a_hostile_page_do_not_reach_inside(service: Service, host: Host, visit: Visit) -> None:
    page = visit(host.show(HOSTILE + embed(service)))
    report(page, "Hostile")
    comment = widget(page).locator("#comment")
    comment.focus()
    assert comment.evaluate("field => getComputedStyle(field).outlineStyle") == "solid"
    hint = widget(page).locator("#hint")
    assert hint.evaluate("hint => getComputedStyle(hint).whiteSpace") == "normal"
    send(page)
    expect(status(page)).to_have_text(THANKS)


def test_in_right_to_left_pages_each_language_keeps_its_own_direction(
    service: Service, host: Host, visit: Visit
) -> None:
    host.files["/arabic.js"] = 'window.pageFeedbackTexts = { ar: { yes: "نعم", no: "لا" } };'.encode()
    arabic = '<div lang="ar">' + embed(service, 'text-question="هل هذه الصفحة مفيدة؟"') + "</div>"
    address = host.show(f'<div dir="rtl">{embed(service)}{arabic}</div>')
    host.html = host.html.replace("<head>", '<head><script src="/arabic.js" defer></script>')
    page = visit(address)
    for element, direction in zip(page.locator("page-feedback").all(), ("ltr", "rtl"), strict=True):
        yes, no = (element.locator(f"#{name}").bounding_box() for name in ("yes", "no"))
        assert yes
        assert no
        assert (yes["x"] < no["x"]) == (direction == "ltr")
        element.locator("#report").click()
        comment = element.locator("#comment")
        for words, expected in (("4111 1111 1111 1111", "ltr"), ("مرحبا", "rtl")):
            comment.fill(words)
            assert comment.evaluate("field => getComputedStyle(field).direction") == expected
