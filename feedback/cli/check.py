"""`feedback check`: the doctor, one line a finding."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from feedback.app import make_scrubber
from feedback.check import Finding, Level
from feedback.check.clock import check_clock
from feedback.check.database import SUBJECT as DATABASE
from feedback.check.database import check_database
from feedback.check.disk import check_disk
from feedback.check.embed import check_page
from feedback.check.finding import problem
from feedback.check.outside import check_outside
from feedback.check.proxies import check_proxies
from feedback.check.public import check_public
from feedback.check.script import Widgets
from feedback.check.sending import Service
from feedback.check.settings import check_settings
from feedback.check.sites import check_sites
from feedback.cli.printable import printable
from feedback.errors import StartError
from feedback.http.client_address import ClientAddress
from feedback.intake.sites import Sites
from feedback.intake.widget import PATHS, V1
from feedback.review.mail import Mailer
from feedback.review.sso import open_provider
from feedback.settings import Settings, read_settings
from feedback.store import look_at_database, sqlite_file
from feedback.words import Words

# What the service is made of when it starts, each of which may refuse a setting.
_PARTS = (
    lambda settings: Sites.from_settings(settings.sites, settings.public_url),
    lambda settings: ClientAddress.from_settings(settings.trusted_proxies),
    lambda settings: Words(settings.languages),
    make_scrubber,
    Mailer.from_settings,
    open_provider,
)


def check(
    *,
    page: Annotated[
        str | None,
        typer.Option(metavar="URL", help="A page that embeds the widget: say what it does to it."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nothing but files and the database, as before a start.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")] = False,
) -> None:
    """Say what is wrong and what to do about it; changes nothing, also beside a running service.

    One line a finding: ok, warning or problem. Exits with 1 where there is a problem.
    """
    findings = []
    for finding in dict.fromkeys(_findings(page, network=not offline)):
        findings.append(finding)
        if not as_json:
            typer.echo(_line(finding))
    problems, warnings = (_count(findings, level) for level in (Level.PROBLEM, Level.WARNING))
    if as_json:
        found = [asdict(finding) for finding in findings]
        typer.echo(json.dumps({"problems": problems, "warnings": warnings, "findings": found}))
    raise typer.Exit(1 if problems else 0)


def _findings(page: str | None, *, network: bool) -> Iterator[Finding]:
    settings, sentences = read_settings()
    first = list(check_settings(settings, sentences, _PARTS))
    yield from first
    yield from check_clock()
    if settings is not None:
        # What is made of settings that stop the start cannot be asked either.
        yield from _service(settings, startable=not _count(first, Level.PROBLEM), network=network)
    if page is not None:
        yield from _page(page, settings)


def _service(settings: Settings, *, startable: bool, network: bool) -> Iterator[Finding]:
    url = settings.database_url.get_secret_value()
    running = False
    if file := sqlite_file(url):
        yield from check_disk(file)
    try:
        health = asyncio.run(look_at_database(url))
    except StartError as error:
        yield problem(DATABASE, str(error))
    else:
        running = health.in_use
        yield from check_database(health)
    if not startable:
        return
    yield from check_sites(settings, network=network)
    yield from check_proxies(settings)
    if network:
        yield from check_public(settings, running=running)
        yield from check_outside(settings)


def _page(url: str, settings: Settings | None) -> Iterator[Finding]:
    paths, service = PATHS, Service(None, None)
    if settings:
        paths, service = (*PATHS, settings.widget_path), Service(settings.public_url, settings.max_text)
    yield from check_page(url, Widgets(paths, V1.integrity), service)


def _line(finding: Finding) -> str:
    return f"{finding.level:<8} {finding.subject:<10} {printable(finding.sentence)}"


def _count(findings: Iterable[Finding], level: Level) -> int:
    return sum(finding.level is level for finding in findings)
