"""What the team writes and marks: notes, missed words, wrong removals, saved views."""

import asyncio
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from feedback.model import (
    EVERYTHING,
    Filters,
    Person,
    Removed,
    Role,
    Scope,
    ScrubbedNote,
    TrendFilters,
)
from feedback.model.desk import Change, SavedView
from feedback.store import marks
from tests.store.desk import ANN, KEYS, OTHER, filled
from tests.store.samples import (
    DAY,
    ERASE,
    NOON,
    SCRUBBER,
    SITE,
    day_of,
    opened,
    some_feedback,
)


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
