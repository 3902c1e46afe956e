"""What the counts say of pages, sites, sections and kinds: in the right order, nothing lost."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest

from feedback.model import (
    EVERYTHING,
    Counts,
    PageChange,
    PageFilters,
    PageOrder,
    Removed,
    Scope,
    ScrubbedFeedback,
    ScrubbedPageChange,
    TrendFilters,
    Useful,
)
from feedback.model.audit import Action, AuditEntry
from feedback.model.share import Change
from feedback.store.counts import section_of
from tests.store.samples import DAY, NOON, SCRUBBER, SITE, day_of, opened, some_feedback

TODAY = day_of(NOON)
EVER = (day_of(0), TODAY + timedelta(days=1000))
OTHER = "https://other.example.gov.uk"
ENTRY = AuditEntry("1", "Ann", Action.PAGE_CHANGE_ADDED)


def votes(path: str, yes: int, no: int, days_ago: int = 0) -> list[ScrubbedFeedback]:
    return [
        some_feedback(None, NOON - days_ago * DAY, path=path, useful=useful, removed=())
        for useful, times in ((Useful.YES, yes), (Useful.NO, no))
        for _ in range(times)
    ]


def test_the_worst_page_comes_first_by_its_bound_and_not_by_its_raw_share(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [*votes("/unlucky", 0, 1), *votes("/bad", 20, 80), *votes("/fair", 60, 40)]
            rows += [*votes("/silent", 0, 0), some_feedback(path="/words", useful=None)]
            await asyncio.gather(*map(store.add, rows))
            pages = await store.pages(PageFilters(TODAY, order=PageOrder.WORST), EVERYTHING)
            assert [page.path for page in pages] == ["/bad", "/fair", "/unlucky", "/words"]
            assert pages[3].counts.share is None

    asyncio.run(go())


def test_the_fastest_worsening_page_comes_first_as_far_as_chance_allows(url: str):
    async def go() -> None:
        async with opened(url) as store:
            rows = [*votes("/chance", 2, 0, 40), *votes("/chance", 0, 1)]
            rows += [*votes("/falling", 45, 5, 40), *votes("/falling", 20, 30)]
            rows += [*votes("/steady", 30, 20, 40), *votes("/steady", 30, 20)]
            rows += [*votes("/new", 0, 9)]
            await asyncio.gather(*map(store.add, rows))
            filters = PageFilters(TODAY, order=PageOrder.WORSENING)
            pages = await store.pages(filters, EVERYTHING)
            assert [page.path for page in pages] == ["/falling", "/chance", "/steady"]
            assert (pages[0].before, pages[0].counts) == (Counts(0, 45, 5), Counts(50, 20, 30))

    asyncio.run(go())


def test_both_orders_are_those_that_the_shown_intervals_say(url: str):
    rng = random.Random(5)

    async def go() -> None:
        async with opened(url) as store:
            for number in range(12):
                for days_ago in (0, 30):
                    many = votes(f"/{number}", rng.randrange(12), rng.randrange(12), days_ago)
                    await asyncio.gather(*map(store.add, many))
            filters = PageFilters(TODAY, since=TODAY - timedelta(days=27), until=TODAY + timedelta(days=1))
            worst = await store.pages(
                PageFilters(TODAY, None, filters.since, filters.until, PageOrder.WORST), EVERYTHING
            )
            highs = [page.counts.share.high for page in worst if page.counts.share]
            assert highs == sorted(highs)
            falling = await store.pages(PageFilters(TODAY, order=PageOrder.WORSENING), EVERYTHING)
            changes = [
                Change.between(page.before.share, page.counts.share) for page in falling if page.before
            ]
            bounds = [change.high for change in changes if change]
            assert len(bounds) == len(falling) > 5
            assert bounds == sorted(bounds)

    asyncio.run(go())


def test_pages_are_found_by_site_and_the_beginning_of_their_path(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for path in ("/bins", "/bins/days", "/b%ns", "/tax"):
                await store.add(some_feedback(path=path))
            await store.add(some_feedback(path="/bins", site=OTHER))
            for filters, found in (
                (PageFilters(TODAY, SITE, prefix="/bins"), "/bins /bins/days"),
                (PageFilters(TODAY, prefix="/b%"), "/b%ns"),
                (PageFilters(TODAY, OTHER), "/bins"),
            ):
                assert " ".join(page.path for page in await store.pages(filters, EVERYTHING)) == found

    asyncio.run(go())


def test_a_page_comes_with_its_last_weeks(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for days_ago in (0, 6, 7, 90, 91):
                await store.add(some_feedback(None, NOON - days_ago * DAY, useful=Useful.YES))
            (page,) = await store.pages(PageFilters(TODAY), EVERYTHING)
            assert [week.yes for week in page.weeks] == [1, *[0] * 10, 1, 2]

    asyncio.run(go())


def test_trends_lose_nothing(url: str):
    rng = random.Random(6)
    rows = [
        some_feedback(
            rng.choice(["words", None]),
            NOON - rng.randrange(30) * DAY,
            site=rng.choice([SITE, OTHER]),
            path=rng.choice(["/", "/bins", "/bins/days", "/cy/biniau", "/tax/pay"]),
            useful=rng.choice([Useful.YES, Useful.NO, None]),
            removed=(Removed("comment", rng.choice(["UK_NINO", "CREDIT_CARD"]), 1),),
        )
        for _ in range(80)
    ]

    async def go() -> None:
        async with opened(url) as store:
            await asyncio.gather(*map(store.add, rows))
            filters = TrendFilters(TODAY - timedelta(days=29), TODAY + timedelta(days=1))
            sites = await store.trends_by_site(filters, EVERYTHING, 7)
            assert [trend.site for trend in sites] == sorted((SITE, OTHER))
            assert {len(trend.steps) for trend in sites} == {5}
            sections = await store.trends_by_section(filters, EVERYTHING, 7)
            found = {(trend.site, trend.section): trend.total.submissions for trend in sections}
            assert found == Counter((row.site.text, section_of(row.path.text)) for row in rows)
            assert {section for _, section in found} == {"/", "/bins", "/cy/biniau", "/tax"}
            for step in range(5):
                assert sum((trend.steps[step] for trend in sites), Counts()) == sum(
                    (trend.steps[step] for trend in sections), Counts()
                )
            kinds = await store.trends_by_kind(filters, EVERYTHING, 7)
            assert {kind: sum(steps) for kind, steps in kinds.items()} == Counter(
                one.kind for row in rows for one in row.removed
            )
            bins = TrendFilters(filters.since, filters.until, SITE, section="/bins")
            assert (
                sum(day.counts.submissions for day in await store.days(bins, EVERYTHING))
                == found[SITE, "/bins"]
            )

            for nobody in (Scope(frozenset()), Scope(frozenset((OTHER,)))):
                assert await store.days(bins, nobody) == ()
                assert await store.days(TrendFilters(*EVER, SITE, "/bins"), nobody) == ()
            other = Scope(frozenset((OTHER,)))
            assert {each.site for each in await store.trends_by_section(filters, other, 7)} == {OTHER}
            assert [each.site for each in await store.trends_by_site(filters, other, 7)] == [OTHER]
            few = (await store.trends_by_kind(filters, other, 7)).values()
            assert sum(map(sum, few)) == sum(row.site.text == OTHER for row in rows)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "/"),
        ("/bins", "/bins"),
        ("/bins/", "/bins"),
        ("/bins/days/new", "/bins"),
        ("/cy", "/cy"),
        ("/cy/", "/cy"),
        ("/cy/biniau/dyddiau", "/cy/biniau"),
        ("//x", "/"),
        ("[EMAIL_ADDRESS]", "/[EMAIL_ADDRESS]"),
    ],
)
def test_a_section_is_the_first_part_of_a_path(path: str, section: str):
    assert section_of(path) == section


def test_a_note_of_a_change_is_kept_shown_and_removed(url: str):
    async def go() -> None:
        late, early = PageChange("b", TODAY, "late", "ann"), PageChange("a", TODAY - timedelta(1), "", "ann")

        def new(change: PageChange, key: str) -> ScrubbedPageChange:
            return ScrubbedPageChange(key, change.day, SCRUBBER.scrub(change.note), change.made_by)

        async with opened(url) as store:
            await store.add_page_change(SITE, "/bins", new(late, "b"), EVERYTHING, ENTRY)
            await store.add_page_change(SITE, "/bins", new(early, "a"), EVERYTHING, ENTRY)
            assert await store.page_changes(SITE, "/bins", EVERYTHING) == (early, late)
            assert await store.page_changes(SITE, "/tax", EVERYTHING) == ()
            assert not await store.remove_page_change(SITE, "/tax", "a", EVERYTHING, ENTRY)
            other = Scope(frozenset((OTHER,)))
            assert not await store.remove_page_change(SITE, "/bins", "a", other, ENTRY)
            assert not await store.add_page_change(SITE, "/bins", new(late, "c"), other, ENTRY)
            assert await store.page_changes(SITE, "/bins", other) == ()
            assert await store.remove_page_change(SITE, "/bins", "a", EVERYTHING, ENTRY)
            assert await store.page_changes(SITE, "/bins", EVERYTHING) == (late,)

    asyncio.run(go())
