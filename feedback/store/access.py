"""Keeping who is signed in: one-time links and sessions, by the hash of their secrets only."""

from dataclasses import dataclass

from feedback.model import Role
from feedback.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; times in epoch milliseconds."""

    role: Role
    started_at: int
    seen_at: int


async def add_link(transaction: Transaction, secret_hash: str, role: Role, now: int, expires_at: int) -> None:
    """Keep a one-time link, and forget those that have run out."""
    await transaction.fetch("DELETE FROM sign_in_link WHERE expires_at <= $1", now)
    await transaction.fetch(
        "INSERT INTO sign_in_link (secret_hash, role, expires_at) VALUES ($1, $2, $3)",
        secret_hash,
        role,
        expires_at,
    )


async def use_link(
    transaction: Transaction, secret_hash: str, session_hash: str, now: int, session_start: int
) -> Role | None:
    """Trade a one-time link for a session; None where the link is unknown, used or has run out.

    Sessions begun before `session_start` are over and are forgotten here.
    """
    links = await transaction.fetch(
        "DELETE FROM sign_in_link WHERE secret_hash = $1 RETURNING role, expires_at", secret_hash
    )
    if not links or links[0]["expires_at"] <= now:
        return None
    await transaction.fetch("DELETE FROM session WHERE started_at < $1", session_start)
    await transaction.fetch(
        "INSERT INTO session (secret_hash, role, started_at, seen_at) VALUES ($1, $2, $3, $3)",
        session_hash,
        links[0]["role"],
        now,
    )
    return Role(links[0]["role"])


async def find_session(database: Database, secret_hash: str) -> Session | None:
    """The session of a cookie."""
    rows = await database.fetch(
        "SELECT role, started_at, seen_at FROM session WHERE secret_hash = $1", secret_hash
    )
    return Session(Role(rows[0]["role"]), rows[0]["started_at"], rows[0]["seen_at"]) if rows else None


async def touch_session(transaction: Transaction, secret_hash: str, now: int) -> None:
    """Note that the session is in use."""
    await transaction.fetch("UPDATE session SET seen_at = $2 WHERE secret_hash = $1", secret_hash, now)


async def end_session(transaction: Transaction, secret_hash: str) -> None:
    """Sign out."""
    await transaction.fetch("DELETE FROM session WHERE secret_hash = $1", secret_hash)
