"""Other words of harm mark what is waiting anew, in steps, and nothing that was dealt with."""

import asyncio
from dataclasses import replace

import pytest

from feedback.intake.urgent import UrgentWords
from feedback.model import EVERYTHING, Filters, Status
from feedback.store import urgent
from feedback.upkeep.urgent import _mark
from tests.store.samples import NOON, opened, some_feedback

TEXTS = ("a flood", "a knife", "a flood again", "flooded", None)


def test_what_waits_is_marked_by_the_new_words_once(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(urgent, "_AT_ONCE", 2)

    async def urgent_ones(status: Status) -> list[str | None]:
        async with opened(url) as store:
            page = await store.find(Filters({"status": status}, urgent=True), EVERYTHING)
            return [item.doing or item.comment for item in page.items]

    async def go() -> None:
        async with opened(url) as store:
            for status in (Status.NEW, Status.OPEN, Status.DONE):
                for place, text in enumerate(TEXTS):
                    row = some_feedback(
                        text, NOON + place, status=status, doing=None if text else "in a FLOOD"
                    )
                    await store.add(replace(row, urgent=text == "a knife"))
            await _mark(store, UrgentWords(["flood"]))
        for status in (Status.NEW, Status.OPEN):
            assert await urgent_ones(status) == ["in a FLOOD", "a flood again", "a flood"]
        assert await urgent_ones(Status.DONE) == ["a knife"]
        async with opened(url) as store:
            # The same words in another order are no others; each start asks, and marks nothing.
            assert await store.urgent.marked_by() == UrgentWords(["flood"]).version
            assert UrgentWords(["b  c", "A"]).version == UrgentWords(["a", "b c"]).version
            await store.add(some_feedback("a flood", NOON + 9))
            await _mark(store, UrgentWords(["flood"]))
            assert len((await store.find(Filters({"status": "new"}, urgent=True), EVERYTHING)).items) == 3

    asyncio.run(go())
