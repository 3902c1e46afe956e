"""Digests: sent once, to a real mail server, with counts, pages and scrubbed words only."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.model import Role, Scope
from feedback.model.subscription import BACK_OFF
from feedback.review import digest
from feedback.review.deliveries import deliveries
from feedback.review.mail import Mailer
from feedback.review.secrets import now
from tests.certificates import Certificate
from tests.feedback.outside import MORNING, OTHER, Mailbox, fill, mail_to, teller, text_of
from tests.postgres import Postgres
from tests.service import Service, wait_until
from tests.store.samples import DAY, NOON, opened, some_account, some_feedback


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mailbox(certificate: Certificate) -> Iterator[Mailbox]:
    with Mailbox(certificate) as running:
        yield running


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
