"""The query of a review page or API call to Filters: known names, bounded values, the rest refused."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Final

from feedback.model import ANY_KIND, Cursor, Filters, Status, Useful
from feedback.review.query import Query

MAX_LIMIT: Final = 200
_EQUALS: Final = ("site", "lang")
_CHOICES: Final = {"status": tuple(Status), "useful": tuple(Useful)}
_OTHERS: Final = ("path", "q", "tag", "assignee", "kind", "since", "until", "limit", "cursor")
_FLAGS: Final = {"spam": ("no",), "urgent": ("yes",), "sort": ("newest", "oldest")}
NAMES: Final = frozenset((*_EQUALS, *_CHOICES, *_FLAGS, *_OTHERS))
# What says in which order, how many and from where on, but not which.
NOT_CHOOSING: Final = frozenset(("sort", "limit", "cursor"))
NOBODY: Final = "none"  # as an assignee
_KIND: Final = re.compile(r"[A-Z][A-Z_]{1,40}")
_START: Final = Cursor(0)  # before the oldest
MAX_WORDS: Final = 200  # characters of a search
_CURSOR: Final = re.compile(r"\d{1,19}", re.ASCII)
_MAX_NUMBER: Final = 2**63 - 1


def parse_filters(query: Mapping[str, str]) -> Filters:
    """Read the filters.

    Raises InvalidQuery with a fault for each name that is not known and each value that breaks its rule.
    """
    read = Query(query, NAMES)
    equals = {name: value for name in _EQUALS if (value := read.text(name))}
    equals |= {name: value for name, known in _CHOICES.items() if (value := read.choice(name, known))}
    for name, choices in _FLAGS.items():
        read.choice(name, choices)
    kind = read.text("kind")
    if kind and kind != ANY_KIND and not _KIND.fullmatch(kind):
        read.note("kind", "not_choice")
    path = read.text("path") or ""
    prefix = path[:-1] if path.endswith("*") else None
    if path and prefix is None:
        equals["path"] = path
    limit = read.number("limit", MAX_LIMIT, 50)
    since, until = read.time("since"), read.time("until")
    words = read.text("q", MAX_WORDS)
    after = None
    if cursor := read.text("cursor"):
        after = read_cursor(cursor)
        if after is None:
            read.note("cursor", "not_cursor")
    read.refuse()
    oldest = query.get("sort") == "oldest"
    return Filters(
        equals,
        hide_spam=query.get("spam") == "no",
        path_prefix=prefix,
        q=words,
        tag=query.get("tag") or None,
        assignee="" if query.get("assignee") == NOBODY else query.get("assignee") or None,
        kind=kind,
        urgent=bool(query.get("urgent")),
        after=None if oldest else after,
        before=(after or _START) if oldest else None,
        limit=limit,
        since=since,
        until=until,
    )


def write_cursor(cursor: Cursor) -> str:
    """The cursor as it stands in an address."""
    return urlsafe_b64encode(str(cursor.number).encode()).decode("ascii").rstrip("=")


def read_cursor(text: str) -> Cursor | None:
    """A cursor as it stands in an address; None for what is none."""
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return None
    return Cursor(int(plain)) if _CURSOR.fullmatch(plain) and int(plain) <= _MAX_NUMBER else None
