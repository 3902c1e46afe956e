"""A submission before it is stored and as the web team sees it, and the notes about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For the type checker only: at run time the model needs nothing of the scrubber.
    from scrubbers import Scrubbed


class Useful(StrEnum):
    """A visitor's vote on a page."""

    YES = "yes"
    NO = "no"


class Status(StrEnum):
    """Where the web team stands with one submission."""

    NEW = "new"
    OPEN = "open"
    DONE = "done"
    IRRELEVANT = "irrelevant"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Removed:
    """How many numbers of one kind were taken out of one field."""

    field: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Spam:
    """How likely a submission is spam, 0 to 1, and the names of the reasons."""

    score: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScrubbedFeedback:
    """One submission ready to be stored.

    All that a visitor can type freely is `Scrubbed`, a type that only the scrubber makes: the type
    checker keeps raw text out of the database.
    """

    id: str
    received_at: int  # epoch milliseconds
    site: Scrubbed
    path: Scrubbed
    title: Scrubbed | None
    lang: str | None
    useful: Useful | None
    doing: Scrubbed | None
    comment: Scrubbed | None
    status: Status
    spam: Spam
    removed: tuple[Removed, ...]
    scrub_version: str
    urgent: bool = False  # words of threat or harm are in it


@dataclass(frozen=True, slots=True)
class Rescrubbed:
    """The words of a stored submission after newer rules have been over them."""

    site: Scrubbed
    path: Scrubbed
    title: Scrubbed | None
    doing: Scrubbed | None
    comment: Scrubbed | None
    found: tuple[Removed, ...]  # what these rules took out and older ones had left


@dataclass(frozen=True, slots=True)
class ScrubbedNote:
    """A note about a submission, ready to be stored."""

    id: str
    made_at: int  # epoch milliseconds
    made_by: str
    words: Scrubbed


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody on the web team wrote about a submission."""

    id: str
    made_at: int  # epoch milliseconds
    made_by: str
    words: str  # scrubbed

    @property
    def made(self) -> datetime:
        """When it was written, in UTC."""
        return datetime.fromtimestamp(self.made_at / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One submission as the web team sees it."""

    id: str
    received_at: int  # epoch milliseconds
    site: str
    path: str
    title: str | None
    lang: str | None
    useful: Useful | None
    doing: str | None
    comment: str | None
    status: Status
    spam: Spam
    removed: tuple[Removed, ...]
    scrub_version: str
    number: int = 0  # its place in the order of arrival
    urgent: bool = False
    assignee: str | None = None  # id of a person
    tags: tuple[str, ...] = ()  # in order
    notes: tuple[Note, ...] = ()  # oldest first

    @property
    def received(self) -> datetime:
        """When it was received, in UTC."""
        return datetime.fromtimestamp(self.received_at / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What storing a submission gave: its id and what was removed, the first time it came."""

    id: str
    removed: tuple[Removed, ...]
