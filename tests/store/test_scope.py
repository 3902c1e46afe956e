"""Somebody who may see some sites only sees nothing of the others, by no question to the store."""

import asyncio
from datetime import timedelta

import pytest

from feedback.model import EVERYTHING, Filters, PageFilters, Scope, Status, TrendFilters
from feedback.model.desk import Change
from feedback.store import Store
from tests.store.samples import ERASE, NOON, day_of, opened, some_feedback

A, B, C = "https://a.gov.uk", "https://b.gov.uk", "https://c.gov.uk"
TODAY = day_of(NOON)
MONTH = (TODAY - timedelta(days=30), TODAY + timedelta(days=1))
ROWS = [some_feedback(f"words {n} {site[8]}", NOON + n, site=site) for n, site in enumerate((A, B, C) * 4)]


async def filled(store: Store) -> None:
    for row in ROWS:
        await store.add(row)


@pytest.mark.parametrize("sites", [(), (A,), (A, C), (A, B, C), ("https://d.gov.uk", B)])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(q="words"),
        Filters({"site": A}),
        Filters({"site": A}, q="words"),
        Filters({"status": "new"}, hide_spam=True, path_prefix="/b"),
    ],
)
def test_lists_hold_what_is_in_scope_newest_first(url: str, sites: tuple[str, ...], filters: Filters):
    wanted = [
        row.comment.text
        for row in reversed(ROWS)
        if row.comment
        and row.site.text in sites
        and row.site.text == filters.equals.get("site", row.site.text)
    ]

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            scope = Scope(frozenset(sites))
            page = await store.find(filters, scope)
            assert [item.comment for item in page.items] == wanted
            exported = [item.comment async for part in store.export(filters, scope) for item in part]
            assert exported == wanted

    asyncio.run(go())


def test_pages_of_a_list_go_on_within_the_scope(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            seen, after = [], None
            while True:
                page = await store.find(Filters(limit=3, after=after), Scope(frozenset((A, C))))
                seen += [item.id for item in page.items]
                if page.next is None:
                    break
                after = page.next
            assert seen == [row.id for row in reversed(ROWS) if row.site.text != B]

    asyncio.run(go())


def test_one_submission_is_neither_read_nor_moved_nor_erased_from_outside(url: str):
    scope = Scope(frozenset((A, C)))

    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            outside = next(row.id for row in ROWS if row.site.text == B)
            for nowhere in (scope, Scope(frozenset())):
                assert await store.find_one(outside, nowhere) is None
                assert await store.change_one(outside, Change(Status.SPAM), nowhere) is None
                assert await store.erasures.erase([outside], nowhere, ERASE) == 0
            item = await store.find_one(outside, EVERYTHING)
            assert item is not None
            assert item.status is Status.NEW
            assert await store.erasures.erase([row.id for row in ROWS], scope, ERASE) == 8

    asyncio.run(go())


def test_counts_are_of_the_scope(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await filled(store)
            for sites, count in (((), 0), ((A,), 4), ((A, C), 8)):
                scope = Scope(frozenset(sites))
                for filters in (PageFilters(TODAY), PageFilters(TODAY, since=MONTH[0], until=MONTH[1])):
                    pages = await store.pages(filters, scope)
                    assert sorted(page.site for page in pages) == sorted(sites)
                days = await store.trend(TrendFilters(*MONTH), scope)
                assert sum(day.counts.submissions for day in days) == count
                assert sum(day.removed["UK_NINO"] for day in days) == 2 * count
                assert not await store.pages(PageFilters(TODAY, site=B), scope)
                assert not await store.trend(TrendFilters(*MONTH, B), scope)
                assert not await store.trend(TrendFilters(*MONTH, B, "/bins"), scope)

    asyncio.run(go())
