"""Words are found whatever their case and accents, and no word is read as an operator."""

import asyncio

from feedback.model import EVERYTHING, Filters, Status
from tests.store.samples import opened, some_feedback

TEXTS = {
    "a": "The bins were not emptied on Tuesday",
    "b": "Ni chafodd y bin ei wagio yn Nhŷ-croes",
    "c": "See https://www.example.gov.uk/council-tax/band-d, it's wrong",
    "d": "bins AND rubbish",
    "e": "№ 5 – “quoted” words…and more",
}
HITS = [
    ("bins", "da"),
    ("bins*", "da"),
    ('^"bins', "da"),
    ("BINS emptied", "a"),
    ("tuesday, bins!", "a"),
    ("nhy", "b"),
    ("Nhŷ croes", "b"),
    ("nhŷ-croes", "b"),
    ("council tax", "c"),
    ("band-d", "c"),
    ("it's", "c"),
    ("and", "ed"),
    ("and OR", ""),
    ("quoted", "e"),
    ("words and", "e"),
]
MISSES = ["bin bins", "tues", "NOT", "", " ", "!!!", '"', "comment:bins", "NEAR(bins, 2)", "a\0b"]


def test_words_are_found(url: str):
    async def go() -> None:
        async with opened(url) as store:
            keys = {}
            for number, (name, text) in enumerate(TEXTS.items()):
                one = some_feedback(text, received_at=number + 1)
                keys[one.id] = name
                await store.add(one)
            for words, found in HITS:
                page = await store.find(Filters(q=words), EVERYTHING)
                assert "".join(keys[item.id] for item in page.items) == found, words

    asyncio.run(go())


def test_what_is_no_word_of_a_text_finds_nothing(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("The bins were emptied"))
            for words in MISSES:
                page = await store.find(Filters(q=words), EVERYTHING)
                assert not page.items, words

    asyncio.run(go())


def test_title_and_both_answers_are_searched_together(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("third", doing="second", title="first"))
            await store.add(some_feedback(None))
            assert len((await store.find(Filters(q="first second third"), EVERYTHING)).items) == 1
            assert not (await store.find(Filters(q="first fourth"), EVERYTHING)).items

    asyncio.run(go())


def test_a_search_keeps_the_other_filters_and_is_paged(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for number in range(1, 8):
                status = Status.SPAM if number == 4 else Status.NEW
                await store.add(some_feedback(f"word {number}", received_at=number, status=status))
            first = await store.find(Filters(q="word", hide_spam=True, limit=3, until=7), EVERYTHING)
            assert [item.received_at for item in first.items] == [6, 5, 3]
            second = await store.find(
                Filters(q="word", hide_spam=True, limit=3, after=first.next, since=2), EVERYTHING
            )
            assert [item.received_at for item in second.items] == [2]
            assert second.next is None

    asyncio.run(go())
