"""The query of a review page or API call to Filters: known names, bounded values, the rest refused."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from feedback.errors import Fault, InvalidQuery
from feedback.model import ANY_KIND, Cursor, Filters, Status, Useful

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
    faults: list[Fault] = []
    if not query.keys() <= NAMES:
        faults.append(Fault("query", "unknown_field"))
    # PostgreSQL takes no such text.
    faults += [Fault(name, "bad_character") for name in sorted(NAMES & query.keys()) if "\0" in query[name]]
    equals = {name: query[name] for name in _EQUALS if query.get(name)}
    for name, known in _CHOICES.items():
        if query.get(name):
            equals[name] = query[name]
            if query[name] not in known:
                faults.append(Fault(name, "not_choice"))
    for name, choices in _FLAGS.items():
        if query.get(name) and query[name] not in choices:
            faults.append(Fault(name, "not_choice"))
    kind = query.get("kind") or None
    if kind and kind != ANY_KIND and not _KIND.fullmatch(kind):
        faults.append(Fault("kind", "not_choice"))
    path = query.get("path", "")
    prefix = path[:-1] if path.endswith("*") else None
    if path and prefix is None:
        equals["path"] = path
    limit = query.get("limit") or "50"
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 3 and 1 <= int(limit) <= MAX_LIMIT):
        faults.append(Fault("limit", "not_in_range", MAX_LIMIT))
        limit = "50"
    times: dict[str, int] = {}
    for name in ("since", "until"):
        try:
            if query.get(name):
                times[name] = milliseconds(query[name])
        except (ValueError, OverflowError):
            faults.append(Fault(name, "not_time"))
    words = query.get("q") or None
    if words and len(words) > MAX_WORDS:
        faults.append(Fault("q", "too_long", MAX_WORDS))
    after = None
    if query.get("cursor"):
        after = read_cursor(query["cursor"])
        if after is None:
            faults.append(Fault("cursor", "not_cursor"))
    if faults:
        raise InvalidQuery(*faults)
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
        limit=int(limit),
        since=times.get("since"),
        until=times.get("until"),
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


def milliseconds(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 time; a time without a zone is UTC."""
    # A plus sign in an address arrives as a space.
    time = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)
