"""What a page's HTML says that concerns the widget: its elements, forms, policies and language."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from feedback.check.client import join

# Children of these are no elements of the page: they are text, or kept for later.
_INERT: Final = ("iframe", "noembed", "noframes", "noscript", "style", "template", "textarea", "title", "xmp")
# What may stand in a head; anything else begins the body.
_OF_HEAD: Final = (
    "html", "head", "base", "link", "meta", "noscript", "script", "style", "template", "title",
)  # fmt: skip

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """A `script` element with an address."""

    url: str
    attributes: Attributes
    metas: int  # policies in `meta` elements that stand before it: later ones do not stop it


@dataclass(frozen=True, slots=True)
class Form:
    """A `form` element."""

    url: str
    method: str


@dataclass(slots=True)
class Widget:
    """A `page-feedback` element."""

    attributes: Attributes
    leads: list[str] = field(default_factory=list)  # addresses of links and forms inside


@dataclass(frozen=True, slots=True)
class Document:
    """One page; addresses are absolute."""

    base: str
    lang: str
    scripts: Sequence[Script]
    forms: Sequence[Form]
    widgets: Sequence[Widget]
    policies: Sequence[str]  # of `meta` elements
    referrer: str  # the policy of a `meta` element, else ''


def read_document(html: str, url: str) -> Document:
    """Read the HTML of a page at `url`."""
    reader = _Reader()
    # Not closed: what is open at the end is nothing to browsers, and reading on takes time by its square.
    reader.feed(html)
    base = join(url, reader.base or "") or url
    return Document(
        base,
        reader.lang,
        [Script(join(base, each["src"]), each, metas) for each, metas in reader.scripts],
        [Form(join(base, action or url), method) for action, method in reader.forms],
        [
            Widget(each.attributes, [join(base, lead or url) for lead in each.leads])
            for each in reader.widgets
        ],
        reader.policies,
        reader.referrer,
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base: str | None = None
        self.lang = ""
        self.scripts: list[tuple[Attributes, int]] = []
        self.forms: list[tuple[str, str]] = []
        self.widgets: list[Widget] = []
        self.policies: list[str] = []
        self.referrer = ""
        self._inert: Counter[str] = Counter()
        self._in_head = True
        self._in_widget: list[Widget] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Of two attributes with one name the first counts.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if not self._inert.total():
            self._in_head = self._in_head and tag in _OF_HEAD
            self._read(tag, attributes)
        # A template that becomes a shadow tree is part of the page.
        if tag in _INERT and "shadowrootmode" not in attributes:
            self._inert[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if self._inert[tag] > 0:
            self._inert[tag] -= 1
        elif tag == "head":
            self._in_head = False
        elif tag == "page-feedback" and self._in_widget:
            self._in_widget.pop()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass over `<![...>`, a comment to browsers, where the parser gives up or raises."""
        return self.parse_bogus_comment(i, report)

    def _read(self, tag: str, attributes: Attributes) -> None:
        match tag:
            case "html":
                self.lang = self.lang or attributes.get("lang", "")
            case "base" if self.base is None and "href" in attributes:
                self.base = attributes["href"]
            case "meta":
                self._read_meta(attributes)
            case "script" if attributes.get("src"):
                self.scripts.append((attributes, len(self.policies)))
            case "form":
                self.forms.append((attributes.get("action", ""), attributes.get("method", "get").lower()))
                self._lead(attributes.get("action", ""))
            case "a" if "href" in attributes:
                self._lead(attributes["href"])
            case "page-feedback":
                self.widgets.append(Widget(attributes))
                self._in_widget.append(self.widgets[-1])

    def _read_meta(self, attributes: Attributes) -> None:
        content = attributes.get("content", "")
        kind = attributes.get("http-equiv", "").strip().lower()
        # Outside the head a policy is not heard (HTML, 4.2.5.3).
        if kind == "content-security-policy" and self._in_head:
            self.policies.append(content)
        if attributes.get("name", "").strip().lower() == "referrer":
            self.referrer = content.strip().lower()

    def _lead(self, address: str) -> None:
        if self._in_widget:
            self._in_widget[-1].leads.append(address)
