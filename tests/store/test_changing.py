"""What the team changes: many at once, within what each may see, and taken back."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from feedback.errors import Invalid
from feedback.model import (
    EVERYTHING,
    Cursor,
    Filters,
    Role,
    Scope,
    Status,
    TrendFilters,
)
from feedback.model.desk import MAX_TAGS, Change
from feedback.store import Store, changing, finding
from tests.store.desk import ANN, BOB, KEYS, OTHER, filled, found
from tests.store.samples import (
    DAY,
    ERASE,
    NOON,
    SITE,
    day_of,
    opened,
    some_account,
)


def test_many_are_changed_in_steps_and_taken_back_by_whom_they_were_changed(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(changing, "_AT_ONCE", 3)

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            done = await store.changes.change_all(
                Filters(hide_spam=True), Change(Status.DONE, "ann", add_tag="parking"), EVERYTHING, ANN
            )
            assert (done.submissions, done.rest) == (11, None)
            assert (await store.changes.last_action("1")).submissions == 11
            assert await found(store, Filters(tag="parking", assignee="ann")) == [
                11,
                10,
                9,
                8,
                6,
                5,
                4,
                3,
                2,
                1,
                0,
            ]
            # What somebody else changed since stays as they left it.
            await store.changes.change([KEYS[2]], Change(Status.OPEN), EVERYTHING, BOB)
            assert (await store.changes.undo(EVERYTHING, BOB)).submissions == 1
            await store.changes.change([KEYS[2]], Change(Status.IRRELEVANT), EVERYTHING, BOB)
            assert (await store.changes.undo(EVERYTHING, ANN)).submissions == 10
            assert await found(store, Filters(tag="parking")) == [2]
            assert await found(store, Filters({"status": "new"})) == [11, 10, 9, 8, 6, 5, 4, 3, 1, 0]
            assert (await store.changes.last_action("1")).submissions == 0
            assert (await store.changes.undo(EVERYTHING, ANN)).submissions == 0

    asyncio.run(go())


@pytest.mark.parametrize(
    "filters", [Filters(hide_spam=True), Filters({"path": "/bins", "site": SITE}), Filters(q="words")]
)
@pytest.mark.parametrize("oldest", [False, True])
def test_more_than_one_action_may_change_goes_on_and_is_taken_back_as_one(
    url: str, monkeypatch: pytest.MonkeyPatch, filters: Filters, oldest: bool
):
    monkeypatch.setattr(changing, "MAX_CHANGED", 2)
    wanted = replace(filters, before=Cursor(0)) if oldest else filters

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            every = [item.id async for part in store.export(wanted, EVERYTHING) for item in part]
            # The filter does not leave out what was changed, and still each is changed once.
            done = await store.changes.change_all(wanted, Change(add_tag="a"), EVERYTHING, ANN)
            changed = done.submissions
            rest = wanted
            while done.rest:
                rest = finding.following(rest, done.rest)
                done = await store.changes.change_all(rest, Change(add_tag="a"), EVERYTHING, ANN, done.action)
                changed += done.submissions
                assert (await store.changes.last_action("1")).submissions == changed
            assert changed == len(every) > 2
            assert (await store.changes.undo(EVERYTHING, ANN)).submissions == changed
            assert await found(store, Filters(tag="a")) == []

    asyncio.run(go())


def test_nobody_goes_on_with_what_somebody_else_changed(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changing, "MAX_CHANGED", 2)

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            done = await store.changes.change_all(Filters(), Change(Status.OPEN), EVERYTHING, ANN)
            assert done.rest
            rest = Filters(after=done.rest)
            await store.changes.change_all(rest, Change(Status.DONE), EVERYTHING, BOB, done.action)
            assert (await store.changes.undo(EVERYTHING, ANN)).submissions == 2
            assert (await store.changes.last_action("2")).submissions == 2

    asyncio.run(go())


@pytest.mark.parametrize(
    "other", [{"scope": Scope(frozenset((SITE,)))}, {"role": Role.VIEWER}, {"disabled_at": 1}]
)
def test_nothing_is_given_to_somebody_who_may_not_have_it(
    url: str, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
):
    monkeypatch.setattr(changing, "_AT_ONCE", 1)
    bob = replace(some_account("bob@example.gov.uk"), id="bob", **other)
    give = Change(Status.OPEN, "bob")

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.people.add(bob)
            for change in (
                store.changes.change(KEYS[::-1], give, EVERYTHING, ANN),
                store.changes.change_all(Filters(), give, EVERYTHING, ANN),
                store.change_one(KEYS[0], give, EVERYTHING, ANN),
            ):
                with pytest.raises(Invalid) as refused:
                    await change
                assert [fault.field for fault in refused.value.faults] == ["assignee"]
            assert await found(store, Filters({"status": "open"})) == []
            if bob.scope.sites:
                assert (await store.changes.change(KEYS, give, bob.scope, ANN)).submissions == 9

    asyncio.run(go())


def test_whoever_is_disabled_while_many_are_given_gets_no_more(url: str, monkeypatch: pytest.MonkeyPatch):
    async def sees_nothing(*_: object) -> None:
        """What is read before anything is changed knows nothing of what happens meanwhile."""

    monkeypatch.setattr(changing, "check_given", sees_nothing)

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.people.disable("ann", NOON)
            with pytest.raises(Invalid):
                await store.changes.change(KEYS, Change(assignee="ann"), EVERYTHING, ANN)
            assert await found(store, Filters(assignee="ann")) == []

    asyncio.run(go())


def test_only_what_is_in_scope_is_changed_and_taken_back(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            scope = Scope(frozenset((OTHER,)))
            assert (await store.changes.change(KEYS, Change(Status.DONE), scope, ANN)).submissions == 3
            assert await found(store, Filters({"status": "done"})) == [10, 5, 0]
            assert (await store.changes.undo(Scope(frozenset((SITE,))), ANN)).submissions == 0
            assert await found(store, Filters({"status": "done"})) == [10, 5, 0]

    asyncio.run(go())


def test_what_is_erased_cannot_be_taken_back_and_leaves_no_tag_behind(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.changes.change(KEYS[:2], Change(add_tag="parking"), EVERYTHING, ANN)
            await store.erasures.erase(KEYS[:1], EVERYTHING, ERASE)
            rows = await store._database.fetch("SELECT feedback FROM undo")
            assert [row["feedback"] for row in rows] == KEYS[1:2]
            assert (await store.changes.undo(EVERYTHING, ANN)).submissions == 1

    asyncio.run(go())


def test_moving_many_to_spam_takes_them_from_the_counts_and_undoing_brings_them_back(url: str):
    async def counted(store: Store) -> int:
        days = await store.days(TrendFilters(day_of(NOON), day_of(NOON + DAY)), EVERYTHING)
        return sum(day.counts.submissions for day in days)

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            assert await counted(store) == 11
            await store.changes.change_all(Filters(), Change(Status.SPAM), EVERYTHING, ANN)
            assert await counted(store) == 0
            await store.changes.undo(EVERYTHING, ANN)
            assert await counted(store) == 11

    asyncio.run(go())


def test_each_change_is_in_the_history_of_its_submission(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            await store.changes.change(KEYS[:2], Change(Status.OPEN, "ann", ("b", "a")), EVERYTHING, ANN)
            await store.changes.undo(EVERYTHING, ANN)
            history = [dict(each.entry.detail) for each in await store.history(KEYS[1])]
            assert history == [
                {"status": "new", "assignee": "-", "tags": 0, "undone": 1},
                {"status": "open", "assignee": "ann", "tags": 2},
            ]

    asyncio.run(go())


def test_a_submission_has_so_many_tags_and_no_more(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            for number in range(MAX_TAGS + 2):
                change = Change(add_tag=f"tag {number:02}")
                await store.changes.change([KEYS[0]], change, EVERYTHING, ANN)
            item = await store.find_one(KEYS[0], EVERYTHING)
            assert item is not None
            assert len(item.tags) == MAX_TAGS

    asyncio.run(go())
