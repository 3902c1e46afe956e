"""Digests, webhooks and Slack: sent once, to real servers, with counts, pages and scrubbed words only."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from feedback.model import Removed, Role, Scope, Status, Useful
from feedback.model.subscription import BACK_OFF, Every, Subscription, Way
from feedback.review import digest
from feedback.review.deliveries import Teller, deliveries
from feedback.review.mail import Mailer
from feedback.review.outside import Outside
from feedback.review.secrets import now
from feedback.review.webhooks import new_signing_secret
from feedback.store import Store
from feedback.words import Words
from tests.certificates import Certificate
from tests.postgres import Postgres
from tests.service import Service, free_port, wait_until
from tests.store.samples import DAY, NOON, opened, some_account, some_feedback

MORNING = NOON + DAY  # well after 6 o'clock of the day after what came in
OTHER = "https://other.example.gov.uk"


class Mailbox:
    """A real mail server that demands STARTTLS and keeps what it is given."""

    def __init__(self, certificate: Certificate, *, tls: bool = True) -> None:
        self.mails: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.refuse = ""
        self.seconds = 0.0
        self.began = False
        options: dict[str, Any] = (
            {"tls_context": certificate.server(), "require_starttls": True} if tls else {}
        )
        # It may take a while to answer on a busy machine; nothing is promised of that.
        self._controller = Controller(self, "127.0.0.1", free_port(), ready_timeout=60, **options)
        self.mailer = Mailer(
            urlsplit(f"smtp://localhost:{self._controller.port}"),
            "feedback@example.gov.uk",
            certificate.client(),
        )

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.began = True
        await asyncio.sleep(self.seconds)
        if self.refuse:
            return self.refuse
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


class Receiver:
    """A real HTTPS server that answers as it is told and keeps what it is sent."""

    def __init__(self, certificate: Certificate) -> None:
        self.certificate = certificate
        self.answer: bytes | None = b"HTTP/1.1 204 No Content\r\n\r\n"  # None: never
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"https://hooks.example.org:{self.port}/a?b=c"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {
            name.lower(): value for name, value in re.findall(r"^([\w-]+): (.*)\r$", head, re.MULTILINE)
        }
        headers["request"] = head.partition("\r\n")[0]
        self.requests.append((headers, await reader.readexactly(int(headers["content-length"]))))
        if self.answer is None:
            await reader.read()  # until the other side gives up
        else:
            writer.write(self.answer)
            await writer.drain()
        writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Receiver"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.certificate.server())
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mailbox(certificate: Certificate) -> Iterator[Mailbox]:
    with Mailbox(certificate) as running:
        yield running


def outside(certificate: Certificate, seconds: float = 60) -> Outside:
    """The way to the outside of a world in which loopback is public."""

    async def resolve(host: str, _port: int) -> list[str]:
        assert host == "hooks.example.org"
        return ["127.0.0.1"]

    return Outside(resolve, lambda _: True, certificate.client(), seconds)


def teller(store: Store, mailer: Mailer | None = None, out: Outside | None = None) -> Teller:
    words = Words(("en", "cy"))
    return Teller(store, words, "https://feedback.example.gov.uk", mailer, out or Outside())


async def fill(store: Store) -> None:
    for row in (
        some_feedback("the date at www.example.gov.uk/dates is wrong.Sorry", useful=Useful.NO),
        some_feedback("x" * 400, NOON + 1, path="/tax", removed=()),
        some_feedback(None, NOON + 2, useful=Useful.YES, removed=()),
        some_feedback("elsewhere", NOON + 3, site=OTHER, removed=(Removed("comment", "CREDIT_CARD", 1),)),
        some_feedback("buy now", NOON + 4, status=Status.SPAM),
        some_feedback("too late", MORNING),
    ):
        await store.add(row)


def mail_to(key: str = "one", **changed: Any) -> Subscription:
    one = Subscription(key, Way.MAIL, Every.DAY, NOON - 2 * DAY, target="web@example.gov.uk")
    return replace(one, **changed)


def text_of(mail: EmailMessage) -> str:
    assert mail.get_content_type() == "text/plain"
    assert not mail.is_multipart()
    words: str = mail.get_content()
    return words.replace("\r\n", "\n")


def test_a_digest_holds_counts_pages_and_scrubbed_words(url: str, mailbox: Mailbox):
    async def go() -> None:
        async with opened(url) as store:
            await fill(store)
            await store.subscriptions.put(mail_to())
            assert await teller(store, mailbox.mailer).tell_one(MORNING)

    asyncio.run(go())
    (mail,) = mailbox.mails
    assert mailbox.encrypted == [True]
    assert (mail["To"], mail["From"]) == ("web@example.gov.uk", "feedback@example.gov.uk")
    assert mail["Subject"] == "Page feedback: 4 new"
    text = text_of(mail)
    for words in (
        "from 12 Nov 2023 to 14 Nov 2023",
        "4 people sent feedback: votes 4, comments 3.",
        "25% found the page useful (likely 5% to 70%).",
        "Removed before it was stored: 1 card number, 2 National Insurance numbers.",
        "* www.example.gov.uk/bins: 1 of 2 did not find it useful",
        f"* www.example.gov.uk/tax: {'x' * 299}…",
        "https://feedback.example.gov.uk/admin/page?site=https%3A%2F%2Fwww.example.gov.uk&path=%2Fbins",
    ):
        assert words in text
    assert "buy now" not in text
    assert "too late" not in text


def test_without_links_no_part_of_a_digest_looks_like_one(url: str, mailbox: Mailbox):
    async def go() -> None:
        async with opened(url) as store:
            await fill(store)
            await store.subscriptions.put(mail_to(plain=True, lang="cy"))
            await teller(store, mailbox.mailer).tell_one(MORNING)

    asyncio.run(go())
    (mail,) = mailbox.mails
    text = text_of(mail)
    assert "://" not in text
    assert not re.search(r"\w\.\w\w", text)
    assert "the date at www. example. gov. uk/dates is wrong. Sorry" in text
    assert "Tudalennau na wnaethant helpu" in text
    assert mail["Subject"] == "Adborth ar dudalennau: 4 newydd"


def test_somebody_gets_their_sites_only_and_nothing_once_disabled(url: str, mailbox: Mailbox):
    ann = some_account("ann@example.gov.uk", Role.VIEWER, Scope(frozenset((OTHER,))))

    async def go() -> None:
        async with opened(url) as store:
            await fill(store)
            await store.people.add(ann)
            await store.subscriptions.put(mail_to(person=ann.id, target=""))
            await teller(store, mailbox.mailer).tell_one(MORNING)
            await store.people.disable(ann.id, MORNING)
            assert await teller(store, mailbox.mailer).tell_one(MORNING + DAY)

    asyncio.run(go())
    (mail,) = mailbox.mails
    assert mail["To"] == "ann@example.gov.uk"
    assert "* /bins: elsewhere" in text_of(mail)
    assert "1 person sent feedback" in text_of(mail)


def test_a_digest_is_sent_once_whatever_many_processes_do(url: str, mailbox: Mailbox):
    async def go() -> None:
        async with opened(url) as store:
            await fill(store)
            await store.subscriptions.put(mail_to())
            tellers = [teller(store, mailbox.mailer) for _ in range(6)]
            told = await asyncio.gather(*(one.tell_one(MORNING + n) for n, one in enumerate(tellers)))
            assert sum(told) == 1
            assert not await tellers[0].tell_one(MORNING + 3_600_000)

    asyncio.run(go())
    assert len(mailbox.mails) == 1


def test_a_service_that_ends_finishes_the_mail_it_has_begun(url: str, mailbox: Mailbox):
    mailbox.seconds = 0.5

    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("words", now() - 2 * DAY))
            await store.subscriptions.put(mail_to(sent_until=now() // DAY * DAY - 3 * DAY))
            async with deliveries(teller(store, mailbox.mailer)):
                async with asyncio.timeout(60):
                    while not mailbox.began:
                        await asyncio.sleep(0.02)
            one = await store.subscriptions.find("one")
            assert one is not None
            assert one.sent_until > now() - 2 * DAY
            assert not await teller(store, mailbox.mailer).tell_one(now() + 600_000)

    asyncio.run(go())
    assert len(mailbox.mails) == 1


def test_after_a_rest_one_digest_tells_of_all_of_it_and_none_of_nothing(url: str, mailbox: Mailbox):
    async def go() -> None:
        async with opened(url) as store:
            for days in (0, 1, 5):
                await store.add(some_feedback(received_at=NOON + days * DAY))
            await store.subscriptions.put(mail_to(sent_until=NOON - DAY // 2))
            while await teller(store, mailbox.mailer).tell_one(NOON + 9 * DAY):
                pass
            while await teller(store, mailbox.mailer).tell_one(NOON + 10 * DAY):
                pass

    asyncio.run(go())
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Page feedback: 3 new"


def test_a_mail_server_that_refuses_is_tried_again_with_the_same_mail_and_then_given_up(
    url: str, mailbox: Mailbox
):
    async def go() -> None:
        async with opened(url) as store:
            await fill(store)
            await store.subscriptions.put(mail_to())
            one, moment = teller(store, mailbox.mailer), MORNING
            mailbox.refuse = "451 not yet, web@example.gov.uk"
            assert await one.tell_one(moment)
            assert not await one.tell_one(moment + BACK_OFF[0] - 1)
            mailbox.refuse = ""
            assert await one.tell_one(moment + BACK_OFF[0])
            mailbox.refuse = "550 never"
            await store.add(some_feedback("more", MORNING))
            for wait in (DAY, *BACK_OFF):
                moment += wait
                assert await one.tell_one(moment), wait
            mailbox.refuse = ""
            assert not await one.tell_one(moment + 1)
            assert await one.tell_one(moment + DAY)

    asyncio.run(go())
    assert [mail["Subject"] for mail in mailbox.mails] == ["Page feedback: 4 new"]
    assert re.fullmatch(r"<one\.\d+@example\.gov\.uk>", mailbox.mails[0]["Message-ID"])


def test_a_mail_server_without_encryption_or_of_another_name_is_given_nothing(
    tmp_path: Path, certificate: Certificate
):
    stranger = Certificate(tmp_path)

    async def go(mailer: Mailer) -> None:
        async with opened(f"sqlite:///{tmp_path}/feedback.db") as store:
            await store.subscriptions.put(mail_to())
            await teller(store, mailer).tell_one(MORNING)
            one = await store.subscriptions.find("one")
            assert one is not None
            assert one.tries == 1

    async def prepare() -> None:
        async with opened(f"sqlite:///{tmp_path}/feedback.db") as store:
            await fill(store)

    asyncio.run(prepare())
    with Mailbox(certificate, tls=False) as open_one, Mailbox(stranger) as strange:
        asyncio.run(go(open_one.mailer))
        asyncio.run(go(replace(strange.mailer, tls=certificate.client())))
        assert not open_one.mails + strange.mails


def test_workers_of_a_real_service_send_one_digest(
    postgres: Postgres, tmp_path: Path, certificate: Certificate, mailbox: Mailbox
):
    url = postgres.fresh()

    moment = now()

    async def prepare() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("words", moment - 2 * DAY))
            await store.subscriptions.put(mail_to(sent_until=moment // DAY * DAY - 3 * DAY))

    asyncio.run(prepare())
    settings = {
        "FEEDBACK_DATABASE_URL": url,
        "FEEDBACK_SMTP_URL": mailbox.mailer.server.geturl(),
        "FEEDBACK_SMTP_FROM": "feedback@example.gov.uk",
        "SSL_CERT_FILE": str(certificate.file),
    }

    async def told() -> bool:
        async with opened(url) as store:
            one = await store.subscriptions.find("one")
            return one is not None and one.sent_until > moment - 2 * DAY

    with Service(tmp_path, "--workers", "2", **settings) as service:
        wait_until(lambda: asyncio.run(told()))
        assert "web@example.gov.uk" not in service.log.read_text()
    assert [mail["Subject"] for mail in mailbox.mails] == ["Page feedback: 1 new"]


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


@pytest.mark.parametrize(
    ("words", "parted"),
    [
        ("https://a.gov.uk/x?y=1", "a. gov. uk/x?y=1"),
        ("see www.a.co.uk.", "see www. a. co. uk."),
        ("HTTP://X.COM", "X. COM"),
        ("3.50 pounds, e.g. this", "3. 50 pounds, e.g. this"),
        ("ftp+x://h.org ŵ.ŷŷ", "h. org ŵ. ŷŷ"),
    ],
)
def test_words_are_parted_so_that_nothing_reads_as_a_link(words: str, parted: str):
    assert digest.without_links(words) == parted
