"""Tokens for scripts: `pf_ID_SECRET`, of which the secret is shown once and its hash is stored."""

import hmac
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from feedback.errors import Fault, Invalid, NotSignedIn, Unavailable
from feedback.model import Person, Role
from feedback.model.access import ApiToken
from feedback.model.audit import Action
from feedback.review.people import Note, named_sites, parse_profile
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.state import ServiceRequest
from feedback.store import Store

# The prefix lets scanners of published code know a token when they see one.
_TOKEN: Final = re.compile(r"pf_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
# A token's last use is written down at most this often.
_TOUCH_MS: Final = 60_000
_ENVIRONMENT: Final = Person("token:FEEDBACK_ADMIN_TOKEN", "FEEDBACK_ADMIN_TOKEN", Role.ADMIN)


def parse_token(fields: Mapping[str, object]) -> ApiToken:
    """What is asked for of a new token; `expires_at` is a day, without which it never runs out."""
    faults: list[Fault] = []
    profile, expires_at, moment = None, None, now()
    try:
        profile = parse_profile(fields)
    except Invalid as problem:
        faults += problem.faults
    asked = fields.get("expires_at")
    if asked not in (None, ""):
        expires_at = _end_of(asked)
        if expires_at is None or expires_at <= moment:
            faults.append(Fault("expires_at", "not_coming_day"))
    if profile is None or faults:
        raise Invalid(*faults)
    return ApiToken("", profile.name, profile.role, profile.scope, moment, expires_at)


async def add_token(store: Store, wanted: ApiToken, note: Note) -> tuple[ApiToken, str]:
    """Keep a token under a new id; gives it, and what its script sends, which is never seen again."""
    secret = new_secret()
    token = replace(wanted, id=secrets.token_hex(8), secret_hash=hash_secret(secret))
    added = note(Action.TOKEN_ADDED, token.id, role=token.role, sites=named_sites(token.scope))
    await store.tokens.add(token, added)
    return token, f"pf_{token.id}_{secret}"


async def revoke_token(store: Store, key: str, note: Note) -> bool:
    """Let a token in no more; False where there is none of this id."""
    return await store.tokens.revoke(key, note(Action.TOKEN_REVOKED, key))


async def find_token(request: ServiceRequest, text: str) -> Person:
    """Who sends this token; raises NotSignedIn where it is unknown, revoked or run out."""
    known = request.state["settings"].admin_token
    if known is not None and _same(hash_secret(known.get_secret_value()), text):
        return _ENVIRONMENT
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        raise NotSignedIn
    tokens, moment = request.state["store"].tokens, now()
    token = await tokens.find(parts[1])
    if token is None or not _same(token.secret_hash, parts[2]):
        raise NotSignedIn
    if token.expires_at is not None and token.expires_at <= moment:
        raise NotSignedIn
    if token.used_at is None or abs(moment - token.used_at) > _TOUCH_MS:
        # Reading goes on while the database cannot be written.
        with suppress(Unavailable):
            await tokens.touch(token.id, moment)
    return token.person


def _end_of(day: object) -> int | None:
    """Epoch milliseconds at which a day such as 2026-01-31 is over, in UTC."""
    try:
        begin = datetime.strptime(str(day), "%Y-%m-%d").replace(tzinfo=UTC)
        return round((begin + timedelta(days=1)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _same(stored_hash: str, secret: str) -> bool:
    # Hashes are of one length, so that the comparison tells nothing.
    return hmac.compare_digest(stored_hash, hash_secret(secret))
