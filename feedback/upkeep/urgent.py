"""Marks what waits as urgent anew, once, where the words that tell it were changed since the last start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from feedback.background import background
from feedback.errors import Unavailable
from feedback.intake.urgent import UrgentWords
from feedback.store import Store
from feedback.watching.logs import get_logger

log = get_logger("feedback.urgent")


@asynccontextmanager
async def marking_urgent(store: Store, words: UrgentWords) -> AsyncIterator[None]:
    """Begin beside the answers; where the database goes away, the next start tries again."""
    async with background(_mark(store, words), "urgent"):
        yield


async def _mark(store: Store, words: UrgentWords) -> None:
    clock = asyncio.get_running_loop().time
    marked, began = 0, clock()
    try:
        if await store.urgent.marked_by() == words.version:
            return
        async for changed in store.urgent.mark(
            words.version, lambda item: words.within_answers(item.doing, item.comment)
        ):
            marked += changed
            # Half of the time is the visitors'.
            await asyncio.sleep(clock() - began)
            began = clock()
    except Unavailable:
        log.warning("marking by the new urgent words failed; the next start tries again", changed=marked)
    else:
        log.info("marked by the new urgent words", changed=marked)
