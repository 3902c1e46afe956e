"""Adding people and changing what they may do: the rules that pages, API and command share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from feedback.errors import Fault, Invalid
from feedback.ids import new_id
from feedback.model import Role, Scope
from feedback.model.access import Account, Purpose, Ticket
from feedback.model.audit import Action, AuditEntry
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.store import Store

# Makes the entry of the audit log for whoever acts: action, id of the thing, details by name.
Note = Callable[..., AuditEntry]

INVITATION_LIFE_MS: Final = 7 * 86_400_000
RESET_LIFE_MS: Final = 86_400_000
MAX_NAME: Final = 100
PROFILE: Final = ("name", "role", "sites")  # the fields that `parse_profile` reads
_MAX_EMAIL: Final = 254
_MAX_SITES: Final = 100
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Profile:
    """What an admin says of a person or a token."""

    name: str
    role: Role
    scope: Scope


def parse_profile(fields: Mapping[str, object]) -> Profile:
    """`name`, `role` and `sites` (origins; none: all); raises Invalid with each fault."""
    faults: list[Fault] = []
    name, role, sites = fields.get("name"), fields.get("role"), fields.get("sites")
    if not isinstance(name, str) or not name.strip():
        faults.append(Fault("name", "required"))
    elif len(name) > MAX_NAME:
        faults.append(Fault("name", "too_long", MAX_NAME))
    elif not name.isprintable():
        faults.append(Fault("name", "bad_character"))
    if not isinstance(role, str) or role not in list(Role):
        faults.append(Fault("role", "not_choice"))
    if not _are_sites(sites):
        faults.append(Fault("sites", "not_origins"))
    if faults:
        raise Invalid(*faults)
    scope = Scope(frozenset(map(str.lower, sites)) if isinstance(sites, list) and sites else None)
    return Profile(str(name).strip(), Role(str(role)), scope)


def parse_email(fields: Mapping[str, object]) -> str:
    """`email`, in lower case; raises Invalid."""
    email = fields.get("email")
    if not isinstance(email, str) or not email.strip():
        raise Invalid(Fault("email", "required"))
    email = email.strip().lower()
    if len(email) > _MAX_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise Invalid(Fault("email", "not_email"))
    return email


async def add_person(
    store: Store, email: str, profile: Profile, note: Note, *, password_hash: str | None = None
) -> Account:
    """A new account; raises Invalid where the address has one."""
    account = Account(
        str(new_id()), email, profile.name, profile.role, profile.scope, now(), password_hash=password_hash
    )
    added = note(Action.PERSON_ADDED, account.id, role=profile.role, sites=named_sites(profile.scope))
    if not await store.people.add(account, added):
        raise Invalid(Fault("email", "taken"))
    return account


async def make_link(store: Store, base_url: str, account: Account, note: Note) -> str:
    """A one-time link by which somebody sets their password: the first one, or a new one."""
    purpose, life = Purpose.INVITATION, INVITATION_LIFE_MS
    if account.password_hash:
        purpose, life = Purpose.RESET, RESET_LIFE_MS
    secret, moment = new_secret(), now()
    ticket = Ticket(hash_secret(secret), purpose, moment + life, account.id)
    await store.sessions.add_ticket(ticket, moment, note(Action.LINK_MADE, account.id, purpose=purpose))
    return f"{base_url}/admin/password?token={secret}"


async def change_person(store: Store, account: Account, profile: Profile, by: str, note: Note) -> None:
    """Change what somebody is called, may do and may see; nobody makes themselves less than they are.

    Otherwise the last admin could go, and nobody could bring one back.
    """
    if account.id == by and (profile.role, profile.scope) != (account.role, account.scope):
        raise Invalid(Fault("role", "own_account"))
    changed = note(Action.PERSON_CHANGED, account.id, role=profile.role, sites=named_sites(profile.scope))
    await store.people.change(account.id, profile.name, profile.role, profile.scope, changed)


async def disable_person(store: Store, account: Account, by: str, note: Note) -> None:
    """Let somebody in no more, from this moment on; raises Invalid for oneself."""
    if account.id == by:
        raise Invalid(Fault("disabled", "own_account"))
    await store.people.disable(account.id, now(), note(Action.PERSON_DISABLED, account.id))


async def forget_person(store: Store, account: Account, by: str, note: Note) -> None:
    """Delete somebody's account, name and address; raises Invalid for oneself."""
    if account.id == by:
        raise Invalid(Fault("sure", "own_account"))
    await store.forgetting.forget(account, now(), note(Action.PERSON_FORGOTTEN, account.id))


async def enable_person(store: Store, account: Account, note: Note) -> None:
    """Let somebody in again, by the password that they had."""
    await store.people.enable(account.id, note(Action.PERSON_CHANGED, account.id, disabled=0))


async def drop_second_factor(store: Store, account: Account, note: Note) -> None:
    """Take away a second factor whose owner has lost it, with its recovery codes."""
    changed = note(Action.SECOND_FACTOR_CHANGED, account.id, set=0)
    await store.people.set_second_factor(account.id, None, None, (), changed)


def _are_sites(sites: object) -> bool:
    if sites is None:
        return True
    return (
        isinstance(sites, list)
        and len(sites) <= _MAX_SITES
        and all(isinstance(site, str) and _ORIGIN.fullmatch(site.lower()) for site in sites)
    )


def named_sites(scope: Scope) -> str:
    """The sites of a scope in one line, as the audit log and the command say them."""
    return "all" if scope.sites is None else ", ".join(sorted(scope.sites))


def typed_sites(text: str) -> list[str] | None:
    """The sites of a form's field, one a line; None where it is empty."""
    return [line.rstrip("/") for line in text.split()] or None
