"""A mail server and a receiver of webhooks as they are outside, and what the service tells them of."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from feedback.model import Removed, Status, Useful
from feedback.model.subscription import Every, Subscription, Way
from feedback.review.deliveries import Teller
from feedback.review.mail import Mailer
from feedback.review.outside import Outside
from feedback.store import Store
from feedback.words import Words
from tests.certificates import Certificate
from tests.service import free_port
from tests.store.samples import DAY, NOON, some_feedback

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
