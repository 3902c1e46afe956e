"""What the team does with submissions: change many, take it back, find by it, count by it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from feedback.errors import Invalid
from feedback.model import (
    EVERYTHING,
    Cursor,
    Filters,
    Person,
    Removed,
    Role,
    Scope,
    ScrubbedNote,
    Status,
    TrendFilters,
    Useful,
)
from feedback.model.audit import Action, AuditEntry
from feedback.model.desk import MAX_TAGS, Change, SavedView
from feedback.store import Store, changing, facets, finding, marks
from tests.store.samples import (
    DAY,
    ERASE,
    NOON,
    SCRUBBER,
    SITE,
    day_of,
    opened,
    some_account,
    some_feedback,
)

ANN = AuditEntry("1", "Ann", Action.FEEDBACK_CHANGED)
BOB = AuditEntry("2", "Bob", Action.FEEDBACK_CHANGED)
OTHER = "https://b.gov.uk"
ROWS = [
    some_feedback(
        f"words {number}",
        NOON + number,
        path="/bins" if number % 2 else "/tax",
        site=OTHER if number % 5 == 0 else SITE,
        useful=Useful.YES if number % 3 else Useful.NO,
        status=Status.SPAM if number == 7 else Status.NEW,
        removed=(Removed("comment", "PHONE_NUMBER", 1),) if number in (3, 4) else (),
    )
    for number in range(12)
]
KEYS = [row.id for row in ROWS]


async def filled(store: Store) -> None:
    await store.people.add(replace(some_account(), id="ann"))
    for row in ROWS:
        await store.add(replace(row, urgent=row is ROWS[9]))


async def found(store: Store, filters: Filters, scope: Scope = EVERYTHING) -> list[int]:
    return [KEYS.index(item.id) for item in (await store.find(filters, scope)).items]


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


def test_notes_tags_and_marks_go_with_their_submission(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            note = ScrubbedNote("1", NOON, "Ann", SCRUBBER.scrub("asked the team"))
            assert await store.add_note(KEYS[3], note, EVERYTHING, ANN)
            assert not await store.add_note(KEYS[3], note, Scope(frozenset((OTHER,))), ANN)
            await store.changes.change([KEYS[3]], Change(add_tag="a"), EVERYTHING, ANN)
            assert await store.marks.note_wrong(KEYS[3], "comment", "PHONE_NUMBER", EVERYTHING, ANN)
            assert not await store.marks.note_wrong(KEYS[3], "comment", "UK_NINO", EVERYTHING, ANN)
            item = await store.find_one(KEYS[3], EVERYTHING)
            assert item is not None
            assert [each.words for each in item.notes] == ["asked the team"]
            assert len(await store.marks.wrong(EVERYTHING)) == 1
            await store.erasures.erase([KEYS[3]], EVERYTHING, ERASE)
            for table in ("note", "feedback_tag", "wrong_removal"):
                assert (await store._database.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"] == 0

    asyncio.run(go())


def test_what_was_missed_is_replaced_counted_and_overwritten(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            item = await store.find_one(KEYS[1], EVERYTHING)
            assert item is not None
            words, found_ = {"comment": SCRUBBER.scrub("[PERSON] 1")}, [Removed("comment", "PERSON", 1)]
            assert await store.marks.redact(item, words, found_, ANN)
            now = await store.find_one(KEYS[1], EVERYTHING)
            assert now is not None
            assert (now.comment, now.removed) == ("[PERSON] 1", (Removed("comment", "PERSON", 1),))
            assert KEYS[1] not in [
                each.id for each in (await store.find(Filters(q="words"), EVERYTHING)).items
            ]
            days = await store.trend(TrendFilters(day_of(NOON), day_of(NOON + DAY)), EVERYTHING)
            assert days[0].removed["PERSON"] == 1
            # Somebody else was faster: their words stay.
            assert not await store.marks.redact(item, words, found_, ANN)

    asyncio.run(go())


def test_views_are_ones_own_or_everybodys(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for key, person in (("1", "ann"), ("2", None), ("3", "bob")):
                assert await store.views.add(SavedView(key, f"View {key}", "status=open", person, "Ann"))
            ann = Person("ann", "Ann", Role.REVIEWER)
            assert [view.id for view in await store.views.of(ann)] == ["2", "1"]
            assert not await store.views.remove("3", replace(ann, role=Role.ADMIN))
            assert not await store.views.remove("2", replace(ann, role=Role.VIEWER))
            assert await store.views.remove("2", ann)
            assert [view.id for view in await store.views.of(replace(ann, id="bob"))] == ["3"]

    asyncio.run(go())


def test_everybodys_views_of_a_site_are_for_those_who_may_see_it(url: str):
    async def go() -> None:
        bob = Person("bob", "Bob", Role.REVIEWER, Scope(frozenset((OTHER,))))
        async with opened(url) as store:
            for key, query in (("1", {"site": SITE}), ("2", {"site": OTHER}), ("3", {"status": "open"})):
                await store.views.add(SavedView(key, f"View {key}", urlencode(query), None, "Ann"))
            assert [view.id for view in await store.views.of(bob)] == ["2", "3"]
            # One that names no site is used by people of other sites, too.
            assert [key for key in ("1", "2", "3") if await store.views.remove(key, bob)] == ["2"]

    asyncio.run(go())


def test_the_report_of_wrong_removals_is_as_long_for_whoever_sees_few_sites(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(marks, "_SHOWN", 1)

    async def go() -> None:
        async with opened(url) as store:
            for site in (OTHER, SITE):
                item = some_feedback(
                    "call", NOON, site=site, removed=(Removed("comment", "PHONE_NUMBER", 1),)
                )
                await store.add(item)
                assert await store.marks.note_wrong(item.id, "comment", "PHONE_NUMBER", EVERYTHING, ANN)
                await asyncio.sleep(0.002)  # the newer one is another millisecond's
            for site in (OTHER, SITE):
                assert [one.site for one in await store.marks.wrong(Scope(frozenset((site,))))] == [site]
            assert await store.marks.wrong(Scope(frozenset())) == ()

    asyncio.run(go())


def test_no_byte_of_words_that_were_missed_is_left_in_database_index_and_log(tmp_path: Path):
    folder = tmp_path / "data"

    def left() -> bytes:
        return b"".join(path.read_bytes() for path in folder.iterdir()).lower()

    async def go() -> None:
        async with opened(f"sqlite:///{folder}/feedback.db") as store:
            await filled(store)
            one = some_feedback("Ask Plonkington about it", NOON + 50)
            await store.add(one)
            item = await store.find_one(one.id, EVERYTHING)
            assert item is not None
            assert b"plonkington" in left()
            words = {"comment": SCRUBBER.scrub("Ask [PERSON] about it")}
            assert await store.marks.redact(item, words, [Removed("comment", "PERSON", 1)], ANN)
            assert b"plonkington" not in left()

    asyncio.run(go())
