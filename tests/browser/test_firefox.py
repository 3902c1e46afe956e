"""The widget in Firefox: by keyboard alone, without JavaScript, in strict pages, on bad networks."""

from collections.abc import Iterator
from importlib.resources import files

import pytest

from tests.browser.firefox import Firefox
from tests.browser.helpers import CARD, HOSTILE, embed
from tests.browser.host import Host
from tests.service import Service, free_port, wait_until

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
THANKS = "Thank you for your feedback."
MORE = f"{THANKS} You can tell us more."
AWAY = "Not sent. We could not take it. Please send again."


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with Firefox(tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture
def host(service: Service) -> Iterator[Host]:
    with Host(service) as running:
        yield running


def elsewhere(host: Host, server: str = "") -> str:
    """An embedded widget that sends to the host itself, or to another address."""
    return embed(host.service).replace(f'server="{host.service.origin}"', f'server="{server or host.origin}"')


def test_everything_works_with_the_keyboard_alone(service: Service, firefox: Firefox) -> None:
    firefox.visit(f"{service.origin}/demo")
    for _ in range(20):
        firefox.press("TAB")
        if firefox.run(
            "return document.querySelector('page-feedback').shadowRoot.activeElement?.id === 'yes'"
        ):
            break
    firefox.press("TAB", "ENTER")
    firefox.expect(MORE)
    firefox.press("TAB", "Reading", "TAB", "Too many words", "TAB", " ")
    firefox.expect(THANKS)
    item = service.items()[0]
    assert (item["doing"], item["comment"]) == ("Reading", "Too many words")


def test_a_number_is_warned_about_then_removed_and_named(service: Service, firefox: Firefox) -> None:
    firefox.visit(f"{service.origin}/demo?lang=cy")
    firefox.report(f"Talais â {CARD}")
    firefox.inside("#send").click()
    assert firefox.inside("#comment-note").text.startswith("Mae hwn yn edrych fel rhif cerdyn")
    firefox.inside("#send").click()
    firefox.expect("Diolch am eich adborth. Rydym wedi dileu 1 rhif cerdyn.")
    assert service.items()[0]["comment"] == "Talais â [CREDIT_CARD]"


def test_without_javascript_the_link_leads_to_the_form(service: Service, firefox: Firefox) -> None:
    firefox.prefer(javascript__enabled=False)
    try:
        firefox.visit(f"{service.origin}/demo")
        find = firefox.marionette.find_element
        firefox.follow(find("css selector", "page-feedback a"))
        find("id", "comment").send_keys("No script here")
        firefox.follow(find("css selector", "form button"))
        assert find("css selector", "h1").text == "Thank you for your feedback"
        assert service.items()[0]["comment"] == "No script here"
        firefox.follow(find("css selector", "main a"))
        assert firefox.marionette.get_url() == f"{service.origin}/demo"
    finally:
        firefox.prefer(javascript__enabled=None)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(service: Service, firefox: Firefox, dark: bool) -> None:
    firefox.prefer(layout__css__prefers_color_scheme__content_override=0 if dark else 1)
    try:
        firefox.visit(f"{service.origin}/demo")
        assert firefox.axe(AXE) == []
        firefox.report(f"Talais â {CARD}")
        firefox.inside("#send").click()
        assert firefox.axe(AXE) == []
    finally:
        firefox.prefer(layout__css__prefers_color_scheme__content_override=None)


def test_a_strict_page_needs_no_exception(service: Service, host: Host, firefox: Firefox) -> None:
    policy = (
        f"default-src 'none'; script-src {service.origin}; connect-src {service.origin}; "
        f"form-action {service.origin}; require-trusted-types-for 'script'; trusted-types 'none'; "
        "report-uri /reports"
    )
    firefox.visit(host.show(embed(service), policy=policy))
    firefox.report("Strict")
    firefox.inside("#send").click()
    firefox.expect(THANKS)
    assert host.reports == []
    firefox.visit(host.show('<p style="color: red">A violation would be seen.</p>', policy=policy))
    wait_until(lambda: host.reports)


def test_the_styles_of_a_hostile_page_do_not_reach_inside(
    service: Service, host: Host, firefox: Firefox
) -> None:
    firefox.visit(host.show(HOSTILE + embed(service)))
    firefox.report("Hostile")
    style = (
        "const style = getComputedStyle(document.querySelector('page-feedback').shadowRoot.activeElement);"
        "return [style.outlineStyle, style.display];"
    )
    assert firefox.run(style) == ["solid", "block"]
    firefox.inside("#send").click()
    firefox.expect(THANKS)


@pytest.mark.parametrize(
    ("status", "seconds", "said"),
    [
        (429, "45", "Not sent. Too many messages. Minutes to wait: 1"),
        (503, "5", "Not sent. We could not take it. Minutes to wait: 1"),
    ],
)
def test_a_refused_submission_is_not_sent_and_its_words_stay(
    service: Service, host: Host, firefox: Firefox, status: int, seconds: str, said: str
) -> None:
    host.answer = (status, {"Retry-After": seconds})
    firefox.visit(host.show(elsewhere(host)))
    firefox.report("The link is broken")
    firefox.inside("#send").click()
    firefox.expect(said)
    assert firefox.inside("#comment").get_property("value") == "The link is broken"
    firefox.run(
        "document.querySelector('page-feedback').setAttribute('server', arguments[0])", service.origin
    )
    firefox.inside("#send").click()
    firefox.expect(THANKS)


def test_a_slow_network_is_told_and_a_double_click_sends_once(
    service: Service, host: Host, firefox: Firefox
) -> None:
    host.answering.clear()
    firefox.visit(host.show(elsewhere(host)))
    button = firefox.inside("#yes")
    firefox.marionette.actions.sequence("pointer", "mouse", {"pointerType": "mouse"}).click(button).click(
        button
    ).perform()
    firefox.expect("Sending…")
    host.answering.set()
    firefox.expect(AWAY)
    assert host.posts == 1


def test_a_broken_network_and_being_offline_are_told(service: Service, host: Host, firefox: Firefox) -> None:
    firefox.visit(host.show(elsewhere(host, f"http://127.0.0.1:{free_port()}")))
    firefox.inside("#yes").click()
    firefox.expect(AWAY)
    firefox.offline(yes=True)
    try:
        firefox.inside("#yes").click()
        firefox.expect("Not sent. You are offline. Please send again.")
    finally:
        firefox.offline(yes=False)


def test_words_survive_the_back_button(service: Service, firefox: Firefox) -> None:
    firefox.visit(f"{service.origin}/demo")
    firefox.report("Half a sentence")
    firefox.marionette.navigate(f"{service.origin}/feedback/form")
    firefox.marionette.go_back()
    if not firefox.has("#comment"):  # the page was loaded anew and not kept as it was
        firefox.inside("#report").click()
    assert firefox.inside("#comment").get_property("value") == "Half a sentence"


def test_two_tabs_do_not_share_words(service: Service, firefox: Firefox) -> None:
    firefox.visit(f"{service.origin}/demo")
    firefox.report("First tab")
    first = firefox.tab(f"{service.origin}/demo")
    firefox.inside("#report").click()
    assert firefox.inside("#comment").get_property("value") == ""
    firefox.inside("#comment").send_keys("Second tab")
    firefox.inside("#send").click()
    firefox.expect(THANKS)
    firefox.marionette.close()
    firefox.marionette.switch_to_window(first)
    firefox.inside("#send").click()
    firefox.expect(THANKS)
    assert [item["comment"] for item in service.items()[:2]] == ["First tab", "Second tab"]
