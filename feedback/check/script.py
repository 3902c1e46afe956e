"""Whether a browser runs the widget's script in a page: policies, mixed content, integrity, CORS, type."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import new as new_hash
from typing import Final

from feedback.check import csp
from feedback.check.client import Answer, NoAnswer, ask, without_query
from feedback.check.csp import SCRIPT, Policy, ScriptRequest
from feedback.check.finding import Finding, ok, problem, warning
from feedback.check.markup import Script
from feedback.check.page import Page, origin_of

SUBJECT: Final = "script"
_STRENGTH: Final = ("sha256", "sha384", "sha512")
_JAVASCRIPT: Final = re.compile(r"(text|application)/(x-)?(java|ecma)script\b.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Widgets:
    """What the service serves as the widget's script: under which paths, and its hash."""

    paths: Sequence[str]
    integrity: str

    def include(self, script: Script) -> bool:
        """Whether the script is the widget's, by its address."""
        return without_query(script.url).endswith(tuple(self.paths))


def check_script(page: Page, script: Script, widgets: Widgets) -> Iterator[Finding]:
    """What keeps a browser from running it; ok where nothing does."""
    url = page.asked(script.url)
    problems = [*_element(page, script), *_way(page, script, url)]
    try:
        answer = ask(url, headers={"Origin": page.origin} if _by_cors(script) else {})
    except NoAnswer as no:
        problems += _policies(page, script, [url])
        yield from (problem(SUBJECT, sentence) for sentence in problems)
        yield problem(SUBJECT, f"{origin_of(url)}, where the script comes from, {no.reason}")
        return
    problems += [*_policies(page, script, answer.urls), *_answer(page, script, answer)]
    yield from (problem(SUBJECT, sentence) for sentence in problems)
    if not _has(answer.body, widgets.integrity) and answer.status == 200:
        yield warning(
            SUBJECT,
            f"{without_query(url)} is not the script of this version of Page Feedback: take the embed "
            "snippet anew from the demo page, or look for what changes files on their way.",
        )
    if not problems:
        yield ok(SUBJECT, f"Browsers run {without_query(url)} in this page.")


def _element(page: Page, script: Script) -> Iterator[str]:
    kind = script.attributes.get("type", "").strip().lower()
    if kind not in ("", "module") and not _JAVASCRIPT.fullmatch(kind):
        yield (
            "The script element has a type that browsers do not run, as cookie banners set it: "
            "take its type attribute away, since the widget sets no cookie."
        )
    elif "nomodule" in script.attributes and kind != "module":
        yield "The script element is marked nomodule, which browsers pass over: take that attribute away."
    integrity_policy = page.answer.one("integrity-policy")
    pinned = bool(script.attributes.get("integrity"))
    if re.search(r"blocked-destinations=\([^()]*\bscript\b", integrity_policy) and not (
        pinned and (_by_cors(script) or _same_origin(page, script.url))
    ):
        yield (
            "The page's Integrity-Policy header refuses scripts without a hash: take the embed snippet "
            "whole, with its integrity and crossorigin attributes."
        )


def _way(page: Page, script: Script, url: str) -> Iterator[str]:
    if csp.sandbox_forbids(page.policies, "allow-scripts"):
        yield "The page's Content-Security-Policy has sandbox without allow-scripts: add allow-scripts to it."
    if page.is_mixed(url):
        yield (
            "The page is https and the script http, which browsers refuse: "
            f"serve it under https and write {url.replace('http:', 'https:', 1)} into the page."
        )
    if script.attributes.get("crossorigin", "").lower() == "use-credentials" and not _same_origin(page, url):
        yield (
            "The script element asks with cookies, which the service does not take: "
            'write crossorigin="anonymous".'
        )


def _policies(page: Page, script: Script, urls: Sequence[str]) -> Iterator[str]:
    asked = ScriptRequest(
        [page.asked(url) for url in urls],
        script.attributes.get("nonce", ""),
        script.attributes.get("integrity", ""),
    )
    # A policy in a meta element is not heard before it is read.
    late = [policy for policy in page.policies if policy.in_meta][script.metas :]
    for policy in page.policies:
        name = csp.refuses_script(policy, page.url, asked)
        if name and policy not in late:
            yield _refused(policy, name, script, asked.urls)


def _refused(policy: Policy, name: str, script: Script, urls: Sequence[str]) -> str:
    if csp.is_strict_dynamic(policy.directives[name]):
        integrity = script.attributes.get("integrity", "").split()
        source = f"'{integrity[0]}'" if integrity else "the script's hash (see /widget/integrity)"
        return (
            f"The page's Content-Security-Policy ({policy.place}) has 'strict-dynamic', under which "
            f"addresses count for nothing: give the script element the page's nonce, or add {source} "
            f"to {name}."
        )
    wanted = name if name in SCRIPT[:2] else "script-src"
    return lets_through(policy, name, wanted, origin_of(urls[-1]), "refuses the script")


def lets_through(policy: Policy, name: str, wanted: str, origin: str, what: str) -> str:
    """The sentence about a policy that refuses an origin, with the directive as it should read."""
    said = f"The page's Content-Security-Policy ({policy.place}) {what}: "
    directive = csp.with_source(policy, name, wanted, origin)
    if name == wanted:
        return f"{said}add {origin} to {name}, so that it reads `{directive}`."
    return f"{said}it has {name} only, so add `{directive}`."


def _answer(page: Page, script: Script, answer: Answer) -> Iterator[str]:
    where = without_query(answer.url)
    elsewhere = not _same_origin(page, answer.url)
    if answer.status != 200:
        yield f"{where} answers {answer.status}: is this the script's address, and the service running?"
        return
    if answer.one("x-content-type-options") == "nosniff" and not _JAVASCRIPT.match(
        answer.one("content-type")
    ):
        yield f"{where} does not come as text/javascript: let the proxy pass Content-Type on as it is."
    if elsewhere and _by_cors(script):
        if answer.one("access-control-allow-origin") not in ("*", page.origin):
            yield (
                f"{where} comes without Access-Control-Allow-Origin, or with more than one, which "
                "crossorigin asks for: let the proxy pass the service's header on and set none of its own."
            )
    elif elsewhere:
        yield from _without_cors(page, script, answer, where)
    expected = _strongest(script.attributes.get("integrity", ""))
    if expected and not any(_has(answer.body, each) for each in expected):
        yield (
            f"{where} is not what the page's integrity attribute pins: take the embed snippet anew from the "
            "demo page, and let no proxy or CDN change the file."
        )


def _without_cors(page: Page, script: Script, answer: Answer, where: str) -> Iterator[str]:
    if _strongest(script.attributes.get("integrity", "")):
        yield (
            "The script element has integrity without crossorigin, so browsers refuse it: "
            'write crossorigin="anonymous" beside it.'
        )
    shared = answer.one("cross-origin-resource-policy")
    isolated = page.answer.one("cross-origin-embedder-policy").startswith("require-corp")
    if shared == "same-origin" or (isolated and shared != "cross-origin"):
        yield (
            f"{where} may not be loaded by other origins without CORS: write "
            'crossorigin="anonymous" into the script element.'
        )


def _by_cors(script: Script) -> bool:
    return "crossorigin" in script.attributes or script.attributes.get("type", "").lower() == "module"


def _same_origin(page: Page, url: str) -> bool:
    return origin_of(url) == page.origin


def _strongest(integrity: str) -> list[str]:
    """The hashes that count: those of the strongest kind that is named (SRI, 3.3.4)."""
    hashes = [each.partition("?")[0] for each in integrity.split()]
    kinds = [kind for kind in _STRENGTH if any(each.startswith(f"{kind}-") for each in hashes)]
    return [each for each in hashes if each.startswith(f"{kinds[-1]}-")] if kinds else []


def _has(body: bytes, integrity: str) -> bool:
    kind, _, value = integrity.partition("-")
    digest = b64encode(new_hash(kind, body).digest()).decode("ascii")
    return digest == value.replace("-", "+").replace("_", "/")
