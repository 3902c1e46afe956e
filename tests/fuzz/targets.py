"""What is given bytes that nobody has thought of: each target raises where something is wrong."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final
from urllib.parse import parse_qsl

from feedback.errors import Problem
from feedback.http.client_address import ClientAddress
from feedback.http.decode import FORM
from feedback.intake.sites import parse_origin, parse_page
from feedback.intake.submission import Submission, parse_fields, parse_submission
from feedback.review.audit_query import parse_audit_filters
from feedback.review.filters import parse_filters
from feedback.words import Words
from scrubbers import Scrubber

NUMBERS: Final = ("CE123456C", "4111 1111 1111 1111")  # made up: docs/scrubbing.md
MAX_TEXT: Final = 1200


def parsing(data: bytes) -> None:
    """A body is read or refused by a Problem whose every rule has its sentence."""
    for kind in ("text/plain", FORM):
        problem = refusal(partial(_submission, data, kind))
        if problem:
            assert problem.faults
            assert not getattr(problem.__context__, "args", ()), "it would carry what was sent"


def addresses(data: bytes) -> None:
    """Addresses of pages, origins and clients, and queries, are read or refused."""
    text = data.decode("latin-1")
    page = parse_page(text)
    assert page is None or (parse_origin(page.site) == page.site and page.path.startswith("/"))
    parse_origin(text)
    headers = [(b"x-forwarded-for", data)]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "headers": headers}
    ClientAddress.from_settings(("10.0.0.0/8",)).of(scope)
    query = dict(parse_qsl(text, keep_blank_values=True))
    refusal(lambda: parse_filters(query))
    refusal(lambda: parse_audit_filters(query))


def scrubbing(data: bytes) -> None:
    """Whatever stands around numbers, they are taken out, and findings are places in the text."""
    noise = data.decode("utf-8", "ignore")[: MAX_TEXT - 60]
    for number in NUMBERS:
        sentence = f"my number is {number} thanks"
        text = f"{noise}\n\n{sentence}\n\n{noise}"
        scrubbed = scrubber().scrub(text)
        assert sentence not in scrubbed.text
        ends = [0]
        for finding in scrubbed.findings:
            assert ends[-1] <= finding.start < finding.end <= len(text)
            ends.append(finding.end)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    target.__name__: target for target in (parsing, addresses, scrubbing)
}

SEEDS: Final = (
    b'{"page":"https://www.example.gov.uk/bins","useful":"no","comment":"late","elapsed":3.5}',
    b'{"page":"https://a.gov.uk/","id":"7d444840-9dc0-41d1-9245-5ffdce74fad2","lang":"cy","title":"\\u00e9\\ud83d"}',
    b"page=https%3A%2F%2Fwww.example.gov.uk%2Fbins&useful=yes&comment=It+is+late&website=",
    b"status=new&since=2026-01-31T09:30:00Z&limit=200&cursor=MTIz&path=/bins*&who=x&action=signed_in",
    b"https://user@www.example.gov.uk:443/a%20b?q=1#x",
    b"203.0.113.9, [2001:db8::1]:443, 10.0.0.2, unknown",
    "my NI no. is CE 12 34 56 C, card 4111-1111-1111-1111 exp 01/29, ffôn 07700 900123".encode(),
    "ＣＥ１２３４５６Ｃ 4\u200b111\u00a01111 one one one one &#52;111 %34%31".encode(),
)


def _submission(data: bytes, kind: str) -> Submission:
    return parse_submission(parse_fields(data, kind), MAX_TEXT)


def refusal(call: Callable[[], object]) -> Problem | None:
    """The Problem that a call raises, each of its rules with a sentence in the locale files."""
    try:
        call()
    except Problem as problem:
        refused = problem
    else:
        return None
    assert all(words().has(f"rule.{fault.rule}") for fault in refused.faults)
    return refused


@lru_cache(maxsize=1)
def words() -> Words:
    """The sentences."""
    return Words(("en", "cy"))


@lru_cache(maxsize=1)
def scrubber() -> Scrubber:
    """The scrubber with its default kinds."""
    return Scrubber()
