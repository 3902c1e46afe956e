"""What signing in speaks of: accounts, tickets, sessions, tokens; frozen, and secrets as hashes only."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from feedback.model.people import EVERYTHING, OPERATOR, Person, Role, Scope


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the web team; times in epoch milliseconds."""

    id: str
    email: str  # in lower case
    name: str
    role: Role
    scope: Scope
    added_at: int
    signed_in_at: int | None = None
    disabled_at: int | None = None
    password_hash: str | None = field(default=None, repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    totp_step: int | None = None
    sso_subject: str | None = None

    @property
    def signed_in(self) -> datetime | None:
        """When they last signed in, in UTC."""
        return _moment(self.signed_in_at)

    @property
    def person(self) -> Person:
        """The account as the one who is asking."""
        return Person(self.id, self.name, self.role, self.scope)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom an identity provider has signed in."""

    subject: str  # issuer and subject: what never changes and is never given to anybody else
    email: str | None
    email_verified: bool
    name: str
    groups: frozenset[str]


class Purpose(StrEnum):
    """What a ticket is good for; schema.sql says what each means."""

    FIRST = "first"
    INVITATION = "invitation"
    RESET = "reset"
    SECOND_FACTOR = "second_factor"
    SSO = "sso"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A secret that somebody holds for a while and uses once."""

    secret_hash: str = field(repr=False)
    purpose: Purpose
    expires_at: int  # epoch milliseconds
    person: str | None = None  # id of the account
    detail: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; times in epoch milliseconds."""

    id: str
    person: Person
    browser: str
    started_at: int
    seen_at: int

    @property
    def started(self) -> datetime | None:
        """When it began, in UTC."""
        return _moment(self.started_at)

    @property
    def seen(self) -> datetime | None:
        """When it was last in use, in UTC."""
        return _moment(self.seen_at)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A script's way in; times in epoch milliseconds."""

    id: str
    name: str
    role: Role
    scope: Scope
    added_at: int
    expires_at: int | None = None
    used_at: int | None = None
    secret_hash: str = field(default="", repr=False)

    @property
    def expires(self) -> datetime | None:
        """When it runs out, in UTC."""
        return _moment(self.expires_at)

    @property
    def last_day(self) -> date | None:
        """The last day on which it works, in UTC; it runs out at the end of a day."""
        return (self.expires - timedelta(days=1)).date() if self.expires else None

    @property
    def used(self) -> datetime | None:
        """When it was last used, in UTC, to the minute or so."""
        return _moment(self.used_at)

    @property
    def person(self) -> Person:
        """The token as the one who is asking."""
        return Person(f"token:{self.id}", self.name, self.role, self.scope)


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


OPERATOR_PERSON: Final = Person(OPERATOR, "one-time link", Role.ADMIN, EVERYTHING)
