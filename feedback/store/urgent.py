"""Marking as urgent, by other words than before, what the team still has to deal with."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Final

from feedback.model import EVERYTHING, Feedback, Filters, Status
from feedback.store.counts import placeholders
from feedback.store.database import Database, Transaction
from feedback.store.finding import find, following
from feedback.store.writer import Writer

# Submissions that one step looks at.
_AT_ONCE: Final = 200


class Urgent:
    """Which words marked what is waiting, and marking it anew."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def marked_by(self) -> str | None:
        """The version of the words that everything waiting was last marked by; None before the first time."""
        version: str | None = (await self._database.fetch("SELECT urgent_words FROM upkeep"))[0][
            "urgent_words"
        ]
        return version

    async def mark(self, version: str, is_urgent: Callable[[Feedback], bool]) -> AsyncIterator[int]:
        """Mark what is new or open anew, step by step; gives how many each step changed.

        What is done, irrelevant or spam stays as it is. Killed half way, it begins again the next time.
        """
        for status in (Status.NEW, Status.OPEN):
            rest: Filters | None = Filters({"status": status}, limit=_AT_ONCE)
            while rest:
                page = await find(self._database, rest, EVERYTHING)
                wrong = [item for item in page.items if is_urgent(item) != item.urgent]
                for now in (True, False):
                    if keys := [item.id for item in wrong if item.urgent != now]:
                        await self._writer.change(partial(_set, keys=keys, urgent=int(now)))
                yield len(wrong)
                rest = following(rest, page.next) if page.next else None
        await self._writer.change(lambda work: work.fetch("UPDATE upkeep SET urgent_words = $1", version))


async def _set(work: Transaction, keys: Sequence[str], urgent: int) -> None:
    await work.fetch(
        f"UPDATE feedback SET urgent = $1 WHERE id IN {placeholders(1, len(keys), 2)}", urgent, *keys
    )
