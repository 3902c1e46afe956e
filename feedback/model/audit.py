"""What the audit log speaks of: who did what to which thing, when, and by which request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from feedback.model.people import Person

# Who acts when no person does.
COMMAND: Final = "command"
SERVICE: Final = "service"


class Action(StrEnum):
    """What is written down. Each has a sentence in the locale files under `audit.action.NAME`."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    FEEDBACK_VIEWED = "feedback_viewed"
    FEEDBACK_EXPORTED = "feedback_exported"
    FEEDBACK_CHANGED = "feedback_changed"
    FEEDBACK_ERASED = "feedback_erased"
    FEEDBACK_PURGED = "feedback_purged"
    NOTE_ADDED = "note_added"
    WORDS_REDACTED = "words_redacted"
    REMOVAL_DOUBTED = "removal_doubted"
    VALUE_ALLOWED = "value_allowed"
    VALUE_DISALLOWED = "value_disallowed"
    RESCRUB_STARTED = "rescrub_started"
    RESCRUB_FINISHED = "rescrub_finished"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    PERSON_DISABLED = "person_disabled"
    PERSON_FORGOTTEN = "person_forgotten"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # an action's name
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    LINK_MADE = "link_made"
    TOKEN_ADDED = "token_added"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    PAGE_CHANGE_ADDED = "page_change_added"
    PAGE_CHANGE_REMOVED = "page_change_removed"
    SUBSCRIPTION_CHANGED = "subscription_changed"
    SETTINGS_CHANGED = "settings_changed"
    AUDIT_EXPORTED = "audit_exported"
    AUDIT_PURGED = "audit_purged"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did.

    Nothing here may be a word of feedback, what somebody typed into a search or a sign-in, or an address of a
    visitor: `thing` is an id of ours, and the details are counts and names from our own lists.
    """

    who: str  # `Person.id`, COMMAND or SERVICE
    name: str  # as that person was called then
    action: Action
    thing: str | None = None  # id of the submission, person or token
    detail: Mapping[str, str | int] = field(default_factory=dict)
    request: str | None = None  # as in the log of requests

    @classmethod
    def by(
        cls,
        person: Person,
        action: Action,
        thing: str | None = None,
        request: str | None = None,
        **detail: str | int,
    ) -> "AuditEntry":
        """What a person did; the details are counts and names from our own lists."""
        return cls(person.id, person.name, action, thing, detail, request)

    @classmethod
    def by_command(cls, action: Action, thing: str | None = None, **detail: str | int) -> "AuditEntry":
        """What the operator did by the command `feedback`."""
        return cls(COMMAND, COMMAND, action, thing, detail)

    @classmethod
    def by_service(cls, action: Action, **detail: str | int) -> "AuditEntry":
        """What the service did by itself."""
        return cls(SERVICE, SERVICE, action, None, detail)


@dataclass(frozen=True, slots=True)
class Audited:
    """One entry as it was written."""

    number: int  # the order: epoch nanoseconds when it was written
    entry: AuditEntry

    @property
    def at(self) -> datetime:
        """When, in UTC."""
        return datetime.fromtimestamp(self.number // 1_000_000 / 1000, UTC)


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which entries are asked for, newest first."""

    who: str | None = None  # an id or a name
    action: Action | None = None
    since: int | None = None  # epoch milliseconds, included
    until: int | None = None  # epoch milliseconds, not included
    after: int | None = None  # the number of the last entry of the page before
    limit: int = 50
