"""Who is asking, what they may do, and which sites they may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# The admin without an account whom the link of the first start lets in.
OPERATOR: Final = "operator"


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
