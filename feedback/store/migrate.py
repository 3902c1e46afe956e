"""Brings a database to the version of schema.sql: a new one at once, an older one step by step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from feedback.errors import StartError
from feedback.store.append_only import APPEND_ONLY
from feedback.store.database import Database, DatabaseError

# migrations/0002_what_it_does.sql leads from version 1 to 2 on both engines; beside it may stand
# 0002_what_it_does.sqlite.sql and .postgresql.sql for what only one of them has, run right after it.
_STEP: Final = re.compile(r"(\d{4})_\w+(?:\.(sqlite|postgresql))?\.sql")
_FIRST_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Schema:
    """What the tables are: all at once, and the scripts that lead from each version to the next."""

    full: str
    steps: Mapping[int, Sequence[tuple[str | None, str]]]  # version -> (engine or both, script)

    @property
    def version(self) -> int:
        """The version that `full` makes."""
        return max(self.steps, default=_FIRST_VERSION)

    @classmethod
    def of_package(cls) -> "Schema":
        """The schema of this release."""
        return cls(schema_sql(), read_steps(files("feedback.store") / "migrations"))


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which version (None: empty) to which a database was brought."""

    before: int | None
    after: int


async def migrate(database: Database, schema: Schema) -> Migrated:
    """Bring the database to the schema's version in one transaction, alone among all processes.

    A migration that was interrupted has changed nothing and can be started again. Raises StartError for a
    database of a newer version, and where a script fails.
    """
    engine = database.search.engine
    try:
        async with database.schema_change() as change:
            before = await change.version()
            if before is None:
                await change.run(schema.full)
                await change.run(database.search.schema)
                await change.run(APPEND_ONLY[engine])
            elif before > schema.version:
                raise StartError(
                    "The database was made by a newer version of Page Feedback; install that version."
                )
            else:
                for version in range(before + 1, schema.version + 1):
                    for only, script in schema.steps[version]:
                        if only in (None, engine):
                            await change.run(script)
                    await change.fetch("UPDATE schema_version SET version = $1", version)
    except DatabaseError as error:
        raise StartError(f"The database cannot be prepared ({error.kind}).") from None
    return Migrated(before, schema.version)


def read_steps(folder: Traversable) -> dict[int, list[tuple[str | None, str]]]:
    """The scripts of a folder by the version that they lead to, in the order in which they run."""
    steps: dict[int, list[tuple[str | None, str]]] = {}
    for file in sorted(folder.iterdir(), key=lambda file: (file.name[:4], file.name.count("."), file.name)):
        if name := _STEP.fullmatch(file.name):
            steps.setdefault(int(name[1]), []).append((name[2], file.read_text(encoding="utf-8")))
    return steps


def schema_sql() -> str:
    """The text of schema.sql: inside the package once installed, at the top of a checkout."""
    packaged = Path(__file__).with_name("schema.sql")
    path = packaged if packaged.exists() else Path(__file__).parents[2] / "schema.sql"
    return path.read_text(encoding="utf-8")
