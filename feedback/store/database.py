"""What the queries need of a database; one file an engine gives it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from feedback.errors import Unavailable

Row = Mapping[str, Any]


class Transaction(Protocol):
    """Statements that are kept together or not at all."""

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Run one statement; its parameters are `$1`, `$2`... and its rows are read by column name."""
        ...


class Database(Protocol):
    """One open database."""

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a write; commits to disk at the end, rolls back on any exception."""
        ...

    async def schema_version(self) -> int | None:
        """The version of schema.sql that the database follows; None for an empty database."""
        ...

    async def run_script(self, sql: str) -> None:
        """Run many statements as one transaction."""
        ...

    async def close(self) -> None:
        """Let go of the database and of all that holds it."""
        ...


class DatabaseError(Unavailable):
    """The engine failed; carries the name of the fault and nothing of the statement or its values."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
