"""What the store keeps and in which order it gives it back, on both engines."""

import asyncio
from dataclasses import replace

import pytest

from feedback.model import EVERYTHING, Feedback, Filters, Removed, Status, Useful
from feedback.model.desk import Change
from tests.store.samples import SITE, opened, some_feedback

UNKNOWN = "00000000-0000-0000-0000-000000000000"


def test_what_was_stored_is_there_after_opening_again(url: str):
    async def go() -> None:
        one = some_feedback()
        async with opened(url) as store:
            assert (await store.add(one)).id == one.id
        async with opened(url) as store:
            found = await store.find_one(one.id, EVERYTHING)
            assert found is not None
            assert (found.comment, found.removed, found.useful) == ("hello", one.removed, Useful.NO)

    asyncio.run(go())


def test_the_same_id_again_keeps_the_first_and_gives_its_receipt(url: str):
    async def go() -> None:
        first = some_feedback("first")
        again = replace(some_feedback("again", removed=(Removed("doing", "CREDIT_CARD", 1),)), id=first.id)
        async with opened(url) as store:
            receipts = await asyncio.gather(store.add(first), store.add(again), store.add(again))
            later = await store.add(again)
            assert {receipt.removed for receipt in (*receipts, later)} == {first.removed}
            page = await store.find(Filters(), EVERYTHING)
            assert [item.comment for item in page.items] == ["first"]

    asyncio.run(go())


def test_rows_of_one_moment_have_one_order(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for number in range(5):
                await store.add(some_feedback(str(number), received_at=1))
            everything = (await store.find(Filters(), EVERYTHING)).items
            paged: list[Feedback] = []
            filters = Filters(limit=2)
            while True:
                page = await store.find(filters, EVERYTHING)
                paged += page.items
                if page.next is None:
                    break
                filters = replace(filters, after=page.next)
            assert tuple(paged) == everything
            assert len(everything) == 5

    asyncio.run(go())


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), "edcba"),
        (Filters(equals={"path": "/bins"}), "cba"),
        (Filters(equals={"site": SITE, "path": "/bins", "status": "open"}), "b"),
        (Filters(equals={"useful": "yes"}), "d"),
        (Filters(hide_spam=True), "edba"),
        (Filters(path_prefix="/tax"), "ed"),
        (Filters(since=2), "edcb"),
        (Filters(until=3), "ba"),
        (Filters(since=2, until=4, hide_spam=True), "b"),
        (Filters(since=-1, until=300_000_000_000_000), "edcba"),
    ],
)
def test_filters_find_their_rows(url: str, filters: Filters, found: str):
    rows = [
        some_feedback("a", 1),
        some_feedback("b", 2, status=Status.OPEN),
        some_feedback("c", 3, status=Status.SPAM),
        some_feedback("d", 4, path="/tax", useful=Useful.YES),
        some_feedback("e", 5, path="/tax/band"),
    ]

    async def go() -> None:
        async with opened(url) as store:
            for row in rows:
                await store.add(row)
            page = await store.find(filters, EVERYTHING)
            assert "".join(item.comment or "" for item in page.items) == found

    asyncio.run(go())


def test_a_status_moves_and_an_unknown_id_is_none(url: str):
    async def go() -> None:
        one = some_feedback()
        async with opened(url) as store:
            await store.add(one)
            moved = await store.change_one(one.id, Change(Status.DONE), EVERYTHING)
            assert moved is not None
            assert moved.status is Status.DONE
            assert (
                await store.change_one(
                    "00000000-0000-0000-0000-000000000000", Change(Status.DONE), EVERYTHING
                )
                is None
            )

    asyncio.run(go())


def test_the_store_says_whether_it_can_write(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.check()

    asyncio.run(go())
