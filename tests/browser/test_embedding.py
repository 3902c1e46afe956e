"""The widget is a good guest: of strict and hostile pages, many times, late, in a single-page app."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import (
    embed,
    report,
    send,
    status,
    submissions,
    widget,
)
from tests.browser.host import Host
from tests.service import Service

SCRIPT = files("feedback") / "static" / "widget" / "v1.js"
ROOT = Path(__file__).parents[2]
THANKS = "Thank you for your feedback."


def test_every_text_of_the_widget_is_in_both_languages() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    english, welsh = (
        re.findall(r"^\t\t(\w+): ", part, re.MULTILINE)
        for part in re.findall(r"^\tconst (?:en|cy) = \{(.*?)^\t\}", script, re.MULTILINE | re.DOTALL)
    )
    assert len(english) > 25
    assert english == welsh
    recipe = (Path(__file__).parents[2] / "docs" / "recipes" / "polish.js").read_text(encoding="utf-8")
    assert re.findall(r"^\t\t(\w+): ", recipe, re.MULTILINE) == english


def test_each_text_gives_way_to_an_attribute(service: Service, host: Host, visit: Visit) -> None:
    names = ["question", "yes", "no", "report", "hint", "doing", "wrong", "send", "close"]
    page = visit(host.show(embed(service, " ".join(f'text-{name}="My {name}"' for name in names))))
    for name in names[:4]:
        expect(widget(page).get_by_text(f"My {name}", exact=True)).to_be_visible()
    report(page)
    for name in names[4:]:
        expect(widget(page).get_by_text(f"My {name}", exact=True)).to_be_visible()


@pytest.mark.parametrize("trusted_types", ["require-trusted-types-for 'script'; trusted-types 'none'", ""])
def test_a_strict_page_needs_no_exception(
    service: Service, host: Host, visit: Visit, trusted_types: str
) -> None:
    # `visit` fails on any violation.
    text = (ROOT / "docs" / "strict-pages.md").read_text(encoding="utf-8")
    told = text.partition('title="Content-Security-Policy"\n')[2].partition("\n")[0]
    policy = f"{told.replace('https://feedback.example.gov.uk', service.origin)}; {trusted_types}"
    page = visit(host.show(embed(service), policy=policy))
    widget(page).locator("#no").click()
    widget(page).locator("#comment").fill("Strict")
    send(page)
    expect(status(page)).to_have_text(THANKS)
    assert page.evaluate("violations") == []


def test_a_violation_would_be_seen(service: Service, host: Host, visit: Visit) -> None:
    page = visit(host.show("<p>x</p>", policy="style-src 'none'"))
    page.evaluate("document.querySelector('p').setAttribute('style', 'color: red')")
    page.wait_for_function("violations.length == 1")
    page.evaluate("violations = []")


def test_it_asks_for_nothing_before_the_visitor_acts_and_sends_one_plain_request(
    service: Service, host: Host, visit: Visit
) -> None:
    asked: list[Request] = []

    def watch(page: Page) -> None:
        page.on("request", lambda request: asked.append(request))

    page = visit("", watch)
    page.context.add_cookies([{"name": "session", "value": "x", "url": service.origin}])
    page.goto(host.show(embed(service)))
    widget(page).locator("#yes").wait_for()
    urls = [request.url for request in asked]
    assert [url for url in urls if url.startswith(service.origin)] == [f"{service.origin}/widget.js"]

    asked.clear()
    widget(page).locator("#yes").click()
    expect(status(page)).to_contain_text(THANKS)
    [sent] = asked
    assert (sent.method, sent.url) == ("POST", f"{service.origin}/feedback")
    headers = sent.all_headers()
    # These are what spares the preflight request and the visitor's cookies.
    assert headers["content-type"] == "text/plain;charset=UTF-8"
    assert "cookie" not in headers


def test_a_visitor_who_leaves_does_not_stop_what_is_being_sent(
    service: Service, host: Host, visit: Visit
) -> None:
    def record_options(page: Page) -> None:
        page.add_init_script(
            "const real = fetch; window.fetch = (url, options) => { window.sent = options; "
            "return real(url, options); }"
        )

    page = visit(host.show(embed(service)), record_options)
    widget(page).locator("#yes").click()
    expect(status(page)).to_contain_text(THANKS)
    assert page.evaluate("[sent.keepalive, sent.credentials]") == [True, "omit"]


def test_the_page_is_sent_without_query_and_fragment(service: Service, host: Host, visit: Visit) -> None:
    page = visit(host.show(embed(service)))
    sent = submissions(page)
    widget(page).locator("#yes").click()
    expect(status(page)).to_contain_text(THANKS)
    [one] = sent
    assert one["page"] == f"{host.origin}/library"
    assert (one["title"], one["lang"], one["useful"]) == ("Library opening hours", "en", "yes")
    assert "secret" not in json.dumps(one)


def test_several_in_a_page_do_not_disturb_each_other(service: Service, host: Host, visit: Visit) -> None:
    body = embed(service) + embed(service, 'text-question="Is this section useful?"')
    page = visit(host.show(body))
    first, second = page.locator("page-feedback").all()
    second.locator("#no").click()
    expect(second.locator("form")).to_be_visible()
    expect(first.get_by_role("button", name="Report a problem")).to_be_visible()
    expect(page.get_by_role("region", name="Is this section useful?")).to_be_visible()
    second.locator("#comment").fill("The section is out of date")
    first.locator("#report").click()
    expect(first.locator("#comment")).to_have_value("")


def test_an_element_that_comes_late_or_moves_works(service: Service, host: Host, visit: Visit) -> None:
    page = visit(host.show("<div></div>"))
    page.evaluate(
        """server => {
            const element = document.createElement("page-feedback");
            element.setAttribute("server", server);
            document.querySelector("div").append(element);
            document.body.append(element);
        }""",
        service.origin,
    )
    report(page, "Late")
    send(page)
    expect(status(page)).to_have_text(THANKS)


def test_a_script_that_comes_late_takes_over_the_link(service: Service, host: Host, visit: Visit) -> None:
    address = host.show(embed(service))
    host.html = re.sub(r"<script.*</script>", "", host.html)
    page = visit(address)
    expect(page.get_by_role("link", name="Help us improve this page")).to_be_visible()
    page.add_script_tag(url=f"{service.origin}/widget.js")
    report(page, "Late script")
    send(page)
    expect(status(page)).to_have_text(THANKS)


def test_the_script_given_twice_does_no_harm(service: Service, host: Host, visit: Visit) -> None:
    again = f'<script src="{service.origin}/widget.js?again" defer></script>'
    page = visit(host.show(embed(service) + again))
    expect(widget(page).get_by_role("button")).to_have_count(3)


def test_a_single_page_app_gets_a_new_question_on_its_next_page(
    service: Service, host: Host, visit: Visit
) -> None:
    page = visit(host.show(embed(service)))
    sent = submissions(page)
    widget(page).locator("#yes").click()
    expect(widget(page).locator("form")).to_be_visible()
    page.evaluate("history.pushState({}, '', '/library/branches')")
    expect(widget(page).locator("#yes")).to_be_visible()
    widget(page).locator("#yes").click()
    expect(widget(page).locator("form")).to_be_visible()
    page.evaluate("history.back()")
    expect(widget(page).locator("#yes")).to_be_visible()
    assert [one["page"] for one in sent] == [
        f"{host.origin}/library",
        f"{host.origin}/library/branches",
    ]
    assert sent[0]["id"] != sent[1]["id"]


def test_words_stay_when_the_address_changes_and_are_about_the_page_where_they_were_begun(
    service: Service, host: Host, visit: Visit
) -> None:
    page = visit(host.show(embed(service)))
    sent = submissions(page)
    report(page, "Not finished")
    page.evaluate("history.pushState({}, '', '/library/branches'); document.title = 'Branches'")
    page.wait_for_timeout(1200)
    expect(widget(page).locator("#comment")).to_have_value("Not finished")
    send(page)
    # The thanks are shown until it asks about the next page, and that may be at once.
    expect(status(page)).to_have_class("thanks")
    assert [(one["page"], one["title"]) for one in sent] == [
        (f"{host.origin}/library", "Library opening hours")
    ]
    expect(widget(page).locator("#yes")).to_be_visible()


def test_letters_that_are_shortcuts_of_the_page_are_typed(service: Service, host: Host, visit: Visit) -> None:
    # Many pages go to their search by "/" or "s", unless the event comes from a field.
    shortcuts = """for (const type of ["keydown", "keypress"]) addEventListener(type, (event) => {
        if (event.target.localName != "textarea" && "/s".includes(event.key)) event.preventDefault();
    })"""
    page = visit(host.show(embed(service)), lambda page: page.add_init_script(shortcuts))
    report(page)
    page.keyboard.type("Buses/trams")
    expect(widget(page).locator("#doing")).to_have_value("Buses/trams")
    page.keyboard.press("Tab")
    expect(widget(page).locator("#comment")).to_be_focused()


def test_a_slash_after_the_server_does_no_harm(service: Service, host: Host, visit: Visit) -> None:
    page = visit(host.show(f'<page-feedback server="{service.origin}/"></page-feedback>'))
    widget(page).locator("#yes").click()
    expect(status(page)).to_contain_text(THANKS)


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("cy", "A yw'r dudalen hon yn ddefnyddiol?"),
        ("cy-GB", "A yw'r dudalen hon yn ddefnyddiol?"),
        ("en-GB", "Is this page useful?"),
        ("pl", "Is this page useful?"),
    ],
)
def test_the_nearest_language_decides(
    service: Service, host: Host, visit: Visit, lang: str, question: str
) -> None:
    page = visit(host.show(f'<div lang="{lang}">{embed(service)}</div>'))
    expect(page.get_by_role("region", name=question)).to_be_visible()


def test_attributes_replace_texts_and_limit_and_add_a_contact(
    service: Service, host: Host, visit: Visit
) -> None:
    attributes = (
        'text-question="Did this help?" text-thanks="Ta." text-credit_card="bank card number" '
        'max="40" contact="/contact"'
    )
    page = visit(host.show(embed(service, attributes)))
    expect(widget(page).get_by_text("Did this help?")).to_be_visible()
    report(page, "a" * 41)
    send(page)
    expect(widget(page).locator("#comment-note")).to_have_text("Characters too many: 1")
    widget(page).locator("#comment").fill("paid by 4111 1111 1111 1111")
    send(page)
    send(page)
    expect(status(page)).to_have_text("Ta. We removed 1 bank card number.")
    expect(widget(page).get_by_role("link", name="Need a reply? Contact us")).to_have_attribute(
        "href", "/contact"
    )


def test_a_browser_too_old_keeps_the_link_and_throws_nothing(
    service: Service, host: Host, visit: Visit
) -> None:
    def make_old(page: Page) -> None:
        page.add_init_script("delete window.CSSStyleSheet")

    page = visit(host.show(embed(service)), make_old)
    expect(page.get_by_role("link", name="Help us improve this page")).to_be_visible()


@pytest.mark.parametrize(
    "texts", ['"words"', "5", '{ "no language": {} }', "{ en: null }", "{ en: { yes: 1 } }"]
)
def test_texts_that_are_none_leave_the_link_and_throw_nothing(
    service: Service, host: Host, visit: Visit, texts: str
) -> None:
    host.files["/texts.js"] = f"window.pageFeedbackTexts = {texts};".encode()
    address = host.show(embed(service))
    host.html = host.html.replace("<head>", '<head><script src="/texts.js"></script>')
    page = visit(address)
    page.wait_for_function("!!customElements.get('page-feedback')")
    # Whoever can be asked is asked; where nobody can, the link of the page stays.
    asked = page.locator("page-feedback").evaluate("host => !!host.shadowRoot?.querySelector('button')")
    link = page.locator("page-feedback a")
    assert asked or link.is_visible()
