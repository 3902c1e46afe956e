"""Whether what visitors write into a page reaches the service, by the widget and by a plain form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from feedback.check import csp
from feedback.check.client import NoAnswer, ask, join, parse_address
from feedback.check.csp import CONNECT, FORM
from feedback.check.finding import Finding, ok, problem, warning
from feedback.check.markup import Form, Widget
from feedback.check.page import Page, is_loopback, origin_of
from feedback.check.script import lets_through

SENDING: Final = "sending"
FORMS: Final = "form"
_DIGITS: Final = 9  # of a number that is read; one of more is larger than any limit all the same
# Under these a form of another site's page comes with `Origin: null` (Fetch, 3.2), which could be anybody's.
_WITHOUT_ORIGIN: Final = ("no-referrer", "same-origin")
_SANDBOXED: Final = (
    "The page's Content-Security-Policy has sandbox without allow-same-origin, which hides from the service "
    "whose page it is: add allow-same-origin to it."
)


@dataclass(frozen=True, slots=True)
class Service:
    """What this machine's settings say of the service; None where they are wrong."""

    public_url: str | None
    max_text: int | None


def check_widget(page: Page, widget: Widget, service: Service) -> Iterator[Finding]:
    """What keeps its submissions from the service, and who is left out; ok where nothing does."""
    server = widget.attributes.get("server")
    # As the script does it.
    url = page.asked(join(page.document.base, f"{(server or '').removesuffix('/')}/feedback"))
    if server is None or parse_address(url) is None:
        expected = service.public_url or "https://feedback.example.gov.uk"
        yield problem(SENDING, f'<page-feedback> does not say where to send to: write server="{expected}".')
        return
    problems = list(_sending(page, url))
    yield from (problem(SENDING, sentence) for sentence in problems)
    if not problems:
        yield ok(SENDING, f"{origin_of(url)} takes what the widget sends from this page.")
    if service.public_url and not _is_same(url.removesuffix("/feedback"), service.public_url):
        yield warning(
            SENDING,
            f"The widget sends to {origin_of(url)}, but FEEDBACK_PUBLIC_URL of this service is "
            f"{service.public_url}: write the same in both, unless another service is meant.",
        )
    yield from _visitors(page, widget, service, url)


def check_form(page: Page, form: Form) -> Iterator[Finding]:
    """What keeps a plain form of the page from being sent; ok where nothing does."""
    url = page.asked(form.url)
    problems = list(_form(page, form, url))
    yield from (problem(FORMS, sentence) for sentence in problems)
    if page.is_mixed(url):
        yield warning(
            FORMS,
            "The page is https and its form goes to http, so browsers warn visitors before they send: "
            f'write action="{url.replace("http:", "https:", 1)}".',
        )
    if not problems:
        yield ok(FORMS, f"{origin_of(url)} takes the page's form.")


def _sending(page: Page, url: str) -> Iterator[str]:
    if page.is_mixed(url):
        yield (
            "The page is https and the widget's server http, which browsers refuse: "
            f'write server="{url.removesuffix("/feedback").replace("http:", "https:", 1)}".'
        )
    for policy in page.policies:
        if name := csp.refuses(policy, CONNECT, page.url, [url]):
            yield lets_through(policy, name, CONNECT[0], origin_of(url), "refuses to send")
    if csp.sandbox_forbids(page.policies, "allow-same-origin"):
        yield _SANDBOXED
        return
    yield from taken(url, page.origin)


def _form(page: Page, form: Form, url: str) -> Iterator[str]:
    if form.method != "post":
        yield 'The form is sent by GET, which puts words into addresses and logs: write method="post".'
    for policy in page.policies:
        if name := csp.refuses(policy, FORM, page.url, [url]):
            yield lets_through(policy, name, name, origin_of(url), "refuses to send the form")
    if csp.sandbox_forbids(page.policies, "allow-forms"):
        yield "The page's Content-Security-Policy has sandbox without allow-forms: add allow-forms to it."
    if csp.sandbox_forbids(page.policies, "allow-same-origin"):
        yield _SANDBOXED
    elif origin_of(url) != page.origin and page.referrer_policy in _WITHOUT_ORIGIN:
        yield (
            f"The page's Referrer-Policy is {page.referrer_policy}, under which browsers do not say whose "
            "form it is and the service refuses it: make it strict-origin-when-cross-origin."
        )
    yield from taken(url, page.origin)


def _visitors(page: Page, widget: Widget, service: Service, url: str) -> Iterator[Finding]:
    """Who is left out, though the widget works."""
    server = url.removesuffix("/feedback")
    if not any(lead.startswith(f"{server}/feedback") for lead in map(page.asked, widget.leads)):
        yield warning(
            "no script",
            "Whoever has no JavaScript sees nothing to give feedback by: put "
            f'<a href="{server}/feedback/form">Help us improve this page</a> inside <page-feedback>.',
        )
    lang = widget.attributes.get("lang") or page.document.lang
    if lang.partition("-")[0].lower() not in ("en", "cy"):
        yield warning(
            "language",
            "The widget speaks English here, since the page is in "
            f"{'no language' if not lang else 'another language'}: write lang on <html>, and see "
            "docs/embed.md for languages other than English and Welsh.",
        )
    yield from _limit(widget, service)


def _is_same(server: str, public_url: str) -> bool:
    """Whether two addresses are one service's; the demo page calls it by its other name of loopback."""
    one, other = urlsplit(server), urlsplit(public_url)
    both_here = is_loopback(one.hostname or "") and is_loopback(other.hostname or "")
    return (one.port, one.path) == (other.port, other.path) if both_here else server == public_url


def _limit(widget: Widget, service: Service) -> Iterator[Finding]:
    said = widget.attributes.get("max", "1200")
    if service.max_text is not None and said.isdecimal() and int(said[:_DIGITS]) > service.max_text:
        yield warning(
            SENDING,
            f"The widget lets people write {said} characters and the service takes {service.max_text}: "
            f'write max="{service.max_text}" on <page-feedback>.',
        )


def taken(url: str, origin: str) -> Sequence[str]:
    """Why the service at `url` takes nothing from pages of `origin`; nothing is stored by asking."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    where = origin_of(url)
    try:
        answer = ask(url, "OPTIONS", headers, follow=False)
    except NoAnswer as no:
        return [f"{where}, where submissions go, {no.reason}"]
    allowed = answer.all("access-control-allow-origin")
    if 300 <= answer.status < 400:
        return [f"{where} redirects what is sent, which loses it: write the final address into the page."]
    if answer.status == 421:
        return [
            f"{where} says it is not known by this name (421): set FEEDBACK_PUBLIC_URL to it or add it to "
            "FEEDBACK_HOSTS, and let the proxy pass the Host header on."
        ]
    if answer.status >= 400:
        return [f"{where} answers {answer.status}: is the server's address right, and the service running?"]
    if not allowed:
        return [
            f"{where} takes no feedback about pages of {origin}: add {origin} to FEEDBACK_SITES and start "
            "the service anew."
        ]
    if allowed != [origin]:
        return [
            f"{where} answers with an Access-Control-Allow-Origin that is not the service's own, which "
            "browsers refuse: let the proxy set none."
        ]
    return []
