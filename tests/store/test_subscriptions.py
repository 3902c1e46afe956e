"""Who is told of what comes in: claimed by one process, kept through faults, and due at the right hour."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from feedback.model import Scope
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.model.subscription import BACK_OFF, Every, Subscription, Way
from tests.postgres import Postgres
from tests.store.samples import DAY, NOON, SITE, opened

ENTRY = AuditEntry("1", "Ann", Action.SUBSCRIPTION_CHANGED, "one")
HOOK = Subscription("one", Way.WEBHOOK, Every.MINUTE, NOON, target="https://x.org/", secret="s", next_at=NOON)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_a_subscription_is_kept_replaced_and_forgotten(url: str):
    mail = Subscription(
        "two", Way.MAIL, Every.WEEK, 5, "ann", plain=True, lang="cy", scope=Scope(frozenset((SITE,)))
    )

    async def go() -> None:
        async with opened(url) as store:
            kept = store.subscriptions
            await kept.put(HOOK, ENTRY)
            await kept.put(mail)
            assert await kept.all() == (mail, HOOK)
            await kept.put(replace(mail, every=Every.DAY))
            found = await kept.find("two")
            assert found is not None
            assert found.every is Every.DAY
            assert await kept.remove("two")
            assert not await kept.remove("two")
            assert [one.entry.action for one in await store.audited(AuditFilters())] == [ENTRY.action]

    asyncio.run(go())


def test_of_many_only_one_gets_each_that_is_due(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for key, next_at in (("one", NOON), ("two", NOON), ("later", NOON + 1)):
                await store.subscriptions.put(replace(HOOK, id=key, next_at=next_at))
            claims = [await store.subscriptions.claim(NOON)]
            claims += await asyncio.gather(*(store.subscriptions.claim(NOON) for _ in range(8)))
            assert sorted(one.id for one in claims if one) == ["one", "two"]

    asyncio.run(go())


def test_who_waits_for_another_process_finds_it_claimed(postgres: Postgres):
    url = postgres.fresh()

    async def go() -> None:
        async with opened(url) as store:
            await store.subscriptions.put(HOOK)
            other = await asyncpg.connect(url)
            begun = other.transaction()
            await begun.start()
            await other.execute("UPDATE subscription SET claimed_until = $1", NOON + 1000)
            waits = asyncio.create_task(store.subscriptions.claim(NOON))
            await asyncio.sleep(0.3)
            assert not waits.done()
            await begun.commit()
            assert await waits is None
            await other.close()

    asyncio.run(go())


def test_what_a_dead_process_had_in_hand_is_taken_up_again_as_it_was(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await store.subscriptions.put(HOOK)
            assert await store.subscriptions.claim(NOON)
            await store.subscriptions.begin("one", NOON + 7)
            assert await store.subscriptions.claim(NOON + 1000) is None
            again = await store.subscriptions.claim(NOON + 301_000)
            assert again is not None
            assert again.trying_until == NOON + 7

    asyncio.run(go())


def test_telling_moves_on_and_failing_waits(url: str):
    async def go() -> None:
        async with opened(url) as store:
            kept = store.subscriptions
            await kept.put(HOOK)
            assert await kept.claim(NOON)
            await kept.failed("one", NOON + 50)
            assert await kept.claim(NOON + 49) is None
            one = await kept.claim(NOON + 50)
            assert one is not None
            assert (one.tries, one.sent_until) == (1, NOON)
            await kept.told("one", NOON + 40, NOON + 60)
            one = await kept.claim(NOON + 60)
            assert one is not None
            assert (one.tries, one.sent_until, one.trying_until) == (0, NOON + 40, None)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("every", "now", "until", "next_at"),
    [
        (Every.DAY, "2026-11-25T05:59", "2026-11-24", "2026-11-25T06:00"),
        (Every.DAY, "2026-11-25T06:00", "2026-11-25", "2026-11-26T06:00"),
        (Every.WEEK, "2026-11-25T06:00", "2026-11-23", "2026-11-30T06:00"),
        (Every.WEEK, "2026-11-23T05:00", "2026-11-16", "2026-11-23T06:00"),
        (Every.WEEK, "2026-11-23T06:00", "2026-11-23", "2026-11-30T06:00"),
    ],
)
def test_digests_are_due_in_the_morning(every: Every, now: str, until: str, next_at: str):
    one = Subscription("one", Way.MAIL, every, 0)
    assert one.due_until(at(now)) == at(until)
    assert one.next_due(at(now)) == at(next_at)


def test_after_a_long_rest_a_digest_tells_of_a_month_and_a_webhook_of_all_since():
    one = Subscription("one", Way.MAIL, Every.DAY, NOON - 100 * DAY)
    assert one.due_since(NOON) == NOON - 31 * DAY
    assert replace(one, sent_until=NOON - DAY).due_since(NOON) == NOON - DAY
    assert replace(one, every=Every.MINUTE).due_since(NOON) == NOON - 100 * DAY


def test_tries_are_bounded_and_wait_longer_each_time():
    assert len(BACK_OFF) == 5
    assert list(BACK_OFF) == sorted(BACK_OFF)
