"""What the web team does with submissions: changes, counts of filters, saved views; frozen, without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from feedback.model.filters import Cursor
from feedback.model.people import Person, Role
from feedback.model.submissions import Feedback, Status

MAX_TAGS: Final = 10  # of one submission
# Submissions that one action of many may change; somebody waits for it.
MAX_CHANGED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Facets:
    """How many submissions each choice of a filter would give, the other filters as they are.

    Only the newest are counted: where `least`, there are at least so many.
    """

    counts: Mapping[str, Mapping[str, int]]  # filter -> choice -> number
    least: Mapping[str, frozenset[str] | None]  # filter -> those of its choices; None: all of them

    def shown(self, name: str, *choices: str) -> str:
        """How many some choices of a filter would give together, as it reads: `12`, or `1,000+`."""
        counts, least = self.counts.get(name, {}), self.least.get(name, frozenset())
        number = sum(counts.get(choice, 0) for choice in choices)
        more = number and (least is None or not least.isdisjoint(choices))
        return f"{number:,}{'+' if more else ''}"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside one submission."""

    newer: str | None  # ids of its neighbours in the list that it was opened from
    older: str | None
    same_page: tuple[Feedback, ...]
    alike: tuple[Feedback, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of submissions; what is None stays as it is."""

    status: Status | None = None
    assignee: str | None = None  # id of a person; "" for nobody
    tags: tuple[str, ...] | None = None  # instead of those that are there
    add_tag: str | None = None
    remove_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of many came to, so far."""

    submissions: int
    action: str = ""  # its id, by which it goes on
    rest: Cursor | None = None  # after which the filters choose more, which are not changed yet


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters that somebody gave a name."""

    id: str
    name: str  # scrubbed
    query: str  # as in the address
    person: str | None  # whose it is; None: everybody's
    made_by: str

    @property
    def site(self) -> str | None:
        """The origin that it names; None where it is about all."""
        return parse_qs(self.query).get("site", [None])[0]

    def is_for(self, person: Person) -> bool:
        """Whether somebody sees it: their own, and everybody's but those of sites that they may not see."""
        if self.person is not None:
            return self.person == person.id
        return self.site is None or person.scope.includes(self.site)

    def may_be_removed_by(self, person: Person) -> bool:
        """Whether somebody may forget it: their own, and a reviewer everybody's where all of it is theirs."""
        if self.person is not None or not person.role.includes(Role.REVIEWER):
            return self.person == person.id
        return person.scope.sites is None or (self.site is not None and person.scope.includes(self.site))


@dataclass(frozen=True, slots=True)
class AllowedValue:
    """A public number or address that the scrubber leaves in place."""

    id: str
    value: str
    kind: str
    made_at: int  # epoch milliseconds
    made_by: str


@dataclass(frozen=True, slots=True)
class WrongRemoval:
    """What somebody saw taken out that was no personal number; the value itself is nowhere."""

    feedback: str  # id of the submission
    site: str
    path: str
    field: str
    kind: str
    made_at: int  # epoch milliseconds
    made_by: str
