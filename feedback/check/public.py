"""The running service as visitors reach it: through whatever proxies stand in front of it."""

import json
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha384
from typing import Final
from urllib.parse import urlsplit

from feedback.check.client import Answer, NoAnswer, ask
from feedback.check.clock import check_date
from feedback.check.finding import Finding, ok, problem, warning
from feedback.check.page import is_loopback, origin_of
from feedback.check.sending import taken
from feedback.check.sites import exact_sites
from feedback.http.body import body_limit
from feedback.intake.widget import V1
from feedback.settings import Settings

SUBJECT: Final = "service"
_MOST_SITES: Final = 20
_OK: Final = 200
_GATEWAY: Final = (502, 504)


def check_public(settings: Settings, *, running: bool) -> Iterator[Finding]:
    """Ask the service at its public address; `running` where one is known to run. Nothing is stored by it."""
    base = settings.public_url
    try:
        ready = ask(f"{base}/health/ready", follow=False)
        faults = list(_health(base, ready)) or list(_host(base))
    except NoAnswer as no:
        yield _silent(settings, no, running=running)
        return
    yield from faults
    yield from check_date(origin_of(base), ready.headers.get("Date", ""))
    if faults:
        return
    yield ok(SUBJECT, f"The service at {base} answers and can store.")
    try:
        yield from _script(settings)
        yield from _sites(settings)
        yield from _proxy(settings)
    except NoAnswer as no:
        yield problem(SUBJECT, f"{origin_of(base)} {no.reason}")


def _silent(settings: Settings, no: NoAnswer, *, running: bool) -> Finding:
    if "public_url" not in settings.model_fields_set:
        remedy = "say by FEEDBACK_PUBLIC_URL where it is" if running else "start it by `feedback serve`"
        return warning(SUBJECT, f"No service answers at {settings.public_url}: {remedy}.")
    return problem(SUBJECT, f"{origin_of(settings.public_url)} (FEEDBACK_PUBLIC_URL) {no.reason}")


def _health(base: str, ready: Answer) -> Iterator[Finding]:
    if 300 <= ready.status < 400:
        yield problem(
            SUBJECT,
            f"{base} redirects, which loses what is sent: write the final address into FEEDBACK_PUBLIC_URL.",
        )
    elif ready.status in _GATEWAY or (ready.status == 503 and "x-request-id" not in ready.headers):
        yield problem(
            SUBJECT,
            f"The proxy at {base} answers {ready.status}, so it does not reach the service: is it running "
            "(`systemctl status page-feedback`), on the port that the proxy names?",
        )
    elif ready.status == 503:
        yield problem(
            SUBJECT,
            "The service runs and cannot store just now: see what is said of database and disk, and its log.",
        )
    elif ready.status != _OK or not _is_ours(ready):
        yield problem(
            SUBJECT,
            f"Something else than Page Feedback answers at {base} ({ready.status}): is FEEDBACK_PUBLIC_URL "
            "right, and does the proxy pass all of it on?",
        )


def _host(base: str) -> Iterator[Finding]:
    """Health checks answer under any name; everything else under the service's own alone."""
    if ask(f"{base}/widget/integrity").status == 421:
        yield problem(
            SUBJECT,
            f"The service is not known as {urlsplit(base).netloc} (421): let the proxy pass the Host header "
            "on (nginx: `proxy_set_header Host $host;`), and start the service with this address.",
        )


def _is_ours(ready: Answer) -> bool:
    try:
        return bool(json.loads(ready.body) == {"status": "ok"})
    except ValueError:
        return False


def _script(settings: Settings) -> Iterator[Finding]:
    url = f"{settings.public_url}{settings.widget_path}"
    answer = ask(url, headers={"Origin": "https://www.example.gov.uk"})
    if answer.status != _OK:
        yield problem(
            SUBJECT,
            f"{url} answers {answer.status}: start the service with this FEEDBACK_WIDGET_PATH, and let the "
            "proxy pass all of it on.",
        )
        return
    digest = b64encode(sha384(answer.body).digest()).decode("ascii")
    if f"sha384-{digest}" == V1.integrity:
        yield ok(SUBJECT, f"{url} is the script of this version.")
    else:
        yield problem(
            SUBJECT,
            f"{url} is not the script of this version, so that pages that pin it refuse it: turn off what "
            "minifies or changes files on their way, and start the service anew after an upgrade.",
        )
    if answer.all("access-control-allow-origin") != ["*"]:
        yield problem(
            SUBJECT,
            f"{url} does not come with the service's Access-Control-Allow-Origin, so that pages that pin it "
            "refuse it: let the proxy pass that header on and add none.",
        )


def _sites(settings: Settings) -> Iterator[Finding]:
    for site in exact_sites(settings)[:_MOST_SITES]:
        for sentence in taken(f"{settings.public_url}/feedback", site):
            yield problem("sites", sentence)


def _proxy(settings: Settings) -> Iterator[Finding]:
    base = settings.public_url
    if is_loopback(urlsplit(base).hostname or ""):
        return
    if ask(f"{base}/metrics").status == _OK:
        yield problem(
            "proxies",
            f"The proxy at {base} shows /metrics to everybody and does not say who asks: let it "
            "send X-Forwarded-For (nginx: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`).",
        )
    size = body_limit(settings.max_text)
    # Refused by its type before it is read, and counted for nobody.
    headers = {"Content-Type": "application/x-page-feedback-check", "Origin": origin_of(base)}
    if ask(f"{base}/feedback", "POST", headers, b" " * size).status == 413:
        yield problem(
            "proxies",
            f"The proxy at {base} refuses submissions of {size // 1024} KiB, as the longest answers are: "
            "let it take 128 KiB (nginx: `client_max_body_size 128k;`).",
        )
