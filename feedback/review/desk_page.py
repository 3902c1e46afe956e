"""What the pages of the desk share: their policy, and words with redactions and hits marked."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup, escape
from starlette.responses import Response

from feedback.errors import Fault, Invalid
from feedback.http.headers import PAGE_POLICY
from feedback.model import Feedback, Person, Role, Scope, Status
from feedback.model.access import Account
from feedback.review.filters import NAMES
from feedback.state import ServiceRequest
from feedback.store.finding import words_of
from feedback.words import Words

# The one script of the desk, which puts no text of its own into a page and asks this server only.
POLICY: Final = (
    f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_REDACTION: Final = re.compile(r"\[([A-Z][A-Z_]+)\]")
_MAX_PARTS: Final = 50
_WORD: Final = re.compile(r"[^\W_]+")


def desk_page(request: ServiceRequest, name: str, person: Person, values: Mapping[str, object]) -> Response:
    """A page of the desk. Its language is the browser's: `?lang=` is that of the feedback looked for."""
    templates = request.state["templates"]
    words = templates.words
    lang = words.language(request.headers.get("accept-language"))
    hits = frozenset(word.casefold() for word in words_of(request.query_params.get("q", "")))
    return templates.page(
        request,
        name,
        {
            "person": person,
            "statuses": list(Status),
            "may_change": person.role.includes(Role.REVIEWER),
            "marked": lambda item, field: marked(item, field, words, lang, hits),
            **values,
        },
        lang=lang,
        headers={"Content-Security-Policy": POLICY},
    )


def kept_query(request: ServiceRequest, *without: str) -> dict[str, str]:
    """The filters of the address that are known and set, in its order."""
    return {
        name: value
        for name, value in request.query_params.items()
        if name in NAMES and value and name not in ("limit", *without)
    }


def list_query(text: str) -> dict[str, str]:
    """The query of a list as a form sends it along; raises Invalid where it has too many parts."""
    pairs = None
    with suppress(ValueError):
        pairs = parse_qsl(text, max_num_fields=_MAX_PARTS)
    if pairs is None:
        raise Invalid(Fault("query", "too_many", _MAX_PARTS))
    return dict(pairs)


def address(request: ServiceRequest, path: str, query: Mapping[str, str]) -> str:
    """An address of ours with a query, under whatever path this app is mounted."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{request.scope.get('root_path', '')}{path}{asked}"


async def team(request: ServiceRequest) -> tuple[Account, ...]:
    """Everybody with an account, by name."""
    return await request.state["store"].people.all()


def can_be_given(account: Account, scope: Scope) -> bool:
    """Whether somebody can be given one of the submissions of a scope."""
    may_see = account.scope.sites
    return (
        account.disabled_at is None
        and account.role.includes(Role.REVIEWER)
        and (may_see is None or scope.sites is None or not may_see.isdisjoint(scope.sites))
    )


def marked(item: Feedback, field: str, words: Words, lang: str, hits: frozenset[str] = frozenset()) -> Markup:
    """A field's words, escaped, each redaction as a marked word that says what stood there, and hits marked.

    Only kinds that were removed from this field are marked: a visitor can type a kind's name too. The words
    are isolated, so that signs which turn the direction of writing turn nothing else.
    """
    text = item.site.partition("://")[2] + item.path if field == "page" else getattr(item, field) or ""
    kinds = {removed.kind for removed in item.removed if removed.field == field}
    pieces: list[Markup] = []
    end = 0
    for match in _REDACTION.finditer(text):
        if match[1] not in kinds:
            continue
        pieces += _with_hits(text[end : match.start()], hits)
        title = words.say(lang, "review.removed", kind=words.say(lang, f"kind.{match[1]}", n=1))
        pieces.append(Markup('<mark title="{}">{}</mark>').format(title, match[0]))
        end = match.end()
    pieces += _with_hits(text[end:], hits)
    return Markup("<bdi>{}</bdi>").format(Markup("").join(pieces))


def _with_hits(text: str, hits: frozenset[str]) -> Iterator[Markup]:
    end = 0
    for match in _WORD.finditer(text) if hits else ():
        found = words_of(match[0])
        if found and found[0].casefold() in hits:
            yield escape(text[end : match.start()])
            yield Markup('<mark class="hit">{}</mark>').format(match[0])
            end = match.end()
    yield escape(text[end:])
