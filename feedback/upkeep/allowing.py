"""Keeps the scrubber told of the public values that the team wants left in place, in every process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from feedback.background import background
from feedback.errors import Unavailable
from feedback.store import Store
from scrubbers import Scrubber

# How long another process may go on without knowing what was allowed or taken back here.
_EVERY_SECONDS: Final = 60


async def leave_allowed(store: Store, scrubber: Scrubber) -> None:
    """Tell the scrubber what is allowed now."""
    scrubber.leave(allowed.value for allowed in await store.marks.allowed())


@asynccontextmanager
async def allowing(store: Store, scrubber: Scrubber) -> AsyncIterator[None]:
    """Tell the scrubber at once and every minute; while the database is away nothing new is left in place."""
    with suppress(Unavailable):
        await leave_allowed(store, scrubber)
    async with background(_again_and_again(store, scrubber), "allowing"):
        yield


async def _again_and_again(store: Store, scrubber: Scrubber) -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        with suppress(Unavailable):
            await leave_allowed(store, scrubber)
