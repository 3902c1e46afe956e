"""Group commit: who shares a transaction, who is turned away, and what one bad row does to the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from feedback.errors import Unavailable
from feedback.model import EVERYTHING, Filters, Status
from feedback.store import writer
from feedback.store.database import Transaction
from tests.store.samples import opened, some_feedback


def count_transactions(monkeypatch: pytest.MonkeyPatch, database: object) -> list[None]:
    begun: list[None] = []
    transaction = type(database).transaction  # type: ignore[attr-defined]

    def counted(self: object) -> object:
        begun.append(None)
        return transaction(self)

    monkeypatch.setattr(type(database), "transaction", counted)
    return begun


def test_all_that_wait_share_one_transaction(url: str, monkeypatch: pytest.MonkeyPatch):
    async def go() -> None:
        async with opened(url) as store:
            begun = count_transactions(monkeypatch, store._database)
            await asyncio.gather(*(store.add(some_feedback(str(number))) for number in range(150)))
            assert len(begun) <= 2
            assert len((await store.find(Filters(limit=200), EVERYTHING)).items) == 150

    asyncio.run(go())


def test_a_lone_submission_is_committed_at_once(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback())
            loop = asyncio.get_running_loop()
            begin = loop.time()
            for _ in range(5):
                await store.add(some_feedback())
            assert loop.time() - begin < 1.5

    asyncio.run(go())


def test_a_poisoned_row_does_not_fail_its_honest_neighbours(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [some_feedback(str(number)) for number in range(20)]
            rows[7] = replace(rows[7], status="nonsense")  # type: ignore[arg-type]  # the table's CHECK refuses it
            rows[13] = replace(rows[13], removed=None)  # type: ignore[arg-type]  # nothing can be made of it
            results = await asyncio.gather(*map(store.add, rows), return_exceptions=True)
            failed = [place for place, result in enumerate(results) if isinstance(result, Unavailable)]
            assert failed == [7, 13]
            assert len((await store.find(Filters(), EVERYTHING)).items) == 18

    asyncio.run(go())


def test_a_full_queue_turns_new_ones_away_at_once(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 10)

    async def go() -> None:
        async with opened(url) as store:
            results = await asyncio.gather(
                *(store.add(some_feedback(str(number))) for number in range(15)), return_exceptions=True
            )
            refused = [result for result in results if isinstance(result, Unavailable)]
            assert len(refused) == 5
            assert refused[0].retry_after
            assert len((await store.find(Filters(), EVERYTHING)).items) == 10

    asyncio.run(go())


def test_a_request_that_goes_away_leaves_nothing_half_done(url: str):
    async def go() -> None:
        async with opened(url) as store:
            gone = [asyncio.create_task(store.add(some_feedback(str(number)))) for number in range(50)]
            await asyncio.sleep(0)
            for task in gone[::2]:
                task.cancel()
            results = await asyncio.gather(*gone, return_exceptions=True)
            assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 25
            await store.add(some_feedback("after"))
            assert len((await store.find(Filters(limit=200), EVERYTHING)).items) == 51

    asyncio.run(go())


def test_a_request_cancelled_in_the_middle_of_its_commit_leaves_the_next_one_alone(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for turns in range(1, 20):
                gone = asyncio.create_task(store.add(some_feedback("gone")))
                for _ in range(turns):
                    await asyncio.sleep(0.0003)
                gone.cancel()
                await asyncio.gather(gone, return_exceptions=True)
                await asyncio.wait_for(store.add(some_feedback("next")), 2)
                assert len((await store.find(Filters(), EVERYTHING)).items) == 2 * turns

    asyncio.run(go())


def test_a_disk_that_does_not_answer_is_answered_503_within_two_seconds(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    async def go() -> None:
        async with opened(url) as store:
            database = type(store._database)
            transaction = database.transaction
            answers = asyncio.Event()

            @asynccontextmanager
            async def stalled(self: object) -> AsyncIterator[Transaction]:
                await answers.wait()
                async with transaction(self) as work:  # type: ignore[arg-type]
                    yield work

            monkeypatch.setattr(database, "transaction", stalled)
            with pytest.raises(Unavailable):
                await asyncio.wait_for(store.add(some_feedback()), 2)
            with pytest.raises(Unavailable):
                await asyncio.wait_for(store.check(), 0.1)
            answers.set()
            await asyncio.sleep(0.5)
            await store.check()

    asyncio.run(go())


def test_what_waits_when_the_store_closes_is_written(url: str):
    async def go() -> None:
        async with opened(url) as store:
            waiting = [asyncio.create_task(store.add(some_feedback(str(number)))) for number in range(30)]
            await asyncio.sleep(0)
        assert len(await asyncio.gather(*waiting)) == 30
        async with opened(url) as store:
            assert len((await store.find(Filters(equals={"status": Status.NEW}), EVERYTHING)).items) == 30

    asyncio.run(go())


def test_who_asks_whether_it_can_store_shares_the_answer(url: str, monkeypatch: pytest.MonkeyPatch):
    async def go() -> None:
        async with opened(url) as store:
            begun = count_transactions(monkeypatch, store._database)
            await asyncio.gather(*(store.check() for _ in range(100)))
            await store.check()
            assert len(begun) == 1
            await asyncio.sleep(1.1)
            await store.check()
            assert len(begun) == 2

    asyncio.run(go())
