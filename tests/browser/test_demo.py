"""The main job from the demo page to the review page, with and without JavaScript."""

import re
import sqlite3
from contextlib import closing

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers import CARD, NINO, report, send, status, submissions, widget
from tests.service import Service

WORDS = f"I tried to pay with {CARD} and my NI number is {NINO}"
SCRUBBED = "I tried to pay with [CREDIT_CARD] and my NI number is [UK_NINO]"


def test_a_vote_counts_at_once_and_the_words_after_it_are_not_a_second_vote(
    service: Service, visit: Visit
) -> None:
    page = visit(f"{service.origin}/demo")
    widget(page).locator("#no").click()
    expect(status(page)).to_have_text("Thank you for your feedback. You can tell us more.")
    vote = service.items()[0]
    assert (vote["useful"], vote["comment"]) == ("no", None)

    widget(page).locator("#doing").fill("Looking for my bin day")
    widget(page).locator("#comment").fill("The table is too small")
    send(page)
    expect(status(page)).to_have_text("Thank you for your feedback.")
    words = service.items()[0]
    assert words["id"] != vote["id"]
    assert (words["useful"], words["doing"], words["comment"]) == (
        None,
        "Looking for my bin day",
        "The table is too small",
    )
    assert words["path"] == "/demo"
    assert words["title"] == "Bin collections are changing – Aberfelin Town Council"


def test_numbers_are_warned_about_then_removed_and_named_in_the_thanks(
    service: Service, visit: Visit
) -> None:
    page = visit(f"{service.origin}/demo")
    sent = submissions(page)
    report(page, WORDS)
    send(page)
    expect(widget(page).locator("#comment-note")).to_contain_text(
        "This looks like a card or National Insurance"
    )
    assert not sent
    send(page)
    expect(status(page)).to_contain_text("We removed")
    expect(status(page)).to_contain_text("1 card number")
    expect(status(page)).to_contain_text("1 National Insurance number")
    assert service.items()[0]["comment"] == SCRUBBED


def test_the_same_in_welsh(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/demo?lang=cy")
    expect(widget(page).get_by_role("button", name="Nac ydy")).to_be_visible()
    report(page, WORDS)
    send(page)
    send(page)
    expect(status(page)).to_contain_text("Diolch am eich adborth. Rydym wedi dileu")
    expect(status(page)).to_contain_text("1 rhif cerdyn")
    assert service.items()[0]["lang"] == "cy"


def test_without_javascript_the_link_leads_to_a_form_that_thanks_and_links_back(
    service: Service, visit: Visit
) -> None:
    page = visit(f"{service.origin}/demo", java_script_enabled=False)
    page.get_by_role("link", name="Help us improve this page").click()
    expect(page).to_have_url(re.compile(re.escape(service.other_origin) + "/feedback/form"))
    page.get_by_label("No", exact=True).check()
    page.get_by_label("What went wrong, or how can we improve this page?").fill(WORDS)
    page.get_by_role("button", name="Send feedback").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your feedback")
    expect(page.get_by_role("listitem")).to_have_text(["1 card number", "1 National Insurance number"])
    item = service.items()[0]
    assert (item["useful"], item["comment"], item["path"]) == ("no", SCRUBBED, "/demo")
    page.get_by_role("link", name="Back to the page you were on").click()
    expect(page).to_have_url(f"{service.origin}/demo")


def test_a_form_that_does_not_know_its_page_asks_for_it(service: Service, visit: Visit) -> None:
    page = visit(f"{service.origin}/feedback/form", java_script_enabled=False)
    page.get_by_label("Which page is your feedback about?").fill(f"{service.origin}/bins?session=secret")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("link", name="Back to the page you were on")).to_be_visible()
    assert service.items()[0]["path"] == "/bins"


def test_the_form_says_what_is_wrong_and_keeps_the_words(service: Service, visit: Visit) -> None:
    page = visit(
        f"{service.origin}/feedback/form?page={service.origin}/demo&lang=en", java_script_enabled=False
    )
    words = page.get_by_label("What were you doing?")
    words.fill("a" * 1201)
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("alert")).to_contain_text("must be 1200 characters or fewer")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(words).to_have_value("a" * 1201)
    expect(words).to_have_accessible_description(re.compile("must be 1200 characters or fewer$"))
    page.get_by_role("alert").get_by_role("link", name="What were you doing?").click()
    expect(words).to_be_focused()


def test_the_form_keeps_the_words_while_they_cannot_be_saved(service: Service, visit: Visit) -> None:
    page = visit(
        f"{service.origin}/feedback/form?page={service.origin}/demo&lang=en", java_script_enabled=False
    )
    page.get_by_label("No", exact=True).check()
    words = page.get_by_label("What were you doing?")
    words.fill(f"Paying with {CARD}")
    # Somebody else holds the database.
    with closing(sqlite3.connect(service.data / "feedback.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.get_by_role("button", name="Send feedback").click()
        expect(page.get_by_role("alert")).to_contain_text("Your words are still here: send them again")
        expect(words).to_have_value("Paying with [CREDIT_CARD]")
        expect(page.get_by_label("No", exact=True)).to_be_checked()
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your feedback")
    assert [item["doing"] for item in service.items()].count("Paying with [CREDIT_CARD]") == 1


def test_the_web_team_reads_the_words_in_the_review_page(service: Service, visit: Visit) -> None:
    visitor = visit(f"{service.origin}/demo")
    report(visitor, WORDS)
    send(visitor)
    send(visitor)
    expect(status(visitor)).to_contain_text("We removed")
    team = visit(service.sign_in_link)
    team.goto(f"{service.origin}/admin/feedback")
    expect(team.locator("main")).to_contain_text("I tried to pay with")
    assert CARD not in team.content()
    assert NINO not in team.content()
