"""Which origins may embed the widget and which pages feedback may be about."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from tldextract import TLDExtract

from feedback.errors import StartError

MAX_PAGE_LENGTH: Final = 2048  # characters of a page's address without its query
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
# As in RFC 3986, but for hosts that no page has: user names, other alphabets unescaped, empty labels.
_ORIGIN: Final = (
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_-]{1,63}){0,126}\.?|\[[0-9a-f:.]{2,45}\])"
    r"(?::(?P<port>(?:[1-9][0-9]{0,4})?))?"
)
# The list of publicsuffix.org that comes with the package: nothing is fetched and nothing written.
_SUFFIXES: Final = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_IS_ORIGIN: Final = re.compile(_ORIGIN, re.IGNORECASE | re.ASCII)
# Browsers send no white space or control character inside an address.
_IS_PAGE: Final = re.compile(
    rf"{_ORIGIN}(?P<path>/[^\0- \x7f?#]*)?(?:[?#].*)?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_MAX_HOST: Final = 253  # characters (RFC 1035)
_MAX_PORT: Final = 65_535
_LOOPBACK_HOSTS: Final = frozenset(("localhost", "127.0.0.1", "[::1]"))


class Address(NamedTuple):
    """A page: its origin as `scheme://host[:port]` and its path, without query and fragment."""

    site: str
    path: str

    def __repr__(self) -> str:
        return "Address(...)"  # a path can hold what a visitor typed


def parse_page(url: str) -> Address | None:
    """Take a page's absolute http(s) URL apart; None where it is not one.

    Query and fragment are dropped at once: they hold form values and tokens.
    """
    page = _IS_PAGE.fullmatch(url.strip(" \t\r\n"))
    origin = page and _origin(page)
    if page is None or origin is None or max(map(page.end, ("host", "port", "path"))) > MAX_PAGE_LENGTH:
        return None
    return Address(origin, page["path"] or "/")


def parse_origin(origin: str) -> str | None:
    """The origin in its one normal form (lower case, no default port); None where it is not one."""
    match = _IS_ORIGIN.fullmatch(origin)
    return match and _origin(match)


def _origin(match: re.Match[str]) -> str | None:
    scheme, host = match["scheme"].lower(), match["host"].lower()
    if len(host) > _MAX_HOST:
        return None
    if not match["port"]:
        return f"{scheme}://{host}"
    port = int(match["port"])
    if port > _MAX_PORT:
        return None
    return f"{scheme}://{host}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{host}:{port}"


@dataclass(frozen=True, slots=True)
class Sites:
    """The configured sites; answers whether an origin belongs to one of them."""

    origins: frozenset[str]
    subdomains: tuple[tuple[str, str], ...] = ()  # (scheme, ".example.gov.uk[:port]")
    loopback: bool = False

    @classmethod
    def from_settings(cls, sites: Iterable[str] | None, public_url: str) -> "Sites":
        """Read FEEDBACK_SITES; without it this server's own origin and loopback are the sites."""
        own = urlsplit(public_url)
        if sites is None:
            itself = f"{own.scheme}://{own.netloc}"
            return cls(frozenset((parse_origin(itself) or itself,)), loopback=True)
        origins, subdomains = set(), []
        for number, site in enumerate(sites, 1):
            scheme, _, rest = site.lower().rstrip("/").partition("://")
            if rest.startswith("*."):
                parent = parse_origin(f"{scheme}://{rest[2:]}")
                if parent is None or "." not in rest[2:]:
                    raise StartError(_WRONG_SITE.format(number))
                if not _SUFFIXES(rest[2:]).domain:
                    raise StartError(_PUBLIC_SUFFIX.format(number))
                subdomains.append((scheme, parent.replace(f"{scheme}://", ".")))
                continue
            origin = parse_origin(f"{scheme}://{rest}")
            if origin is None:
                raise StartError(_WRONG_SITE.format(number))
            origins.add(origin)
        return cls(frozenset(origins), tuple(subdomains))

    def allow(self, origin: str) -> bool:
        """Whether the origin, in its normal form, is a configured site."""
        if origin in self.origins:
            return True
        scheme, _, rest = origin.partition("://")
        if self.loopback and re.sub(r":\d+\Z", "", rest) in _LOOPBACK_HOSTS:
            return True
        return any(scheme == known and rest.endswith(suffix) for known, suffix in self.subdomains)


_WRONG_SITE = (
    "FEEDBACK_SITES: entry {} must be an origin such as https://www.example.gov.uk "
    "or https://*.example.gov.uk, and never * alone."
)
_PUBLIC_SUFFIX = (
    "FEEDBACK_SITES: entry {} must name one organisation's domain after *., such as "
    "https://*.example.gov.uk; what it names is a suffix under which anybody may have a website."
)
