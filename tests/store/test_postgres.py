"""What only PostgreSQL does: it goes away and comes back, refuses people, and is shared."""

import asyncio
import sys
import time

import pytest

from feedback.errors import StartError, Unavailable
from feedback.model import EVERYTHING, Filters
from feedback.store import Store
from feedback.store.database import DatabaseError
from tests.postgres import Postgres
from tests.service import free_port
from tests.store.samples import opened, some_feedback


def test_a_wrong_password_is_one_sentence_without_it(postgres: Postgres):
    with pytest.raises(StartError) as refused:
        asyncio.run(Store.open(postgres.url(password="hunter2")))
    assert str(refused.value) == (
        "FEEDBACK_DATABASE_URL: the PostgreSQL server refuses this user or password."
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://u:hunter2@127.0.0.1:{free}/x", "server at 127.0.0.1:{free} does not answer"),
        ("postgresql://u:hunter2@[::1/x", "must be postgresql://USER@HOST/NAME"),
        ("postgresql://u:hunter2@127.0.0.1:hunter2/x", "must be postgresql://USER@HOST/NAME"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_the_password(url: str, sentence: str):
    free = free_port()
    with pytest.raises(StartError) as refused:
        asyncio.run(Store.open(url.replace("{free}", str(free))))
    assert sentence.replace("{free}", str(free)) in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_an_unknown_database_is_one_sentence(postgres: Postgres):
    with pytest.raises(StartError, match="has no database of this name"):
        asyncio.run(Store.open(postgres.url("nothing")))


def test_a_missing_driver_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "feedback.store.postgres", None)
    with pytest.raises(StartError, match=r"page-feedback\[postgresql\]"):
        asyncio.run(Store.open("postgresql://u@127.0.0.1/x"))


def test_a_commit_is_durable_even_where_the_server_is_set_otherwise(postgres: Postgres):
    url = postgres.fresh()
    name = url.rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")

    async def go() -> None:
        async with opened(url) as store:
            rows = await store._database.fetch("SHOW synchronous_commit")
            assert rows[0]["synchronous_commit"] == "on"

    asyncio.run(go())


def test_a_query_that_takes_too_long_is_stopped(postgres: Postgres):
    url = postgres.fresh()

    async def go() -> None:
        async with opened(url) as store:
            begin = time.monotonic()
            with pytest.raises(DatabaseError):
                await store._database.fetch("SELECT pg_sleep(10)")
            assert time.monotonic() - begin < 2
            await store.add(some_feedback())

    asyncio.run(go())


def test_a_table_that_is_locked_turns_writes_away_within_two_seconds_and_passes(postgres: Postgres):
    url = postgres.fresh()

    async def go() -> None:
        async with opened(url) as store, opened(url) as other:
            async with other._database.schema_change() as held:
                await held.fetch("LOCK TABLE feedback")
                with pytest.raises(Unavailable):
                    await asyncio.wait_for(store.add(some_feedback()), 2)
            await asyncio.sleep(0.3)
            await store.add(some_feedback())

    asyncio.run(go())


def test_the_same_id_sent_to_two_servers_at_once_is_one_submission(postgres: Postgres):
    url = postgres.fresh()

    async def go() -> None:
        async with opened(url) as one, opened(url) as two:
            rows = [some_feedback(str(number), path=f"/{number % 7}") for number in range(200)]
            turned = rows[::-1]
            receipts = await asyncio.gather(*map(one.add, rows), *map(two.add, turned))
            assert {receipt.id for receipt in receipts} == {row.id for row in rows}
            (counted,) = await one._database.fetch("SELECT count(*) AS n FROM feedback")
            (summed,) = await one._database.fetch("SELECT sum(submissions) AS n FROM page_day")
            assert (counted["n"], summed["n"]) == (200, 200)

    asyncio.run(go())


def test_a_server_that_goes_away_is_answered_within_two_seconds_and_found_again():
    with Postgres() as server:
        url = server.fresh()

        async def go() -> None:
            async with opened(url) as store:
                first = some_feedback("before")
                await store.add(first)
                server.stop("immediate")
                for _ in range(3):
                    for call in (
                        store.add(some_feedback("lost")),
                        store.find(Filters(), EVERYTHING),
                        store.check(),
                    ):
                        with pytest.raises(Unavailable):
                            await asyncio.wait_for(call, 2)
                server.start()
                await asyncio.sleep(1)
                async with asyncio.timeout(30):
                    while True:  # each connection of the pool finds out for itself
                        try:
                            await store.check()
                            await store.add(some_feedback("after"))
                            break
                        except Unavailable:
                            await asyncio.sleep(0.2)
                page = await store.find(Filters(), EVERYTHING)
                assert [item.comment for item in page.items][-1] == "before"
                assert "after" in [item.comment for item in page.items]

        asyncio.run(go())
