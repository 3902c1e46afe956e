"""A page as a browser gets it: where it came from in the end, its HTML, and the policies it is under."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from feedback.check import csp, markup
from feedback.check.client import Answer, NoAnswer, ask
from feedback.check.csp import Policy
from feedback.check.markup import Document

_ACCEPT: Final = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en-GB,cy;q=0.9"}
_REFERRER_POLICIES: Final = (
    "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin",
    "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page, its HTML read."""

    answer: Answer
    document: Document
    policies: Sequence[Policy]

    @classmethod
    def fetch(cls, url: str) -> "Page":
        """Ask for the page and read it; raises NoAnswer."""
        answer = ask(url, headers=_ACCEPT)
        if answer.status != 200:
            raise NoAnswer(f"answers {answer.status} for this page: does it need a sign-in, or is it gone?")
        if "html" not in answer.one("content-type"):
            raise NoAnswer("answers with something that is not HTML: is this the address of a page?")
        document = markup.read_document(answer.text, answer.url)
        policies = csp.read_policies(answer.all("content-security-policy"), document.policies)
        return cls(answer, document, policies)

    @property
    def url(self) -> str:
        """Where it came from in the end."""
        return self.answer.url

    @property
    def origin(self) -> str:
        """Its origin as `scheme://host[:port]`."""
        return origin_of(self.url)

    @property
    def referrer_policy(self) -> str:
        """What it says of the `Referer` and, with forms, of the `Origin` of its requests."""
        said = [each.strip() for each in self.answer.one("referrer-policy").split(",")]
        known = [each for each in (*said, self.document.referrer) if each in _REFERRER_POLICIES]
        return known[-1] if known else "strict-origin-when-cross-origin"

    def asked(self, url: str) -> str:
        """The address that a browser really asks: a policy may raise http to https."""
        if url.startswith("http:") and csp.upgrades(self.policies) and not is_trustworthy(url):
            return f"https:{url[5:]}"
        return url

    def is_mixed(self, url: str) -> bool:
        """Whether browsers refuse the address because it is in the clear and the page is not."""
        return self.url.startswith("https:") and not is_trustworthy(url)


def origin_of(url: str) -> str:
    """The origin of an address, without a default port."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, default) else "")


def is_trustworthy(url: str) -> bool:
    """Whether browsers hold the way there for safe: by encryption, or within the machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether the name or address is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
