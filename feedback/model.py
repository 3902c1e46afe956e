"""What the service speaks of: submissions as stored, filters, pages; frozen and without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from feedback.share import Share

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


class Role(StrEnum):
    """What somebody on the web team may do; each role includes the ones before it."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do all that the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


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


class PageOrder(StrEnum):
    """In which order a list of pages comes."""

    WORST = "worst"  # the lowest share of useful votes that chance still allows; pages without votes last
    WORSENING = "worsening"  # the fall of that share since the days before, less what chance may add to it
    SUBMISSIONS = "most"
    NO_VOTES = "no"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class PageFilters:
    """Which pages the web team asks for; without days, all that was ever counted.

    WORSENING compares the days with those from `before` on; without `since` the last 28 are compared, without
    `until` up to today, and without `before` with as many.
    """

    today: date  # in UTC; the last of the days of `PageCounts.comments_7` and the like
    site: str | None = None
    since: date | None = None  # in UTC, included
    until: date | None = None  # in UTC, not included
    order: PageOrder = PageOrder.SUBMISSIONS
    limit: int = 50
    offset: int = 0
    prefix: str | None = None  # of the path
    before: date | None = None


@dataclass(frozen=True, slots=True)
class TrendFilters:
    """Which days of which page (with its site), of a section of a site, of a site, or of everything."""

    since: date  # in UTC, included
    until: date  # in UTC, not included
    site: str | None = None
    path: str | None = None
    section: str | None = None  # first part of the path


@dataclass(frozen=True, slots=True)
class Counts:
    """How much came in, spam left out; these outlive the words."""

    submissions: int = 0
    yes: int = 0
    no: int = 0
    comments: int = 0  # submissions with words in them

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.submissions + other.submissions,
            self.yes + other.yes,
            self.no + other.no,
            self.comments + other.comments,
        )

    @property
    def share(self) -> Share | None:
        """The share of votes that found it useful."""
        return Share.of(self.yes, self.no)

    @property
    def votes(self) -> int:
        """How many said whether it was useful."""
        return self.yes + self.no


@dataclass(frozen=True, slots=True)
class PageCounts:
    """What came in about one page, how many submissions with words in the last days, and its last weeks."""

    site: str
    path: str
    counts: Counts
    before: Counts | None  # in the days before; only where pages are ordered by it
    comments_7: int
    comments_30: int
    comments_90: int
    weeks: tuple[Counts, ...]  # the last 13, oldest first


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What came in on one day, and how many numbers of which kind were removed."""

    day: date
    counts: Counts
    removed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """What came in about a site or a section of it, step by step, oldest first."""

    site: str
    section: str | None
    steps: tuple[Counts, ...]

    @property
    def total(self) -> Counts:
        """All steps together."""
        return sum(self.steps, Counts())


@dataclass(frozen=True, slots=True)
class ScrubbedPageChange:
    """A note that a page was changed, ready to be stored."""

    id: str
    day: date
    note: Scrubbed
    made_by: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """A note of the web team that a page was changed on a day."""

    id: str
    day: date
    note: str  # scrubbed
    made_by: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which sites somebody may see: these origins, or all. The store asks for it with every question."""

    sites: frozenset[str] | None = None  # origins; None: all

    def includes(self, site: str) -> bool:
        """Whether submissions of the origin `site` may be seen."""
        return self.sites is None or site in self.sites

    def narrowed(self, site: str | None) -> Scope:
        """What is left of this where only the origin `site` is asked for; None: all of it."""
        if site is None:
            return self
        return Scope(frozenset((site,)) if self.includes(site) else frozenset())


EVERYTHING: Final = Scope()


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking: somebody with an account, a script with a token, or the operator at the first start."""

    id: str  # of the account (a UUID), `token:ID`, or `operator`
    name: str
    role: Role
    scope: Scope = EVERYTHING

    @property
    def has_account(self) -> bool:
        """Whether this is one of the people whom feedback can be given to."""
        return self.id != OPERATOR and not self.id.startswith("token:")


# Whatever was removed, as a filter.
ANY_KIND: Final = "any"

# The admin without an account whom the link of the first start lets in.
OPERATOR: Final = "operator"
