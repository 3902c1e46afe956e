"""Counts by page and day: what adds to them, what does not, and that they equal a count of the rows."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

from feedback.model import (
    EVERYTHING,
    Counts,
    PageFilters,
    PageOrder,
    Removed,
    ScrubbedFeedback,
    Status,
    TrendFilters,
    Useful,
)
from feedback.model.desk import Change
from tests.store.samples import DAY, NOON, SITE, day_of, opened, some_feedback

TODAY = day_of(NOON)
EVER = (day_of(0), TODAY + timedelta(days=1000))


def test_a_submission_counts_for_its_page_and_day(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("words", useful=Useful.NO))
            await store.add(some_feedback(None, useful=Useful.YES, removed=()))
            await store.add(some_feedback(None, NOON - DAY, useful=Useful.YES, removed=()))
            await store.add(some_feedback("other", path="/tax"))
            pages = await store.pages(PageFilters(TODAY), EVERYTHING)
            assert [(page.path, page.counts) for page in pages] == [
                ("/bins", Counts(3, 2, 1, 1)),
                ("/tax", Counts(1, 0, 1, 1)),
            ]
            days = await store.trend(TrendFilters(*EVER, SITE, "/bins"), EVERYTHING)
            assert [(day.day, day.counts, day.removed) for day in days] == [
                (TODAY - timedelta(days=1), Counts(1, 1, 0, 0), {}),
                (TODAY, Counts(2, 1, 1, 1), {"UK_NINO": 2}),
            ]
            whole = await store.trend(TrendFilters(*EVER, SITE), EVERYTHING)
            assert [day.counts.submissions for day in whole] == [1, 3]
            assert [day.removed for day in whole] == [{}, {"UK_NINO": 4}]
            assert await store.trend(TrendFilters(*EVER), EVERYTHING) == whole

    asyncio.run(go())


def test_the_same_id_counts_once_together_and_later(url: str):
    async def go() -> None:
        one = some_feedback()
        async with opened(url) as store:
            await asyncio.gather(*(store.add(one) for _ in range(5)))
            await store.add(one)
            (page,) = await store.pages(PageFilters(TODAY), EVERYTHING)
            assert page.counts == Counts(1, 0, 1, 1)

    asyncio.run(go())


def test_spam_is_not_counted_and_moving_there_and_back_counts_right(url: str):
    async def go() -> None:
        one, spam = some_feedback(), some_feedback(status=Status.SPAM)
        async with opened(url) as store:
            await store.add(one)
            await store.add(spam)
            for key, status, submissions in (
                (one.id, Status.SPAM, 0),
                (one.id, Status.SPAM, 0),
                (one.id, Status.OPEN, 1),
                (one.id, Status.DONE, 1),
                (spam.id, Status.NEW, 2),
            ):
                await store.change_one(key, Change(status), EVERYTHING)
                (page,) = await store.pages(PageFilters(TODAY), EVERYTHING)
                assert page.counts.submissions == submissions

    asyncio.run(go())


def test_words_of_late_are_counted_by_their_days(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for days in (0, 6, 7, 29, 30, 89, 90):
                await store.add(some_feedback(received_at=NOON - days * DAY))
            (page,) = await store.pages(PageFilters(TODAY), EVERYTHING)
            assert (page.comments_7, page.comments_30, page.comments_90) == (2, 4, 6)

    asyncio.run(go())


def test_pages_are_ordered_limited_and_of_the_days_asked_for(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for path, votes in (("/a", "nn"), ("/b", "yyy"), ("/c", "n")):
                for vote in votes:
                    useful = Useful.NO if vote == "n" else Useful.YES
                    await store.add(some_feedback(None, path=path, useful=useful))
            await store.add(some_feedback(path="/old", received_at=NOON - 10 * DAY))
            await store.add(some_feedback(path="/d", site="https://other.example.gov.uk"))

            async def paths(**filters: object) -> str:
                pages = await store.pages(PageFilters(TODAY, **filters), EVERYTHING)  # type: ignore[arg-type]
                return " ".join(page.path for page in pages)

            assert await paths(site=SITE) == "/b /a /c /old"
            assert await paths(site=SITE, order=PageOrder.NO_VOTES) == "/a /c /old /b"
            assert await paths(order=PageOrder.COMMENTS, limit=2) == "/d /old"
            assert await paths(site=SITE, limit=2, offset=1) == "/a /c"
            assert await paths(since=TODAY, site=SITE) == "/b /a /c"
            assert await paths(until=TODAY) == "/old"
            assert await paths(since=TODAY + timedelta(days=1)) == ""

    asyncio.run(go())


def test_counts_equal_a_count_of_the_rows_whatever_comes(url: str):
    rng = random.Random(4)
    sent: dict[str, ScrubbedFeedback] = {}

    def next_one() -> ScrubbedFeedback:
        if sent and rng.random() < 0.2:
            return rng.choice(list(sent.values()))
        one = some_feedback(
            rng.choice(["words", None]),
            NOON + rng.randrange(3) * DAY,
            path=f"/{rng.randrange(6)}",
            useful=rng.choice([Useful.YES, Useful.NO, None]),
            removed=(Removed("comment", rng.choice(["UK_NINO", "CREDIT_CARD"]), rng.randrange(1, 3)),),
        )
        sent[one.id] = one
        return one

    async def go() -> None:
        async with opened(url) as store:
            for _ in range(12):
                await asyncio.gather(*(store.add(next_one()) for _ in range(rng.randrange(1, 40))))
            expected = Counter(one.path.text for one in sent.values())
            pages = await store.pages(PageFilters(TODAY), EVERYTHING)
            assert {page.path: page.counts.submissions for page in pages} == expected
            days = await store.trend(TrendFilters(*EVER), EVERYTHING)
            kinds: Counter[str] = Counter()
            for day in days:
                kinds.update(day.removed)
            assert sum(day.counts.submissions for day in days) == len(sent)
            assert kinds == Counter(
                each.kind for one in sent.values() for each in one.removed for _ in range(each.count)
            )

    asyncio.run(go())
