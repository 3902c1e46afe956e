"""`--page URL`: what a page does to the widget that it embeds, and what it lacks."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from feedback.check.client import NoAnswer, parse_address, without_query
from feedback.check.finding import Finding, problem, warning
from feedback.check.page import Page, origin_of
from feedback.check.script import Widgets, check_script
from feedback.check.sending import Service, check_form, check_widget
from feedback.errors import StartError

SUBJECT: Final = "page"
# Elements of a kind that are looked at, each by requests of its own.
_MOST: Final = 10


def check_page(url: str, widgets: Widgets, service: Service) -> Iterator[Finding]:
    """Fetch the page and judge all of ours that is in it; raises StartError for what is no address."""
    address = parse_address(url)
    if address is None:
        raise StartError("--page must be an address such as https://www.example.gov.uk/bins.")
    try:
        page = Page.fetch(address)
    except NoAnswer as no:
        yield problem(SUBJECT, f"{origin_of(address)} {no.reason}")
        return
    if origin_of(address) != page.origin:
        yield warning(
            SUBJECT, f"The address leads on to {without_query(page.url)}, which is what was looked at."
        )
    yield from _judge(page, widgets, service)


def _judge(page: Page, widgets: Widgets, service: Service) -> Iterator[Finding]:
    document = page.document
    scripts = [script for script in document.scripts if widgets.include(script)]
    servers = {origin_of(script.url) for script in scripts} | {
        origin_of(lead) for widget in document.widgets for lead in widget.leads
    }
    if service.public_url:
        servers.add(origin_of(service.public_url))
    forms = [
        form
        for form in document.forms
        if urlsplit(form.url).path.endswith("/feedback") and origin_of(form.url) in servers
    ]
    if not (scripts or document.widgets or forms):
        yield problem(
            SUBJECT,
            "Nothing of Page Feedback is in the page's HTML: paste the embed snippet, as `feedback serve` "
            "prints it (what a script adds later cannot be seen here).",
        )
    elif document.widgets and not scripts:
        yield problem(
            "script",
            "The page has <page-feedback> but not the script that brings it to life: paste the whole embed "
            "snippet (what a tag manager adds later cannot be seen here).",
        )
    elif scripts and not document.widgets:
        yield problem(
            SUBJECT,
            "The page has the script but no <page-feedback> element where the question should stand: paste "
            "the whole embed snippet (what a script adds later cannot be seen here).",
        )
    if max(len(scripts), len(document.widgets), len(forms)) > _MOST:
        yield warning(
            SUBJECT,
            f"The page embeds the widget more than {_MOST} times, of which the first {_MOST} are looked at: "
            "paste the embed snippet once.",
        )
    for script in scripts[:_MOST]:
        yield from check_script(page, script, widgets)
    for widget in document.widgets[:_MOST]:
        yield from check_widget(page, widget, service)
    for form in forms[:_MOST]:
        yield from check_form(page, form)
