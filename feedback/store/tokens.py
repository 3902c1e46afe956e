"""Keeping the tokens of scripts, by the hash of their secrets only."""

from typing import Final

from feedback.model import Role
from feedback.model.access import ApiToken
from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.database import Database, Row, Transaction
from feedback.store.people import scope_of, sites_json
from feedback.store.writer import Writer

_COLUMNS: Final = "id, secret_hash, name, role, sites, added_at, expires_at, used_at"


class Tokens:
    """The tokens."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> tuple[ApiToken, ...]:
        """All tokens, the newest first."""
        rows = await self._database.fetch(f"SELECT {_COLUMNS} FROM api_token ORDER BY added_at DESC, id")
        return tuple(map(_token, rows))

    async def find(self, key: str) -> ApiToken | None:
        """A token by its id, which is no secret."""
        rows = await self._database.fetch(f"SELECT {_COLUMNS} FROM api_token WHERE id = $1", key)
        return _token(rows[0]) if rows else None

    async def add(self, token: ApiToken, *entries: AuditEntry) -> None:
        """Keep a new token."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch(
                f"INSERT INTO api_token ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                token.id,
                token.secret_hash,
                token.name,
                token.role,
                sites_json(token.scope),
                token.added_at,
                token.expires_at,
                token.used_at,
            )
            await record(transaction, *entries)

        await self._writer.change(work)

    async def touch(self, key: str, now: int) -> None:
        """Note that the token is in use."""
        await self._writer.change(
            lambda work: work.fetch("UPDATE api_token SET used_at = $2 WHERE id = $1", key, now)
        )

    async def revoke(self, key: str, *entries: AuditEntry) -> bool:
        """Let a token in no more; False where there is none of this id."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch("DELETE FROM api_token WHERE id = $1 RETURNING id", key)
            if rows:
                await record(transaction, *entries)
            return bool(rows)

        return await self._writer.change(work)


def _token(row: Row) -> ApiToken:
    return ApiToken(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        scope=scope_of(row["sites"]),
        added_at=row["added_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        secret_hash=row["secret_hash"],
    )
