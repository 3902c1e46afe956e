"""schema.sql and the migrations give the same database, on both engines and from every start."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.errors import StartError
from feedback.model import EVERYTHING, Filters
from feedback.store import Store, schema_sql
from feedback.store.database import Database
from feedback.store.migrate import Migrated, Schema, migrate, read_steps
from feedback.store.opening import open_database
from tests.postgres import Postgres
from tests.store.samples import opened, some_feedback

FIRST = Schema(schema_sql(), {})
STEPS = read_steps(Path(__file__).parent / "migrations")


def second(engine: str) -> Schema:
    """What schema.sql would look like had version 2 been released."""
    full = schema_sql().replace("VALUES (1);", "VALUES (2);")
    full = full.replace("rules that scrubbed the row", "rules that scrubbed the row\n    crew TEXT,")
    assert full.count("crew") == 1
    own = "".join(script for only, script in STEPS[2] if only == engine)
    return Schema(f"{full}\nCREATE INDEX feedback_by_crew ON feedback (crew, number);\n{own}", STEPS)


@asynccontextmanager
async def database_at(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def described(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Tables with their columns in any order (each statement names them), indexes, constraints, triggers."""
    if database.search.engine == "sqlite":
        queries = {
            "columns": 'SELECT t.name AS t, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden '
            "FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'",
            "indexes": 'SELECT i.name, x.seqno, x.name, x."desc", x.coll '
            "FROM sqlite_schema i, pragma_index_xinfo(i.name) x WHERE i.type = 'index'",
            "rest": "SELECT type, name, CASE WHEN type = 'trigger' THEN sql END FROM sqlite_schema",
        }
    else:
        queries = {
            "columns": "SELECT table_name, column_name, data_type, is_nullable, "
            "column_default, generation_expression FROM information_schema.columns "
            "WHERE table_schema = 'public'",
            "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "rest": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint",
        }
    queries["version"] = "SELECT version FROM schema_version"
    return {
        name: sorted((tuple(row) for row in await database.fetch(sql)), key=repr)
        for name, sql in queries.items()
    }


def test_both_ways_give_the_same_database_and_keep_the_rows(url: str, tmp_path: Path, postgres: Postgres):
    engine = url.partition(":")[0]
    other = postgres.fresh() if engine == "postgresql" else f"sqlite:///{tmp_path}/other.db"
    one = some_feedback("kept")

    async def go() -> None:
        async with opened(url) as store:
            await store.add(one)
        async with database_at(url) as old, database_at(other) as new:
            first = await described(old)
            assert await migrate(old, second(engine)) == Migrated(1, 2)
            assert await migrate(new, second(engine)) == Migrated(None, 2)
            assert await described(old) == await described(new)
            assert await described(old) != first
            assert await migrate(old, second(engine)) == Migrated(2, 2)
            rows = await old.fetch("SELECT id, comment, crew FROM feedback")
            assert [(row["id"], row["comment"], row["crew"]) for row in rows] == [(one.id, "kept", None)]

    asyncio.run(go())


def test_a_migration_that_breaks_off_changes_nothing_and_can_be_started_again(url: str):
    engine = url.partition(":")[0]
    good = second(engine)
    broken = replace(good, steps={2: [*good.steps[2], (None, "SELECT nothing FROM nowhere;")]})

    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("kept"))
        async with database_at(url) as database:
            before = await described(database)
            with pytest.raises(StartError, match=r"cannot be prepared \(\w+\)"):
                await migrate(database, broken)
            assert await described(database) == before
            assert await migrate(database, good) == Migrated(1, 2)
        async with database_at(url) as database:
            assert (await described(database))["version"] == [(2,)]

    asyncio.run(go())


def test_a_newer_database_is_refused_and_left_alone(url: str):
    async def go() -> None:
        async with database_at(url) as database:
            await migrate(database, second(url.partition(":")[0]))
        with pytest.raises(StartError, match="newer version"):
            await Store.open(url)
        async with database_at(url) as database:
            assert (await described(database))["version"] == [(2,)]

    asyncio.run(go())


def test_servers_that_start_at_once_migrate_once(postgres: Postgres):
    url = postgres.fresh()

    async def everyone(schema: Schema) -> Sequence[Migrated]:
        async def one() -> Migrated:
            async with database_at(url) as database:
                return await migrate(database, schema)

        return await asyncio.gather(*(one() for _ in range(4)))

    async def go() -> None:
        made = await everyone(FIRST)
        assert sorted(str(each.before) for each in made) == ["1", "1", "1", "None"]
        moved = await everyone(second("postgresql"))
        assert sorted(each.before or 0 for each in moved) == [1, 2, 2, 2]

    asyncio.run(go())


def test_a_server_of_the_release_before_still_writes_to_a_migrated_database(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await migrate(store._database, second(url.partition(":")[0]))
            await store.add(some_feedback("old server"))
            assert len((await store.find(Filters(q="old server"), EVERYTHING)).items) == 1

    asyncio.run(go())


def test_the_schema_of_this_release_has_a_step_for_each_version_after_the_first():
    schema = Schema.of_package()
    assert sorted(schema.steps) == list(range(2, schema.version + 1))
    assert f"INSERT INTO schema_version (version) VALUES ({schema.version});" in schema.full


def test_steps_are_read_in_their_order():
    assert [only for only, _ in STEPS[2]] == [None, "postgresql", "sqlite"]
