"""`feedback purge` and `feedback erase`: words go, counts stay."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

import typer

from feedback.errors import StartError
from feedback.intake.sites import parse_page
from feedback.model import EVERYTHING, Feedback, Filters
from feedback.settings import load_settings
from feedback.store import DatabaseInUse, Store

_DAY: Final = 86_400_000  # milliseconds
_SHOWN: Final = 20
_PAGE: Final = 200

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
            typer.echo(f"Deleted {await store.purge(before)} submissions; their counts stay.")
        else:
            typer.echo(f"{await store.count_before(before)} submissions would go; add --yes to delete them.")


def erase(
    *,
    key: Annotated[list[UUID] | None, typer.Option("--id", help="A submission; may be repeated.")] = None,
    page: Annotated[str | None, typer.Option(help="All of one page, by its address.")] = None,
    search: Annotated[str | None, typer.Option(help="All that hold all of these words.")] = None,
    yes: Yes = False,
) -> None:
    """Delete submissions by id, page or words, from the search index and the log of writes too."""
    if sum(bool(given) for given in (key, page, search)) != 1:
        raise StartError("Say which submissions: --id, --page or --search, one of them.")
    filters: Filters | None = None
    if page:
        address = parse_page(page)
        if address is None:
            raise StartError("--page must be an address such as https://www.example.gov.uk/bins.")
        filters = Filters({"site": address.site, "path": address.path}, limit=_PAGE)
    elif search:
        filters = Filters(q=search, limit=_PAGE)
    asyncio.run(_erase([str(each) for each in key or ()], filters, yes=yes))


async def _erase(keys: list[str], filters: Filters | None, *, yes: bool) -> None:
    async with open_store() as store:
        found = [item for item in [await store.find_one(each, EVERYTHING) for each in keys] if item]
        while filters:
            part = await store.find(filters, EVERYTHING)
            found += part.items
            filters = replace(filters, after=part.next) if part.next else None
        for item in found[:_SHOWN]:
            typer.echo(_line(item))
        if len(found) > _SHOWN:
            typer.echo(f"... and {len(found) - _SHOWN} more")
        if yes:
            deleted = await store.erase([item.id for item in found], EVERYTHING)
            typer.echo(f"Erased {deleted} submissions; their counts stay.")
        else:
            typer.echo(f"{len(found)} submissions would go; add --yes to erase them.")


def _line(item: Feedback) -> str:
    return f"{item.id}  {item.received:%Y-%m-%d %H:%M}  {item.site}{item.path}"


@asynccontextmanager
async def open_store() -> AsyncIterator[Store]:
    """The store, for a command that writes; raises StartError where a service holds SQLite."""
    try:
        store = await Store.open(load_settings().database_url.get_secret_value())
    except DatabaseInUse:
        raise StartError(
            "The service is running on this database: stop it first, or do it on its review pages. "
            "With PostgreSQL this command runs beside the service."
        ) from None
    try:
        yield store
    finally:
        await store.close()
