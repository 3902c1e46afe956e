"""Newer rules go over stored words, in steps that may be killed; the old words leave no trace."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.errors import Unavailable
from feedback.model import (
    EVERYTHING,
    DayCounts,
    Filters,
    PageFilters,
    Removed,
    ScrubbedFeedback,
    ScrubbedPageChange,
    Status,
    TrendFilters,
)
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.store import Rules, Run, Store, runs
from feedback.store import rescrub as steps
from feedback.upkeep import rescrub
from feedback.upkeep.retention import retention
from scrubbers import RULES_VERSION, Scrubber
from tests.store.samples import DAY, ERASE, NOON, SCRUBBER, SITE, day_of, opened, some_feedback

NINO = "CE123456C"
CARD = "4111111111111111"
# Rules that knew less than today's.
OLD = Scrubber(allow=[NINO, CARD])
ENTRY = AuditEntry("1", "Ann", Action.RESCRUB_STARTED)
RULES = rescrub.rules_of(SCRUBBER)
TODAY = day_of(NOON)


def old_feedback(
    comment: str, received_at: int = NOON, path: str = "/bins", status: Status = Status.NEW
) -> ScrubbedFeedback:
    """A submission as older rules would have let it through."""
    return replace(
        some_feedback("x", received_at, status=status, removed=(Removed("comment", "UK_NINO", 1),)),
        comment=OLD.scrub(comment),
        title=OLD.scrub(f"Title {NINO}"),
        path=OLD.scrub(path),
        scrub_version="1",
    )


async def run_all(store: Store, rules: Rules = RULES, *, everything: bool = False) -> Run:
    run = await store.rescrubs.begin(rules.version, ENTRY, everything=everything)
    assert run is not None
    return [step async for step in store.rescrubs.steps(run, rules, ENTRY)][-1]


async def counted(store: Store) -> tuple[object, ...]:
    """Everything that is counted, spam too where it was."""
    trend = await store.trend(TrendFilters(TODAY, day_of(NOON + DAY)), EVERYTHING)
    return (await store.pages(PageFilters(TODAY), EVERYTHING), trend)


async def removed_today(store: Store) -> dict[str, int]:
    days: tuple[DayCounts, ...] = await store.trend(TrendFilters(TODAY, day_of(NOON + DAY)), EVERYTHING)
    return dict(days[0].removed)


def test_what_older_rules_let_through_is_taken_out_counted_and_written_down(url: str):
    async def go() -> None:
        async with opened(url) as store:
            old = old_feedback(f"my number {NINO} and card {CARD}")
            spam = old_feedback(f"spam {NINO}", status=Status.SPAM)
            new = some_feedback("untouched")
            for each in (old, spam, new):
                await store.add(each)
            run = await run_all(store)
            assert (run.stage, run.total, run.seen, run.changed, run.failed) == ("done", 3, 3, 2, 0)
            assert run.removed == {"UK_NINO": 4, "CREDIT_CARD": 1}
            item = await store.find_one(old.id, EVERYTHING)
            assert item is not None
            assert item.comment == "my number [UK_NINO] and card [CREDIT_CARD]"
            assert (item.title, item.scrub_version) == ("Title [UK_NINO]", RULES_VERSION)
            assert set(item.removed) == {
                Removed("comment", "UK_NINO", 2),
                Removed("comment", "CREDIT_CARD", 1),
                Removed("title", "UK_NINO", 1),
            }
            spam_item = await store.find_one(spam.id, EVERYTHING)
            assert spam_item is not None
            assert spam_item.comment == "spam [UK_NINO]"
            # What was there before, and what was found in the one that is not spam.
            assert await removed_today(store) == {"UK_NINO": 1 + 2 + 2, "CREDIT_CARD": 1}
            assert not (await store.find(Filters(q=NINO), EVERYTHING)).items
            assert len((await store.find(Filters(q="NINO"), EVERYTHING)).items) == 2
            started, finished = reversed([each.entry for each in await store.audited(AuditFilters())])
            assert (started.action, started.who) == (Action.RESCRUB_STARTED, "1")
            assert (finished.action, dict(finished.detail)) == (
                Action.RESCRUB_FINISHED,
                {"version": RULES_VERSION, "submissions": 2, "UK_NINO": 4, "CREDIT_CARD": 1},
            )

    asyncio.run(go())


def test_a_page_whose_address_held_a_number_hands_its_counts_on(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for day in range(2):
                await store.add(old_feedback("a", NOON + day * DAY, f"/case/{NINO}"))
            await store.add(old_feedback("b", NOON, f"/case/{CARD}"))
            await store.add(replace(some_feedback("c"), path=SCRUBBER.scrub("/case/[UK_NINO]")))
            # The words of one are long gone; the page's name is not.
            gone = old_feedback("d", NOON - 300 * DAY, f"/old/{NINO}")
            await store.add(gone)
            await store.erasures.erase([gone.id], EVERYTHING, ERASE)
            before = await store.trend(TrendFilters(day_of(0), day_of(NOON + 9 * DAY)), EVERYTHING)
            await run_all(store)
            pages = {page.path: page.counts for page in await store.pages(PageFilters(TODAY), EVERYTHING)}
            assert {path: counts.submissions for path, counts in pages.items()} == {
                "/case/[UK_NINO]": 3,
                "/case/[CREDIT_CARD]": 1,
                "/old/[UK_NINO]": 1,
            }
            after = await store.trend(TrendFilters(day_of(0), day_of(NOON + 9 * DAY)), EVERYTHING)
            assert [day.counts for day in after] == [day.counts for day in before]
            of_page = await store.trend(
                TrendFilters(TODAY, day_of(NOON + 9 * DAY), SITE, "/case/[UK_NINO]"), EVERYTHING
            )
            assert [day.counts.submissions for day in of_page] == [2, 1]
            # A title and a path in each, beside what was removed before.
            assert [day.removed["UK_NINO"] for day in of_page] == [2 + 2 + 1, 3]

    asyncio.run(go())


def test_sections_and_sites_that_held_a_number_hand_their_counts_on_and_leave_no_name(url: str):
    site = f"https://{CARD}.example.gov.uk"

    async def counts_of(store: Store, table: str) -> list[tuple[object, ...]]:
        names = "site, section, day" if table == "section_day" else "site, day"
        rows = await store._database.fetch(f"SELECT {names}, submissions, comments FROM {table}")
        return sorted(tuple(row.values() if hasattr(row, "values") else row) for row in rows)

    async def go() -> None:
        async with opened(url) as store:
            await store.add(replace(old_feedback("a", NOON, f"/{NINO}/x"), site=OLD.scrub(site)))
            await store.add(replace(old_feedback("b", NOON + DAY, f"/{NINO}/y"), site=OLD.scrub(site)))
            await store.add(old_feedback("c", NOON, f"/{NINO}"))
            await store.add(some_feedback("d"))
            await run_all(store)
            today, card = NOON // DAY, "https://[CREDIT_CARD].example.gov.uk"
            assert await counts_of(store, "site_day") == [
                (card, today, 1, 1),
                (card, today + 1, 1, 1),
                (SITE, today, 2, 2),
            ]
            assert await counts_of(store, "section_day") == [
                (card, "/[UK_NINO]", today, 1, 1),
                (card, "/[UK_NINO]", today + 1, 1, 1),
                (SITE, "/[UK_NINO]", today, 1, 1),
                (SITE, "/bins", today, 1, 1),
            ]

    asyncio.run(go())


def test_notes_of_the_web_team_are_gone_over_too(url: str):
    async def go() -> None:
        async with opened(url) as store:
            change = ScrubbedPageChange("1", TODAY, OLD.scrub(f"as {NINO} asked"), "Ann")
            await store.add_page_change(SITE, "/bins", change, EVERYTHING, ENTRY)
            await run_all(store)
            (note,) = await store.page_changes(SITE, "/bins", EVERYTHING)
            assert note.note == "as [UK_NINO] asked"
            rows = await store._database.fetch("SELECT traces FROM upkeep")
            assert rows[0]["traces"] == 0

    asyncio.run(go())


def test_a_run_that_was_killed_goes_on_where_it_stopped_and_counts_nothing_twice(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    rows = [old_feedback(f"{number} {NINO}", NOON, f"/{number % 7}/{CARD}") for number in range(170)]

    async def go() -> None:
        async with opened(url) as store:
            await asyncio.gather(*map(store.add, rows))
            run = await store.rescrubs.begin(RULES.version, ENTRY)
            assert run is not None
            killed: AsyncIterator[Run] = store.rescrubs.steps(run, RULES, ENTRY)
            monkeypatch.setattr(steps, "_AT_ONCE", 50)
            assert (await anext(killed)).seen == 50
            half = await anext(killed)
            assert (half.seen, half.changed) == (100, 100)
            assert await store.rescrubs.begin(RULES.version, ENTRY) is None, "it is still at work"
        async with opened(url) as store:
            assert await store.rescrubs.begin(RULES.version, ENTRY) is None
            later = runs._now() + runs.STALLED_MS + 1
            monkeypatch.setattr(runs, "_now", lambda: later)
            on = await store.rescrubs.begin(RULES.version, ENTRY)
            assert on is not None
            assert (on.seen, on.number) == (100, half.number)
            # The one that was thought dead is not: what it does is refused, and nothing of it is kept.
            with pytest.raises(Unavailable):
                await anext(store.rescrubs.steps(half, RULES, ENTRY))
            seen = [step.seen async for step in store.rescrubs.steps(on, RULES, ENTRY)]
            assert seen[:3] == [150, 170, 170]
            last = await store.rescrubs.last(RULES.version)
            assert last is not None
            assert (last.changed, dict(last.removed)) == (170, {"UK_NINO": 340, "CREDIT_CARD": 170})
            assert await removed_today(store) == {"UK_NINO": 170 + 340, "CREDIT_CARD": 170}
            assert len(await store.pages(PageFilters(TODAY), EVERYTHING)) == 7

    asyncio.run(go())


def test_running_it_again_changes_nothing(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for number in range(3):
                await store.add(old_feedback(f"{number} {NINO}", path=f"/{CARD}"))
            await run_all(store)
            before = await counted(store)
            for everything in (False, True):
                run = await run_all(store, everything=everything)
                assert (run.seen, run.changed, dict(run.removed)) == (3, 0, {})
                assert await counted(store) == before

    asyncio.run(go())


def test_everything_goes_over_what_the_same_rules_have_seen_with_fewer_kinds(url: str):
    more = rescrub.rules_of(Scrubber(kinds=["UK_POSTCODE"]))

    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("I live at SW1A 1AA"))
            assert (await run_all(store, more)).changed == 0
            assert (await run_all(store, more, everything=True)).changed == 1
            (item,) = (await store.find(Filters(), EVERYTHING)).items
            assert item.comment == "I live at [UK_POSTCODE]"

    asyncio.run(go())


def test_submissions_are_stored_while_it_runs(url: str, monkeypatch: pytest.MonkeyPatch):
    async def go() -> None:
        async with opened(url) as store:
            monkeypatch.setattr(steps, "_AT_ONCE", 30)
            await asyncio.gather(*(store.add(old_feedback(f"{n} {NINO}", NOON + n)) for n in range(120)))
            begun = await store.rescrubs.begin(RULES.version, ENTRY)
            assert begun is not None
            added = 0
            async for run in store.rescrubs.steps(begun, RULES, ENTRY):
                if run.stage == "words" and added < 20:
                    await store.add(some_feedback(f"later {added}", NOON + 1000 + added))
                    added += 1
            assert (run.total, run.seen, run.changed) == (120, 120 + added, 120)

    asyncio.run(go())


def test_what_the_scrubber_refuses_stays_as_it_was_and_is_tried_again(url: str):
    refusing = replace(RULES, scrub=lambda item: None if "odd" in (item.comment or "") else RULES.scrub(item))

    async def go() -> None:
        async with opened(url) as store:
            odd = old_feedback(f"odd {NINO}")
            await store.add(odd)
            await store.add(old_feedback(f"even {NINO}"))
            run = await run_all(store, refusing)
            assert (run.changed, run.failed) == (1, 1)
            item = await store.find_one(odd.id, EVERYTHING)
            assert item is not None
            assert (item.comment, item.scrub_version) == (f"odd {NINO}", "1")
            run = await run_all(store)
            assert (run.changed, run.failed) == (1, 0)

    asyncio.run(go())


def test_a_scrubber_that_fails_leaves_the_words_and_tells_nothing():
    class Broken:
        def scrub(self, text: str) -> None:
            raise ValueError(text)

    rules = rescrub.rules_of(Broken())  # type: ignore[arg-type]
    assert rules.scrub_page(SITE, f"/{NINO}") is None


@pytest.mark.parametrize("killed", [False, True], ids=["whole", "killed before the end"])
def test_no_byte_of_the_old_words_is_left_in_database_index_and_log(tmp_path: Path, *, killed: bool):
    folder = tmp_path / "data"

    def files() -> bytes:
        return b"".join(path.read_bytes() for path in folder.iterdir())

    async def go() -> None:
        url = f"sqlite:///{folder}/feedback.db"
        rows = [
            old_feedback(f"kept{number} {NINO} words", NOON, f"/{number}/{CARD}") for number in range(200)
        ]
        async with opened(url) as store:
            await asyncio.gather(*map(store.add, rows))
            assert NINO.encode() in files()
            assert NINO.lower().encode() in files()
            assert CARD.encode() in files()
            begun = await store.rescrubs.begin(RULES.version, ENTRY)
            assert begun is not None
            async for run in store.rescrubs.steps(begun, RULES, ENTRY):
                if killed and run.done:
                    break
        if killed:
            async with opened(url) as store, retention(store, 0, 0), asyncio.timeout(60):
                while (await store._database.fetch("SELECT traces FROM upkeep"))[0]["traces"]:
                    await asyncio.sleep(0.05)
        found = files()
        assert b"kept199" in found
        for number in (NINO, NINO.lower(), CARD):
            assert number.encode() not in found
        async with opened(url) as store:
            assert len((await store.find(Filters(q="words", limit=200), EVERYTHING)).items) == 200

    asyncio.run(go())
    connection = sqlite3.connect(folder / "feedback.db")
    connection.execute("INSERT INTO feedback_search (feedback_search) VALUES ('integrity-check')")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
