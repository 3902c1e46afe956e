"""Keeping the people of the web team: their accounts, second factors and recovery codes."""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from feedback.model import Role, Scope
from feedback.model.access import Account
from feedback.model.audit import AuditEntry
from feedback.store.audit import record
from feedback.store.database import Database, Row, Transaction
from feedback.store.writer import Writer

_COLUMNS: Final = (
    "id, email, name, role, sites, password_hash, totp_secret, totp_step, sso_subject, added_at, "
    "signed_in_at, disabled_at"
)


class People:
    """The accounts. Whoever changes one gives the entries that the audit log is to have of it."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> tuple[Account, ...]:
        """Everybody, by name; those who are disabled too."""
        rows = await self._database.fetch(f"SELECT {_COLUMNS} FROM person ORDER BY lower(name), id")
        return tuple(map(_account, rows))

    async def find(self, key: str) -> Account | None:
        """An account by its id."""
        return _first(await self._database.fetch(f"SELECT {_COLUMNS} FROM person WHERE id = $1", key))

    async def find_by_email(self, email: str) -> Account | None:
        """An account by its address, whatever the case."""
        return _first(
            await self._database.fetch(f"SELECT {_COLUMNS} FROM person WHERE email = $1", email.lower())
        )

    async def find_by_sso_subject(self, subject: str) -> Account | None:
        """An account by its issuer and subject at the identity provider."""
        return _first(
            await self._database.fetch(f"SELECT {_COLUMNS} FROM person WHERE sso_subject = $1", subject)
        )

    async def add(self, account: Account, *entries: AuditEntry) -> bool:
        """Keep a new account; False where its address is taken."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch(
                f"INSERT INTO person ({_COLUMNS}) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                "ON CONFLICT (email) DO NOTHING RETURNING id",
                account.id,
                account.email.lower(),
                account.name,
                account.role,
                sites_json(account.scope),
                account.password_hash,
                account.totp_secret,
                account.totp_step,
                account.sso_subject,
                account.added_at,
                account.signed_in_at,
                account.disabled_at,
            )
            if rows:
                await record(transaction, *entries)
            return bool(rows)

        return await self._writer.change(work)

    async def change(self, key: str, name: str, role: Role, scope: Scope, *entries: AuditEntry) -> None:
        """Change what somebody is called, may do and may see; it holds from their next request on."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch(
                "UPDATE person SET name = $2, role = $3, sites = $4 WHERE id = $1",
                key,
                name,
                role,
                sites_json(scope),
            )
            await record(transaction, *entries)

        await self._writer.change(work)

    async def disable(self, key: str, now: int, *entries: AuditEntry) -> None:
        """Let somebody in no more: their sessions and links end here."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("UPDATE person SET disabled_at = $2 WHERE id = $1", key, now)
            await transaction.fetch("DELETE FROM session WHERE person = $1", key)
            await transaction.fetch("DELETE FROM ticket WHERE person = $1", key)
            await record(transaction, *entries)

        await self._writer.change(work)

    async def enable(self, key: str, *entries: AuditEntry) -> None:
        """Let somebody in again."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("UPDATE person SET disabled_at = NULL WHERE id = $1", key)
            await record(transaction, *entries)

        await self._writer.change(work)

    async def set_password(self, key: str, password_hash: str, *entries: AuditEntry) -> None:
        """Change a password; all sessions and links of before end here."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch("UPDATE person SET password_hash = $2 WHERE id = $1", key, password_hash)
            await transaction.fetch("DELETE FROM session WHERE person = $1", key)
            await transaction.fetch("DELETE FROM ticket WHERE person = $1", key)
            await record(transaction, *entries)

        await self._writer.change(work)

    async def rehash_password(self, key: str, before: str, after: str) -> None:
        """Keep the same password by newer parameters, unless it was changed meanwhile."""
        await self._writer.change(
            lambda work: work.fetch(
                "UPDATE person SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
                key,
                before,
                after,
            )
        )

    async def set_second_factor(
        self,
        key: str,
        totp_secret: str | None,
        step: int | None,
        code_hashes: Iterable[str],
        *entries: AuditEntry,
    ) -> None:
        """Set a second factor with its recovery codes, or take it away; `step` is the last one taken."""

        async def work(transaction: Transaction) -> None:
            await transaction.fetch(
                "UPDATE person SET totp_secret = $2, totp_step = $3 WHERE id = $1", key, totp_secret, step
            )
            await transaction.fetch("DELETE FROM recovery_code WHERE person = $1", key)
            for code_hash in code_hashes:
                await transaction.fetch(
                    "INSERT INTO recovery_code (person, code_hash) VALUES ($1, $2)", key, code_hash
                )
            await record(transaction, *entries)

        await self._writer.change(work)

    async def use_totp_step(self, key: str, step: int) -> bool:
        """Take the code of a step; False where one of it or of a later step was taken before."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch(
                "UPDATE person SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2) "
                "RETURNING id",
                key,
                step,
            )
            return bool(rows)

        return await self._writer.change(work)

    async def use_recovery_code(self, key: str, code_hash: str) -> bool:
        """Take a recovery code; False where it is unknown or was taken before."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch(
                "DELETE FROM recovery_code WHERE person = $1 AND code_hash = $2 RETURNING person",
                key,
                code_hash,
            )
            return bool(rows)

        return await self._writer.change(work)

    async def recovery_codes_left(self, key: str) -> int:
        """How many recovery codes somebody still has."""
        rows = await self._database.fetch("SELECT count(*) AS n FROM recovery_code WHERE person = $1", key)
        return int(rows[0]["n"])

    async def set_sso_subject(self, key: str, subject: str, *entries: AuditEntry) -> bool:
        """Bind an account to its subject at the identity provider; False where it is bound already."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch(
                "UPDATE person SET sso_subject = $2 WHERE id = $1 AND sso_subject IS NULL RETURNING id",
                key,
                subject,
            )
            if rows:
                await record(transaction, *entries)
            return bool(rows)

        return await self._writer.change(work)


def sites_json(scope: Scope) -> str | None:
    """A scope as its column holds it."""
    return None if scope.sites is None else json.dumps(sorted(scope.sites))


def scope_of(sites: str | None) -> Scope:
    """A scope as its column holds it, read back."""
    return Scope(None if sites is None else frozenset(json.loads(sites)))


def _first(rows: Sequence[Row]) -> Account | None:
    return _account(rows[0]) if rows else None


def _account(row: Row) -> Account:
    return Account(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        scope=scope_of(row["sites"]),
        password_hash=row["password_hash"],
        totp_secret=row["totp_secret"],
        totp_step=row["totp_step"],
        sso_subject=row["sso_subject"],
        added_at=row["added_at"],
        signed_in_at=row["signed_in_at"],
        disabled_at=row["disabled_at"],
    )
