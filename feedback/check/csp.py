"""What a page's content security policies let through, as far as the widget asks for anything.

https://www.w3.org/TR/CSP3/ with the fallbacks of its section 6.8; `tests/browser/test_check.py` holds these
answers against a browser's own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

SCRIPT: Final = ("script-src-elem", "script-src", "default-src")
CONNECT: Final = ("connect-src", "default-src")
FORM: Final = ("form-action",)
# In a meta element these say nothing (CSP3, 3.3).
_NOT_IN_META: Final = ("frame-ancestors", "report-uri", "report-to", "sandbox")

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?"
    r"(?P<host>\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>\d{1,5}|\*))?(?P<path>/[^?#]*)?",
    re.IGNORECASE | re.ASCII,
)
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE | re.ASCII)
_HASH: Final = re.compile(r"(sha256|sha384|sha512)-([a-z0-9+/_-]+={0,2})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its directives by name, and where it stands."""

    directives: Mapping[str, tuple[str, ...]]
    in_meta: bool = False

    @property
    def place(self) -> str:
        """Where to change it."""
        return "<meta http-equiv> element" if self.in_meta else "header"

    def governing(self, names: Iterable[str]) -> str | None:
        """The first of these directives that it has; None where it says nothing of this."""
        return next((name for name in names if name in self.directives), None)


@dataclass(frozen=True, slots=True)
class ScriptRequest:
    """A script of the page's HTML, as a policy sees it: its address and those that it redirects to."""

    urls: Sequence[str]
    nonce: str = ""
    integrity: str = ""


def read_policies(headers: Iterable[str], metas: Iterable[str] = ()) -> tuple[Policy, ...]:
    """The policies of all Content-Security-Policy headers and `meta` elements; each of them must agree."""
    in_headers = [Policy(_directives(text)) for header in headers for text in header.split(",")]
    in_metas = [Policy(_without_header_only(_directives(text)), in_meta=True) for text in metas]
    return tuple(policy for policy in (*in_headers, *in_metas) if policy.directives)


def refuses_script(policy: Policy, page: str, script: ScriptRequest) -> str | None:
    """The directive by which the policy refuses the script to a page; None where it lets it through."""
    name = policy.governing(SCRIPT)
    if name is None:
        return None
    sources = policy.directives[name]
    # Keywords are of any case, nonces are not.
    if script.nonce and any(source[7:-1] == script.nonce for source in sources if _is_nonce(source)):
        return None
    if _pinned(script.integrity, sources):
        return None
    if is_strict_dynamic(sources):
        return name
    return None if _all_match(script.urls, sources, page) else name


def refuses(policy: Policy, names: Sequence[str], page: str, urls: Sequence[str]) -> str | None:
    """The directive by which the policy refuses a page these addresses; None where it lets them through."""
    name = policy.governing(names)
    if name is None or _all_match(urls, policy.directives[name], page):
        return None
    return name


def is_strict_dynamic(sources: Iterable[str]) -> bool:
    """Whether addresses count for nothing: only nonces, hashes and what trusted scripts load."""
    return "'strict-dynamic'" in (source.lower() for source in sources)


def sandbox_forbids(policies: Iterable[Policy], token: str) -> bool:
    """Whether a policy puts the page into a sandbox without this permission, such as `allow-scripts`."""
    return any(
        token not in (each.lower() for each in policy.directives["sandbox"])
        for policy in policies
        if "sandbox" in policy.directives
    )


def upgrades(policies: Iterable[Policy]) -> bool:
    """Whether the page asks by https for whatever it names by http."""
    return any("upgrade-insecure-requests" in policy.directives for policy in policies)


def with_source(policy: Policy, name: str, wanted: str, source: str) -> str:
    """The directive `wanted` as it would let `source` through; `name` is what governs it now."""
    kept = [
        "'nonce-...'" if _is_nonce(each) else each
        for each in policy.directives[name]
        if each.lower() != "'none'"
    ]
    return " ".join((wanted, *kept, source))


def _directives(text: str) -> dict[str, tuple[str, ...]]:
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *values = part.split() or [""]
        if name:
            # Of two with one name the first counts.
            directives.setdefault(name.lower(), tuple(values))
    return directives


def _without_header_only(directives: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: values for name, values in directives.items() if name not in _NOT_IN_META}


def _is_nonce(source: str) -> bool:
    return source[:7].lower() == "'nonce-" and source.endswith("'")


def _pinned(integrity: str, sources: Iterable[str]) -> bool:
    """Whether every hash of the script's `integrity` is one that the policy names (CSP3, 6.7.1.1)."""
    named = {_plain(found) for source in sources if (found := _HASH.fullmatch(source.strip("'")))}
    wanted = [_plain(found) for each in integrity.split() if (found := _HASH.match(each))]
    return bool(wanted) and all(each in named for each in wanted)


def _plain(found: re.Match[str]) -> tuple[str, str]:
    return found[1].lower(), found[2].replace("-", "+").replace("_", "/")


def _all_match(urls: Sequence[str], sources: Sequence[str], page: str) -> bool:
    # Of an address that was redirected to, the path counts for nothing: it would tell of other sites' pages.
    return all(
        any(_matches(urlsplit(url), source, urlsplit(page), first=number == 0) for source in sources)
        for number, url in enumerate(urls)
    )


def _matches(url: SplitResult, source: str, page: SplitResult, *, first: bool) -> bool:
    if source == "*":
        return url.scheme in _DEFAULT_PORTS
    if source.lower() == "'self'":
        return _is_self(url, page)
    if scheme := _SCHEME.fullmatch(source):
        return _scheme_fits(scheme[1].lower(), url.scheme)
    expression = _HOST.fullmatch(source)
    return (
        expression is not None
        and _scheme_fits((expression["scheme"] or page.scheme).lower(), url.scheme)
        and _host_fits(expression["host"].lower(), url.hostname or "")
        and _port_fits(expression["port"], url)
        and (not first or _path_fits(expression["path"] or "", url.path or "/"))
    )


def _is_self(url: SplitResult, page: SplitResult) -> bool:
    if url.hostname != page.hostname:
        return False
    same_port = _port(url) == _port(page)
    both_default = all(_port(each) == _DEFAULT_PORTS.get(each.scheme) for each in (url, page))
    return (same_port or both_default) and _scheme_fits(page.scheme, url.scheme)


def _scheme_fits(allowed: str, scheme: str) -> bool:
    # What may be asked for in the clear may be asked for under encryption.
    return allowed == scheme or (allowed == "http" and scheme == "https")


def _host_fits(pattern: str, host: str) -> bool:
    if pattern.startswith("*"):
        return host.endswith(pattern[1:])
    return pattern.strip("[]") == host


def _port_fits(pattern: str | None, url: SplitResult) -> bool:
    port = _port(url)
    if pattern is None:
        return port == _DEFAULT_PORTS.get(url.scheme)
    return pattern == "*" or int(pattern) == port or (int(pattern) == 80 and port == 443)


def _path_fits(pattern: str, path: str) -> bool:
    if not pattern:
        return True
    pattern, path = unquote(pattern), unquote(path)
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern


def _port(url: SplitResult) -> int | None:
    return url.port or _DEFAULT_PORTS.get(url.scheme)
