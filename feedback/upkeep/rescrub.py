"""Runs the rules of this release over words that older rules have scrubbed; the store knows how far."""

import asyncio
from contextlib import suppress
from typing import Self

from feedback.intake.addresses import scrub_address
from feedback.intake.scrubbing import count_removed
from feedback.intake.sites import Address
from feedback.model import Feedback, Rescrubbed
from feedback.model.audit import AuditEntry
from feedback.store import Rules, Run, Store
from feedback.watching.logs import get_logger
from scrubbers import RULES_VERSION, Scrubbed, Scrubber

log = get_logger("feedback.rescrub")


def rules_of(scrubber: Scrubber) -> Rules:
    """What a scrubber makes of what is stored."""
    return Rules(
        RULES_VERSION,
        lambda item: _again(item, scrubber),
        lambda site, path: _page_again(site, path, scrubber),
        lambda text: _text_again(text, scrubber),
    )


class Rescrubbing:
    """At most one run in the background of this process, beside the answers to visitors."""

    def __init__(self, store: Store, scrubber: Scrubber) -> None:
        self._store = store
        self._rules = rules_of(scrubber)
        self.version = self._rules.version
        self._task: asyncio.Task[None] | None = None

    async def begin(self, entry: AuditEntry, *, everything: bool = False) -> bool:
        """Begin a run, or go on with one that stopped half way; False while one is at work anywhere."""
        run = await self._store.rescrubs.begin(self._rules.version, entry, everything=everything)
        if run is None:
            return False
        self._task = asyncio.create_task(self._run(run, entry), name="rescrub")
        return True

    async def last(self) -> Run | None:
        """How far the rules of this release have come; None where they were never run."""
        return await self._store.rescrubs.last(self._rules.version)

    async def __aenter__(self) -> Self:
        """Nothing runs until somebody asks for it."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop after the step that is under way; what is left can be gone on with."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, begun: Run, entry: AuditEntry) -> None:
        clock = asyncio.get_running_loop().time
        began, run = clock(), begun
        try:
            async for step in self._store.rescrubs.steps(begun, self._rules, entry):
                run = step
                # Half of the time is the visitors'.
                await asyncio.sleep(clock() - began)
                began = clock()
        except Exception as error:  # noqa: BLE001  # asyncio would log the message, which may quote words
            fault = type(error).__name__
            log.error("rescrub stopped; it can be gone on with", fault=fault, seen=run.seen, of=run.total)
        else:
            log.info("rescrub", seen=run.seen, changed=run.changed, failed=run.failed)


def _again(item: Feedback, scrubber: Scrubber) -> Rescrubbed | None:
    with suppress(Exception):  # whatever went wrong: the words stay as they were, and nothing quotes them
        site, path = scrub_address(Address(item.site, item.path), scrubber)
        title, doing, comment = (_scrub(text, scrubber) for text in (item.title, item.doing, item.comment))
        found = (
            *count_removed("page", site, path),
            *count_removed("title", title),
            *count_removed("doing", doing),
            *count_removed("comment", comment),
        )
        return Rescrubbed(site, path, title, doing, comment, found)
    return None


def _page_again(site: str, path: str, scrubber: Scrubber) -> tuple[Scrubbed, Scrubbed] | None:
    with suppress(Exception):
        return scrub_address(Address(site, path), scrubber)
    return None


def _text_again(text: str, scrubber: Scrubber) -> Scrubbed | None:
    with suppress(Exception):
        return scrubber.scrub(text)
    return None


def _scrub(text: str | None, scrubber: Scrubber) -> Scrubbed | None:
    return None if text is None else scrubber.scrub(text)
