"""Webhooks and Slack: sent once, signed, to a real server, with counts and ids only."""

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.model.subscription import BACK_OFF, Every, Subscription, Way
from feedback.review.webhooks import new_signing_secret
from tests.certificates import Certificate
from tests.feedback.outside import Receiver, fill, outside, teller
from tests.store.samples import NOON, opened, some_feedback


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


def test_a_webhook_gets_ids_and_counts_and_a_signature(url: str, certificate: Certificate):
    secret = new_signing_secret()
    hook = Subscription("hook", Way.WEBHOOK, Every.MINUTE, NOON - 1, secret=secret)
    receiver = Receiver(certificate)

    async def go() -> None:
        async with receiver.running(), opened(url) as store:
            await fill(store)
            await store.subscriptions.put(replace(hook, target=receiver.url))
            one = teller(store, out=outside(certificate))
            assert await one.tell_one(NOON + 60_000)
            # Nothing new: nothing is sent.
            assert await one.tell_one(NOON + 120_000)
            assert not await one.tell_one(NOON + 120_001)

    asyncio.run(go())
    ((headers, body),) = receiver.requests
    assert headers["request"] == "POST /a?b=c HTTP/1.1"
    assert headers["host"] == f"hooks.example.org:{receiver.port}"
    payload = json.loads(body)
    assert payload["type"] == "feedback.received"
    assert (payload["data"]["count"], len(payload["data"]["ids"])) == (4, 4)
    assert set(payload["data"]) == {"since", "until", "count", "ids"}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_slack_gets_counts_alone(url: str, certificate: Certificate):
    receiver = Receiver(certificate)

    async def go() -> None:
        async with receiver.running(), opened(url) as store:
            await fill(store)
            hook = Subscription("slack", Way.SLACK, Every.MINUTE, NOON - 1, target=receiver.url)
            await store.subscriptions.put(hook)
            await teller(store, out=outside(certificate)).tell_one(NOON + 60_000)

    asyncio.run(go())
    ((_, body),) = receiver.requests
    text = "4 new pieces of page feedback on 3 page(s), 3 “not useful”."
    assert json.loads(body) == {"text": text}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: https://hooks.example.org/else\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\n\r\n",
        b"HTTP/1.1 410 Gone\r\n\r\n",
        b"no HTTP at all\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 30_000,
        None,
    ],
)
def test_what_is_not_taken_is_sent_again_under_the_same_id(
    tmp_path: Path, certificate: Certificate, answer: bytes | None
):
    receiver = Receiver(certificate)

    async def go() -> None:
        async with receiver.running(), opened(f"sqlite:///{tmp_path}/feedback.db") as store:
            await fill(store)
            hook = Subscription("hook", Way.WEBHOOK, Every.MINUTE, NOON - 1, target=receiver.url)
            await store.subscriptions.put(replace(hook, secret=new_signing_secret()))
            # Who gets no answer gives up after a while: long enough for the request to get there.
            hasty = teller(store, out=outside(certificate, seconds=2 if answer is None else 60))
            one, moment = teller(store, out=outside(certificate)), NOON + 60_000
            receiver.answer = answer
            assert await hasty.tell_one(moment)
            receiver.answer = b"HTTP/1.1 200 OK\r\n\r\n"
            await store.add(some_feedback("meanwhile", NOON + 55_000))
            assert await one.tell_one(moment + BACK_OFF[0])
            kept = await store.subscriptions.find("hook")
            assert kept is not None
            assert (kept.tries, kept.sent_until) == (0, moment - 10_000)

    asyncio.run(go())
    first, second = receiver.requests
    assert first[1] == second[1]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
