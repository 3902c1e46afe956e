"""What the service does by itself: notes its settings, deletes what is too old, overwrites its traces."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from pydantic import SecretStr

from feedback.audit import Action, AuditEntry
from feedback.errors import Unavailable
from feedback.settings import Settings
from feedback.store import Store

_EVERY_SECONDS: Final = 6 * 3600
_AGAIN_SECONDS: Final = 600

log = structlog.get_logger("feedback.upkeep")


async def note_settings(store: Store, settings: Settings) -> None:
    """Write down the settings that are not the default where they differ from those of the last start.

    Of a secret only that it is set. Starting goes on while the database cannot be written.
    """
    set_to = {name: _shown(getattr(settings, name)) for name in sorted(settings.model_fields_set)}
    with suppress(Unavailable):
        await store.audit_news(AuditEntry.by_service(Action.SETTINGS_CHANGED, **set_to))


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set"
    if value is None:
        return "off"
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@asynccontextmanager
async def retention(store: Store, days: int) -> AsyncIterator[None]:
    """Delete submissions after so many days, at once and several times a day; 0 days: never."""
    task = asyncio.create_task(_retain(store, days), name="retention")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _retain(store: Store, days: int) -> None:
    while True:
        wait = _EVERY_SECONDS
        try:
            # What a process that was killed half way had no time for.
            await store.traces.overwrite()
            deleted = await store.retain(days, time.time_ns() // 1_000_000) if days else 0
        except Unavailable:
            log.warning("retention failed, trying again")
            wait = _AGAIN_SECONDS
        else:
            if deleted is None:
                log.error("retention waits: the clock has jumped ahead; is it right?")
            elif deleted:
                log.info("retention", deleted=deleted)
        await asyncio.sleep(wait)
