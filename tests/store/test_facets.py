"""What the desk finds, counts beside its filters, and shows beside an item."""

import asyncio
from dataclasses import replace

import pytest

from feedback.model import (
    EVERYTHING,
    Cursor,
    Filters,
    Scope,
    Status,
)
from feedback.model.desk import Change
from feedback.store import facets, finding
from tests.store.desk import ANN, BOB, KEYS, OTHER, filled
from tests.store.samples import (
    NOON,
    opened,
    some_feedback,
)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(tag="a"), [1, 0]),
        (Filters(tag="a", assignee="ann"), [0]),
        (Filters(assignee=""), [11, 10, 9, 8, 7, 6, 5, 4, 3, 1]),
        (Filters(urgent=True), [9]),
        (Filters(kind="PHONE_NUMBER"), [4, 3]),
        (Filters(kind="any", path_prefix="/b"), [3]),
        (Filters(kind="UK_NINO"), []),
        (Filters({"useful": "no", "path": "/tax", "site": OTHER}), [0]),
        (Filters({"status": "open"}, q="words", tag="a"), [0]),
        (Filters({"useful": "no"}, hide_spam=True), [9, 6, 3, 0]),
    ],
)
@pytest.mark.parametrize("looked_at", [2, 20_000])
def test_filters_find_the_same_however_little_is_looked_at_at_once(
    url: str, monkeypatch: pytest.MonkeyPatch, filters: Filters, expected: list[int], looked_at: int
):
    monkeypatch.setattr(finding, "LOOKED_AT", looked_at)
    monkeypatch.setattr(finding, "SCATTERED", looked_at)

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.changes.change(KEYS[:2], Change(add_tag="a"), EVERYTHING, ANN)
            await store.changes.change([KEYS[0], KEYS[2]], Change(Status.OPEN, "ann"), EVERYTHING, ANN)
            for oldest in (False, True):
                wanted = replace(filters, before=Cursor(0)) if oldest else filters
                parts = [part async for part in store.export(wanted, EVERYTHING)]
                assert [KEYS.index(item.id) for part in parts for item in part] == (
                    expected[::-1] if oldest else expected
                )

    asyncio.run(go())


def test_each_choice_is_counted_with_the_other_filters_as_they_are(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.changes.change(KEYS[:4], Change(Status.OPEN, "ann", ("a",)), EVERYTHING, ANN)
            told = await store.facets(Filters({"useful": "no"}, hide_spam=True), EVERYTHING)
            assert told.counts["status"] == {"open": 2, "new": 2}
            assert told.counts["useful"] == {"no": 4, "yes": 7}
            assert told.counts["tag"] == {"a": 2}
            assert told.counts["assignee"] == {"ann": 2, "": 2}
            assert told.counts["kind"] == {"PHONE_NUMBER": 1, "any": 1}
            assert told.counts["urgent"] == {"yes": 1, "waiting": 1}
            await store.changes.change([KEYS[9]], Change(Status.DONE), EVERYTHING, BOB)
            told = await store.facets(Filters(hide_spam=True), EVERYTHING)
            assert told.counts["urgent"] == {"yes": 1}
            assert set(told.least.values()) == {frozenset()}
            limited = await store.facets(Filters(q="words"), Scope(frozenset((OTHER,))))
            assert limited.counts["status"] == {"open": 1, "new": 2}

    asyncio.run(go())


def test_where_only_the_newest_are_counted_it_says_so(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(facets, "_COUNTED", 5)

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.changes.change(KEYS[:2], Change(Status.OPEN), EVERYTHING, ANN)
            told = await store.facets(Filters(), EVERYTHING)
            # The few open ones are not lost behind the many new ones.
            assert told.counts["status"]["open"] == 2
            assert told.counts["status"]["new"] == 5
            assert [told.shown("status", each) for each in ("new", "open", "done")] == ["5+", "2", "0"]
            assert told.shown("status", "new", "open") == "7+"
            # Those that were not counted are new, and may be of any page, vote or person.
            assert told.shown("useful", "yes").endswith("+")
            told = await store.facets(Filters({"status": "open"}), EVERYTHING)
            assert told.shown("useful", "yes", "no") == "2"

    asyncio.run(go())


def test_beside_an_item_stand_its_neighbours_in_the_list_its_page_and_its_likes(url: str):
    same = [
        some_feedback("The calendar shows the wrong collection day", NOON + 100, path="/bins"),
        some_feedback("The calendar shows the wrong collection day again", NOON + 101, path="/tax"),
        some_feedback("The calendar shows the wrong colour", NOON + 102, path="/tax"),
    ]

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            for row in same:
                await store.add(row)
            item = await store.find_one(same[0].id, EVERYTHING)
            assert item is not None
            beside = await store.around(item, Filters(path_prefix="/bins", hide_spam=True), EVERYTHING)
            assert (beside.newer, beside.older) == (None, KEYS[11])
            assert [other.id for other in beside.same_page] == [KEYS[n] for n in (11, 9, 3, 1)]
            assert [other.id for other in beside.alike] == [same[1].id]
            beside = await store.around(item, Filters(q="calendar"), Scope(frozenset((OTHER,))))
            assert (beside.newer, beside.same_page, beside.alike) == (None, (), ())

    asyncio.run(go())
