"""How much came in about which page, section or site: what is asked for and what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from feedback.model.share import Share

if TYPE_CHECKING:
    # For the type checker only: at run time the model needs nothing of the scrubber.
    from scrubbers import Scrubbed


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
