"""Tells those who asked for it what came in: one task a process, each subscription by one of them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from feedback.errors import Unavailable
from feedback.model import Feedback, Filters, Scope
from feedback.model.subscription import BACK_OFF, Subscription, Way
from feedback.review import digest, webhooks
from feedback.review.mail import Mailer
from feedback.review.outside import NotSent, Outside
from feedback.store import Store
from feedback.watching.logs import get_logger
from feedback.words import Words

_LOOK_SECONDS: Final = 30.0
# A service that is told to end has ten seconds for it.
_END_SECONDS: Final = 6.0

log = get_logger("feedback.deliveries")


@dataclass(frozen=True)
class Teller:
    """Tells one subscription after the other."""

    store: Store
    words: Words
    public_url: str
    mailer: Mailer | None
    outside: Outside

    async def tell_one(self, now: int) -> bool:
        """Tell one that is due at `now` (epoch milliseconds); False where none is."""
        one = await self.store.subscriptions.claim(now)
        if one is None:
            return False
        until = one.trying_until or one.due_until(now)
        subscriptions = self.store.subscriptions
        try:
            if until > one.sent_until:
                await subscriptions.begin(one.id, until)
                await self._tell(one, until)
        except NotSent as fault:
            if one.tries < len(BACK_OFF):
                log.warning("not told, trying again", way=one.way, tries=one.tries + 1, reason=fault.reason)
                await subscriptions.failed(one.id, now + BACK_OFF[one.tries])
                return True
            log.error("not told, given up", way=one.way, subscription=one.id, reason=fault.reason)
        await subscriptions.told(one.id, max(until, one.sent_until), one.next_due(now))
        return True

    async def _tell(self, one: Subscription, until: int) -> None:
        since = one.due_since(until)
        if one.way is Way.MAIL:
            await self._mail(one, since, until)
            return
        items, count = await self._received(one.scope, since, until)
        if not count:
            return
        if one.way is Way.SLACK:
            t = self.words.translate(self.words.language(one.lang))
            await self.outside.post(one.target, webhooks.encode(webhooks.slack_message(items, count, t)), {})
            return
        body = webhooks.encode(webhooks.message(items, count, since, until))
        # The same id at each try, by which a receiver knows what it has had.
        headers = webhooks.signed_headers(one.secret, f"{one.id}-{until}", int(time.time()), body)
        await self.outside.post(one.target, body, headers)

    async def _mail(self, one: Subscription, since: int, until: int) -> None:
        to, scope = one.target, one.scope
        if one.person is not None:
            account = await self.store.people.find(one.person)
            if account is None or account.disabled_at is not None:
                return
            to, scope = account.email, account.scope
        if self.mailer is None:
            raise NotSent("no mail server")
        found = await digest.collect(self.store, scope, since, until)
        if found is None:
            return
        t = self.words.translate(self.words.language(one.lang))
        mail = digest.text(found, t, None if one.plain else self.public_url)
        key = f"{one.id.replace(':', '-')}.{until}"
        await asyncio.to_thread(self.mailer.send, to, digest.subject(found, t), mail, key)

    async def _received(self, scope: Scope, since: int, until: int) -> tuple[list[Feedback], int]:
        """The newest of what came in, and how much in all."""
        items: list[Feedback] = []
        count = 0
        async for part in self.store.export(Filters(hide_spam=True, since=since, until=until), scope):
            items += part[: webhooks.MAX_IDS - len(items)] if len(items) < webhooks.MAX_IDS else ()
            count += len(part)
        return items, count


@asynccontextmanager
async def deliveries(teller: Teller) -> AsyncIterator[None]:
    """Tell while the service runs; at its end, finish what is being told, or somebody is told twice."""
    stopping = asyncio.Event()
    task = asyncio.create_task(_run(teller, stopping), name="deliveries")
    try:
        yield
    finally:
        stopping.set()
        _, late = await asyncio.wait({task}, timeout=_END_SECONDS)
        if late:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _run(teller: Teller, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            while not stopping.is_set() and await teller.tell_one(time.time_ns() // 1_000_000):
                pass
        except Unavailable:
            log.warning("deliveries wait for the database")
        except Exception as error:  # noqa: BLE001  # one that cannot be told must not silence the others
            log.error("delivery failed", fault=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _LOOK_SECONDS)
