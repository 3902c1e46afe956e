"""What the service needs from elsewhere: the mail server, the identity provider, Redis."""

import asyncio
import json
from collections.abc import Iterator
from typing import Final

from feedback.check.client import NoAnswer, ask
from feedback.check.finding import Finding, ok, problem
from feedback.check.page import origin_of
from feedback.errors import StartError
from feedback.intake.rate_counts import RedisCounts
from feedback.review.mail import Mailer
from feedback.review.outside import NotSent
from feedback.settings import Settings

_OF_MAIL: Final = {
    "gaierror": "has no address in the DNS: is the host of FEEDBACK_SMTP_URL spelt right?",
    "ConnectionRefusedError": "refuses the connection: are host and port of FEEDBACK_SMTP_URL right?",
    "SMTPAuthenticationError": "refuses user or password: put the right ones into FEEDBACK_SMTP_URL.",
    "SMTPNotSupportedError": "offers no encryption or no sign-in: take smtps:// or another port.",
    "SSLCertVerificationError": "shows a certificate that this machine does not trust: renew or replace it.",
    "SSLError": "speaks TLS in another way: take smtps:// for port 465 and smtp:// for port 587.",
    "TimeoutError": "does not answer: does a firewall stand in between?",
}
_DISCOVERY: Final = "/.well-known/openid-configuration"


def check_outside(settings: Settings) -> Iterator[Finding]:
    """Whether each that is set can be reached; the settings are known to be read without fault."""
    yield from _mail(settings)
    yield from _provider(settings)
    yield from _redis(settings)


def _mail(settings: Settings) -> Iterator[Finding]:
    mailer = Mailer.from_settings(settings)
    if mailer is None:
        return
    try:
        mailer.greet()
    except NotSent as fault:
        reason = _OF_MAIL.get(fault.reason, f"cannot be used ({fault.reason}): look at FEEDBACK_SMTP_URL.")
        yield problem("mail", f"The mail server {reason}")
    else:
        yield ok("mail", "The mail server lets the service in.")


def _provider(settings: Settings) -> Iterator[Finding]:
    issuer = settings.sso_issuer
    if issuer is None:
        return
    try:
        answer = ask(f"{issuer.rstrip('/')}{_DISCOVERY}")
        said = json.loads(answer.body).get("issuer") if answer.status == 200 else None
    except NoAnswer as no:
        yield problem("sign-in", f"The identity provider {origin_of(issuer)} {no.reason}")
        return
    except (ValueError, AttributeError):
        said = None
    if said == issuer:
        yield ok("sign-in", f"The identity provider {origin_of(issuer)} answers.")
    else:
        yield problem(
            "sign-in",
            f"{origin_of(issuer)} does not call itself what FEEDBACK_SSO_ISSUER says: write what `issuer` "
            f"says at {_DISCOVERY} below it, word for word.",
        )


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.rate_store is None:
        return
    try:
        answers = asyncio.run(_answers(settings.rate_store.get_secret_value()))
    except StartError as error:
        yield problem("rates", str(error))
        return
    if answers:
        yield ok("rates", "Redis answers, where rates are counted together.")
    else:
        yield problem(
            "rates",
            "Redis does not answer, so each process counts alone and lets more in: is FEEDBACK_RATE_STORE "
            "right, and Redis running?",
        )


async def _answers(url: str) -> bool:
    counts = RedisCounts(url)
    try:
        return await counts.answers()
    finally:
        await counts.close()
