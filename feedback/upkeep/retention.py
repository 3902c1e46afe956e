"""Deletes what is too old, and overwrites the traces of what was deleted, while the service runs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from feedback.background import background
from feedback.errors import Unavailable
from feedback.store import Store
from feedback.watching.logs import get_logger

_EVERY_SECONDS: Final = 6 * 3600
_AGAIN_SECONDS: Final = 600

log = get_logger("feedback.upkeep")


@asynccontextmanager
async def retention(store: Store, days: int, audit_days: int) -> AsyncIterator[None]:
    """Delete submissions and entries of the audit log after so many days, at once and several times a day.

    0 days: never.
    """
    async with background(_retain(store, days, audit_days), "retention"):
        yield


async def _retain(store: Store, days: int, audit_days: int) -> None:
    while True:
        wait = _EVERY_SECONDS
        try:
            # What a process that was killed half way had no time for.
            await store.traces.overwrite()
            now = time.time_ns() // 1_000_000
            deleted = await store.retain(days, now) if days else 0
            audited = await store.retain_audited(audit_days, now) if audit_days else 0
        except Unavailable:
            log.warning("retention failed, trying again")
            wait = _AGAIN_SECONDS
        else:
            if deleted is None or audited is None:
                log.error("retention waits: the clock has jumped ahead; is it right?")
            elif deleted or audited:
                log.info("retention", deleted=deleted, audited=audited)
        await asyncio.sleep(wait)
