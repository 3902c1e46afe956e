"""What the queries need of a database; one file an engine gives it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Any, Final, Literal, Protocol

from feedback.errors import StartError, Unavailable

Row = Mapping[str, Any]
Engine = Literal["sqlite", "postgresql"]

# How long one statement may take before it is stopped, so that every fault is answered within two seconds.
STATEMENT_SECONDS: Final = 1.5


class Progress(Enum):
    """What a step of a longer work says of the rest."""

    DONE = "done"
    MORE = "more"
    BUSY = "busy"  # somebody was in the way; the same step is wanted again


class Transaction(Protocol):
    """Statements that are kept together or not at all."""

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Run one statement; its parameters are `$1`, `$2`... and its rows are read by column name."""
        ...

    async def execute(self, sql: str, *values: object) -> None:
        """Run a statement whose rows nobody reads, now or with the next one; its fault may come that late."""
        ...


class SchemaChange(Transaction, Protocol):
    """A transaction that no other process can be in at the same time."""

    async def run(self, script: str) -> None:
        """Run the statements of a script one after the other."""
        ...

    async def version(self) -> int | None:
        """The version of schema.sql that the database follows; None for an empty database."""
        ...


class Search(Protocol):
    """How an engine finds words; its `schema` is run after schema.sql."""

    engine: Engine
    schema: str
    source: str  # what a search reads from, with the submissions as `f`
    index: str  # what of it is enough to find numbers
    number: str  # the column to order what was found by
    on_page: str  # says, with the page's index, that it is about the page of `{site}` and `{path}`

    def condition(self, parameter: str) -> str:
        """The condition that all words of the parameter are in a submission."""
        ...

    def value(self, words: Sequence[str]) -> str:
        """The words as the parameter takes them."""
        ...


class Readable(Protocol):
    """One open database as far as it is read."""

    search: Search

    async def fetch(self, sql: str, *values: object) -> Sequence[Row]:
        """Read rows; never writes."""
        ...

    async def close(self) -> None:
        """Let go of the database and of all that holds it."""
        ...


class Database(Readable, Protocol):
    """One open database."""

    size: str  # the statement that gives its size in `bytes`

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a write; commits to disk at the end, rolls back on any exception."""
        ...

    def schema_change(self) -> AbstractAsyncContextManager[SchemaChange]:
        """Begin a transaction that waits for, and keeps out, every other one of its kind."""
        ...

    async def clean_search(self, transaction: Transaction) -> Progress:
        """Take one step at taking deleted words out of the search index."""
        ...

    async def clean_files(self) -> Progress:
        """Take one step at taking deleted words out of the engine's files, between two transactions."""
        ...


class DatabaseInUse(StartError):
    """Another process holds a database that takes only one."""


class DatabaseError(Unavailable):
    """The engine failed; carries the name of the fault and nothing of the statement or its values."""

    def __init__(self, kind: str, *, of_row: bool = False) -> None:
        super().__init__()
        self.kind = kind
        # One row may be at fault: others of its transaction deserve a try of their own.
        self.of_row = of_row
