"""Sends mail by the operator's server: plain text, one receiver a message."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from feedback.errors import StartError
from feedback.review.outside import NotSent
from feedback.settings import Settings

_SECONDS: Final = 20.0
_PORTS: Final = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


@dataclass(frozen=True)
class Mailer:
    """The way to the mail server; tests give it another idea of whom to trust."""

    server: SplitResult
    sender: str
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Mailer | None":
        """The configured mail server; None where there is none. Raises StartError for half of it."""
        if settings.smtp_url is None:
            return None
        if settings.smtp_from is None:
            raise StartError("FEEDBACK_SMTP_FROM is needed with FEEDBACK_SMTP_URL.")
        return cls(urlsplit(settings.smtp_url.get_secret_value()), settings.smtp_from)

    def send(self, to: str, subject: str, text: str, key: str) -> None:
        """Send one mail, which takes some seconds of a thread; raises NotSent unless the server took it.

        `key` becomes its Message-ID: the same mail sent again, after a fault in the very moment of sending,
        is the same to mail servers that look.
        """
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = subject, self.sender, to
        mail["Message-ID"] = f"<{key}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text, cte="quoted-printable")
        try:
            with self._connected() as server:
                server.send_message(mail)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # The server's own words may hold the address.
            raise NotSent(type(error).__name__) from None

    def greet(self) -> None:
        """Connect and sign in as for sending, and send nothing; raises NotSent."""
        try:
            self._connected().close()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotSent(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        scheme, host = self.server.scheme, self.server.hostname or ""
        port = self.server.port or _PORTS[scheme]
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=self.tls)
        else:
            server = smtplib.SMTP(host, port, timeout=_SECONDS)
        try:
            if scheme == "smtp":
                # A server that offers no encryption is refused, and not talked to in the clear.
                server.starttls(context=self.tls)
            if self.server.username:
                server.login(unquote(self.server.username), unquote(self.server.password or ""))
        except BaseException:
            server.close()
            raise
        return server
