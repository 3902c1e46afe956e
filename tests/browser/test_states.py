"""The widget never shows as sent what was not, and never loses a word."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers import NINO, answering, report, send, status, submissions, widget
from tests.scrubbers import test_credit_card, test_uk_nino
from tests.service import Service

BUSY = "Not sent. Too many messages. Please send again."
AWAY = "Not sent. We could not take it. Please send again."
OFFLINE = "Not sent. You are offline. Please send again."
THANKS = "Thank you for your feedback."

# Writings that the widget leaves to the server; it warns about all others of the scrubber's own tests.
LEFT_TO_THE_SERVER = {
    "4222222222222",
    "sinceCE123456C09:30",
    *(
        test_uk_nino.HITS[name]
        for name in (
            "odd groups",
            "one by one",
            "full-width",
            "Arabic digits",
            "Cyrillic letters",
            "percent-encoded",
            "entities",
            "JSON",
            "tags",
            "number words",
            "O for 0",
            "l for 1",
            "no suffix, grouped",
            "no suffix, with a word",
            "no suffix, with a Welsh word",
        )
    ),
    *(
        test_credit_card.HITS[name]
        for name in (
            "full-width",
            "pairs",
            "eights",
            "odd groups",
            "one by one",
            "percent-encoded",
            "entities",
            "br",
            "number words",
        )
    ),
}
HITS = [
    *test_uk_nino.HITS.values(),
    *test_uk_nino.GLUED,
    *test_credit_card.PLAIN,
    *test_credit_card.HITS.values(),
    "card 4111 1111 1111 1111 123",
]
NEAR_MISSES = [
    *test_uk_nino.NEAR_MISSES,
    *test_credit_card.NEAR_MISSES,
    "planning reference 23/01234/FUL",
    "4111 1111 1111 1116",
    "call 01632 960123 or 07700 900123",
    "council tax reference 12345678",
    "from 12.10.2024 to 31.12.2025",
]
# Presses Send for each text, and gives those that it warned about.
WARNED = """texts => {
    const root = document.querySelector("page-feedback").shadowRoot;
    const [field, send] = ["comment", "send"].map((id) => root.getElementById(id));
    return texts.filter((text) => {
        field.value = text;
        send.click();
        return field.nextSibling.textContent.startsWith("This looks like");
    });
}"""


def test_a_warning_stays_when_send_follows_typing_at_once(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    report(page, f"My number is {NINO}")
    send(page)
    page.wait_for_timeout(900)  # longer than the pause after which the counter speaks
    expect(widget(page).locator("#comment-note")).not_to_be_empty()


def test_it_says_sending_and_thanks_only_after_the_answer(service: Service, visit: Visit) -> None:
    held: list[Route] = []
    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", lambda route: held.append(route))
    report(page, "The link is broken")
    with page.expect_request("**/feedback"):
        send(page)
    page.wait_for_timeout(500)
    while not held:
        page.wait_for_timeout(50)
    expect(status(page)).to_have_text("Sending…")
    held[0].continue_()
    expect(status(page)).to_have_text(THANKS)


@pytest.mark.parametrize(
    ("code", "message"), [(429, BUSY), (503, AWAY), (500, AWAY), (403, AWAY), (413, AWAY), (422, AWAY)]
)
def test_a_refused_submission_is_not_sent_and_its_words_stay(
    service: Service, visit: Visit, code: int, message: str
) -> None:
    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", answering(code))
    sent = submissions(page)
    report(page, "The link is broken")
    send(page)
    expect(status(page)).to_have_text(message)
    expect(widget(page).locator("#comment")).to_have_value("The link is broken")

    page.unroute("**/feedback")
    send(page)
    expect(status(page)).to_have_text(THANKS)
    assert len({one["id"] for one in sent}) == 1
    assert len(sent) == 2


@pytest.mark.parametrize(("code", "seconds", "minutes"), [(429, "45", 1), (429, "61", 2), (503, "5", 1)])
def test_it_tells_how_long_the_service_asks_to_wait(
    service: Service, visit: Visit, code: int, seconds: str, minutes: int
) -> None:
    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", answering(code, {"Retry-After": seconds}))
    report(page, "The link is broken")
    send(page)
    reason = "Too many messages." if code == 429 else "We could not take it."
    expect(status(page)).to_have_text(f"Not sent. {reason} Minutes to wait: {minutes}")


def test_a_visitor_over_the_limit_is_told_and_keeps_the_words(tmp_path: Path, visit: Visit) -> None:
    with Service(tmp_path, FEEDBACK_RATE="1/minute") as strict:
        page = visit(f"{strict.origin}/demo")
        report(page, "The first")
        send(page)
        expect(status(page)).to_have_text(THANKS)
        page.reload()
        report(page, "One too many")
        send(page)
        expect(status(page)).to_have_text("Not sent. Too many messages. Minutes to wait: 1")
        expect(widget(page).locator("#comment")).to_have_value("One too many")


def test_offline_keeps_the_words_until_the_network_is_back(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    report(page, "The link is broken")
    page.context.set_offline(True)
    send(page)
    expect(status(page)).to_have_text(OFFLINE)
    page.context.set_offline(False)
    send(page)
    expect(status(page)).to_have_text(THANKS)


def test_a_vote_that_was_not_counted_asks_again(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", lambda route: route.abort())
    sent = submissions(page)
    widget(page).locator("#yes").click()
    expect(status(page)).to_have_text(AWAY)
    page.unroute("**/feedback")
    widget(page).locator("#yes").click()
    expect(status(page)).to_have_text(f"{THANKS} You can tell us more.")
    assert [one["useful"] for one in sent] == ["yes", "yes"]
    assert sent[0]["id"] == sent[1]["id"]


def test_an_answer_lost_on_the_way_makes_no_second_submission(service: Service, visit: Visit) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", lose_the_answer)
    report(page, "Lost on the way")
    send(page)
    expect(status(page)).to_have_text(AWAY)
    page.unroute("**/feedback")
    send(page)
    expect(status(page)).to_have_text(THANKS)
    assert [item["comment"] for item in service.items()].count("Lost on the way") == 1


def test_an_answer_cut_off_on_the_way_is_not_shown_as_sent(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
    page.route("**/feedback", lambda route: route.fulfill(status=201, headers=headers, body='{"id": "0'))
    report(page, "Cut off")
    send(page)
    expect(status(page)).to_have_text(AWAY)


def test_words_changed_after_a_failure_are_a_new_submission(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", lambda route: route.abort())
    sent = submissions(page)
    report(page, "The link is broken")
    send(page)
    expect(status(page)).to_have_text(AWAY)
    widget(page).locator("#comment").fill("The second link is broken")
    with page.expect_request("**/feedback"):
        send(page)
    assert sent[0]["id"] != sent[1]["id"]


def test_a_double_click_sends_once(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    sent = submissions(page)
    widget(page).locator("#yes").dblclick()
    expect(status(page)).to_have_text(f"{THANKS} You can tell us more.")
    widget(page).locator("#comment").fill("Pressed twice")
    widget(page).locator("#send").dblclick()
    expect(status(page)).to_have_text(THANKS)
    assert len(sent) == 2


def test_too_long_words_are_counted_and_not_sent(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    sent = submissions(page)
    report(page, "a" * 1150)
    comment = widget(page).locator("#comment")
    expect(widget(page).locator("#comment-note")).to_have_text("Characters left: 50")
    comment.fill("🙂" * 1201)
    send(page)
    expect(widget(page).locator("#comment-note")).to_have_text("Characters too many: 1")
    expect(comment).to_be_focused()
    expect(comment).to_have_attribute("aria-invalid", "true")
    assert not sent
    comment.fill("🙂" * 1200)
    send(page)
    expect(status(page)).to_have_text(THANKS)


def test_an_empty_form_is_not_sent(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    sent = submissions(page)
    report(page, "  \n ")
    send(page)
    expect(widget(page).locator("#doing-note")).to_have_text("Please write something.")
    expect(widget(page).locator("#doing")).to_be_focused()
    assert not sent


def test_unsent_words_come_back_after_a_reload_and_go_once_sent(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    report(page, "Half a sentence")
    widget(page).locator("#doing").fill("Reading")
    page.reload()
    report(page)
    expect(widget(page).locator("#doing")).to_have_value("Reading")
    expect(widget(page).locator("#comment")).to_have_value("Half a sentence")
    send(page)
    expect(status(page)).to_have_text(THANKS)
    assert page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]") == [0, 0, ""]


def test_unsent_words_come_back_by_the_back_button(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo")
    report(page, "Half a sentence")
    page.goto(f"{service.origin}/feedback/form")
    page.go_back()
    if not widget(page).locator("#comment").count():  # loaded anew, and not kept as it was
        report(page)
    expect(widget(page).locator("#comment")).to_have_value("Half a sentence")


def test_two_tabs_do_not_share_words(service: Service, visit: Visit) -> None:
    first = visit(f"{service.origin}/demo")
    report(first, "First tab")
    second = first.context.new_page()
    second.goto(f"{service.origin}/demo")
    report(second)
    expect(widget(second).locator("#comment")).to_have_value("")
    for page, words in ((second, "Second tab"), (first, "First tab")):
        widget(page).locator("#comment").fill(words)
        send(page)
        expect(status(page)).to_have_text(THANKS)
    assert [item["comment"] for item in service.items()[:2]] == ["First tab", "Second tab"]


def test_a_browser_without_storage_sends_all_the_same(service: Service, visit: Visit) -> None:
    def refuse_storage(page: Page) -> None:
        page.add_init_script(
            "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('refused'); } })"
        )

    page = visit(f"{service.origin}/demo", refuse_storage)
    report(page, "No storage here")
    send(page)
    expect(status(page)).to_have_text(THANKS)


def test_it_warns_about_what_looks_like_a_number_and_not_about_near_misses(
    service: Service, visit: Visit
) -> None:
    page = visit(f"{service.origin}/demo")
    page.route("**/feedback", answering(503))
    report(page)
    warned = page.evaluate(WARNED, HITS)
    assert set(HITS) - set(warned) == LEFT_TO_THE_SERVER
    assert page.evaluate(WARNED, NEAR_MISSES) == []
