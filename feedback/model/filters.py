"""Which submissions the web team asks for, and the page of them that they get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from feedback.model.submissions import Feedback

# Whatever was removed, as a filter.
ANY_KIND: Final = "any"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after one row in the order of arrival."""

    number: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which submissions the web team asks for, newest first."""

    equals: Mapping[str, str] = field(default_factory=dict)  # column -> value
    hide_spam: bool = False
    path_prefix: str | None = None
    since: int | None = None  # epoch milliseconds, included
    until: int | None = None  # epoch milliseconds, not included
    q: str | None = None  # words that must all be there, whatever their case and accents
    tag: str | None = None
    assignee: str | None = None  # id of a person; "" for those that nobody has
    kind: str | None = None  # a kind that was removed; ANY_KIND for whatever was
    urgent: bool = False  # only those
    after: Cursor | None = None
    before: Cursor | None = None  # only what is newer than it
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of submissions and the place where the next begins.

    A page may be short, or empty, and still have a next: one question looks at so many submissions only.
    """

    items: tuple[Feedback, ...]
    next: Cursor | None
