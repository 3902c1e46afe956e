"""`feedback purge` and `feedback erase`: words go, counts stay."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final
from uuid import UUID

import typer

from feedback.cli.counted import submissions
from feedback.cli.filters import read_filters
from feedback.errors import StartError
from feedback.intake.sites import parse_page
from feedback.model import EVERYTHING, Feedback
from feedback.model.audit import Action, AuditEntry
from feedback.settings import load_settings
from feedback.store import DatabaseInUse, Sought, Store

_DAY: Final = 86_400_000  # milliseconds

Yes = Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would go.")]


def purge(
    *,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Keep this many days.", show_default="FEEDBACK_RETENTION_DAYS"),
    ] = None,
    yes: Yes = False,
) -> None:
    """Delete submissions older than the days to keep; the service does it by itself while it runs."""
    days = days or load_settings().retention_days
    if not days:
        raise StartError("FEEDBACK_RETENTION_DAYS is 0: words are kept for ever; say --days.")
    asyncio.run(_purge(time.time_ns() // 1_000_000 - days * _DAY, yes=yes))


async def _purge(before: int, *, yes: bool) -> None:
    async with open_store() as store:
        if yes:
            deleted = await store.purge(before, AuditEntry.by_command(Action.FEEDBACK_PURGED))
            typer.echo(f"Deleted {submissions(deleted)}; their counts stay.")
        else:
            many = await store.count_before(before)
            typer.echo(f"{submissions(many)} would go; add --yes to delete.")


def erase(
    *,
    key: Annotated[list[str] | None, typer.Option("--id", help="A submission; may be repeated.")] = None,
    page: Annotated[str | None, typer.Option(help="Of one page, by its address.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Received from this day or time on, such as 2026-01-31.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Received before this day or time.")] = None,
    search: Annotated[str | None, typer.Option(help="That hold all of these words.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
) -> None:
    """Erase submissions by id, or by page, dates and words: from index, log of writes and files too.

    Several of --page, --since, --until and --search together choose what they all choose. Says what would go
    and, on a terminal, asks.
    """
    asked = {"since": since, "until": until, "q": search}
    if page:
        address = parse_page(page)
        if address is None:
            raise StartError("--page must be an address such as https://www.example.gov.uk/bins.")
        asked |= {"site": address.site, "path": address.path}
    chosen = {name: value for name, value in asked.items() if value}
    if bool(key) == bool(chosen):
        raise StartError("Say which submissions: --id, or some of --page, --since, --until and --search.")
    sought = Sought(tuple(map(_id, key or ())), read_filters(chosen) if chosen else None)
    asyncio.run(_erase(sought, dry_run=dry_run, yes=yes))


async def _erase(sought: Sought, *, dry_run: bool, yes: bool) -> None:
    async with open_store() as store:
        plan = await store.erasures.plan(sought, EVERYTHING)
        for item in plan.shown:
            typer.echo(_line(item))
        many = len(plan.keys)
        if many > len(plan.shown):
            typer.echo(f"... and {many - len(plan.shown)} more")
        if not dry_run and not yes and many and sys.stdin and sys.stdin.isatty():
            yes = typer.confirm(f"Erase {submissions(many)}? Nothing brings back what is erased.")
            dry_run = not yes
        if yes and not dry_run:
            erased = await store.erasures.erase(
                plan.keys, EVERYTHING, AuditEntry.by_command(Action.FEEDBACK_ERASED)
            )
            typer.echo(f"Erased {submissions(erased)}; their counts stay.")
        else:
            typer.echo(f"{submissions(many)} would go; add --yes to erase.")


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise StartError(
            "--id must be the id of a submission, such as 0190a0a0-0000-7000-8000-000000000000."
        ) from None


def _line(item: Feedback) -> str:
    return f"{item.id}  {item.received:%Y-%m-%d %H:%M}  {item.site}{item.path}"


@asynccontextmanager
async def open_store(page: str | None = None) -> AsyncIterator[Store]:
    """The store, for a command that writes; raises StartError where a service holds SQLite.

    `page` does the same as the command: the sentence names it.
    """
    where = f"its page {page}" if page else "its review pages"
    try:
        store = await Store.open(load_settings().database_url.get_secret_value())
    except DatabaseInUse:
        raise StartError(
            f"The service is running on this database: stop it first, or do it on {where}. "
            "With PostgreSQL this command runs beside the service."
        ) from None
    try:
        yield store
    finally:
        await store.close()
