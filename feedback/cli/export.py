"""`feedback export`: what was kept, as CSV or JSON Lines, a part at a time."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer

from feedback.cli.filters import read_filters
from feedback.cli.progress import shown
from feedback.errors import StartError
from feedback.model import EVERYTHING, Filters, Status
from feedback.model.audit import Action, AuditEntry
from feedback.review.export import Parts, csv_bytes, jsonl_bytes
from feedback.settings import load_settings
from feedback.store import DatabaseInUse, Reading, Store

BROKEN_PIPE: Final = 141
"""What a shell reports of a command that nobody reads any more."""


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


def export(
    file: Annotated[
        Path | None,
        typer.Argument(help="A file that does not exist yet.", show_default="standard output"),
    ] = None,
    *,
    form: Annotated[Format, typer.Option("--format", help="For spreadsheets or for scripts.")] = Format.CSV,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV with the mark by which Excel knows UTF-8.")
    ] = False,
    site: Annotated[str | None, typer.Option(help="Of one site, such as https://www.example.gov.uk.")] = None,
    path: Annotated[
        str | None, typer.Option(help="Of one path; a * at its end: of all that begin so.")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(help="new, open, done, irrelevant or spam.", autocompletion=lambda: list(Status)),
    ] = None,
    useful: Annotated[
        str | None, typer.Option(help="yes or no.", autocompletion=lambda: ["yes", "no"])
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Of one language, such as cy.")] = None,
    search: Annotated[str | None, typer.Option(help="That hold all of these words.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Received from this day or time on, such as 2026-01-31.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Received before this day or time.")] = None,
) -> None:
    """Write submissions, newest first, as CSV or JSON Lines; without options all of them, spam too.

    It runs beside the service and takes little memory, however much there is.
    """
    asked = {
        "site": site,
        "path": path,
        "status": status,
        "useful": useful,
        "lang": lang,
        "q": search,
        "since": since,
        "until": until,
    }
    chosen = {name: value for name, value in asked.items() if value}
    filters, entry = read_filters(chosen), _entry(chosen, form)
    if file is None:
        asyncio.run(_export(filters, form, sys.stdout.buffer, entry, bom=bom))
        return
    try:
        # For this user alone: what visitors said is nobody else's.
        target = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise StartError(f"{file} is there already; an export overwrites nothing.") from None
    except OSError as error:
        raise StartError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        with target:
            asyncio.run(_export(filters, form, target, entry, bom=bom))
    except BaseException:
        # Half an export looks like a whole one.
        file.unlink()
        raise


def _entry(chosen: Collection[str], form: Format) -> AuditEntry:
    """Which filters an export used, never what was looked for by them."""
    return AuditEntry.by_command(
        Action.FEEDBACK_EXPORTED, format=form, filters=", ".join(sorted(chosen)) or "none"
    )


async def _export(filters: Filters, form: Format, target: BinaryIO, entry: AuditEntry, *, bom: bool) -> None:
    async with _opened() as store:
        if isinstance(store, Store):
            await store.audit(entry)
        else:
            typer.echo(
                "Beside the running service, SQLite's audit log cannot take this export down.", err=True
            )
        # How many the filters choose is known at the end only.
        total = await store.count_before(time.time_ns() // 1_000_000) if filters == Filters() else None
        with shown("Submissions", total, beside=target is sys.stdout.buffer) as tell:
            parts = _counted(store.export(filters, EVERYTHING), tell)
            written = csv_bytes(parts, bom=bom) if form is Format.CSV else jsonl_bytes(parts)
            try:
                async for chunk in written:
                    target.write(chunk)
                target.flush()
            except OSError as error:
                if target is sys.stdout.buffer:
                    # Else Python would complain once more when it closes standard output.
                    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                if isinstance(error, BrokenPipeError):
                    raise typer.Exit(BROKEN_PIPE) from None
                raise StartError(f"The export cannot be written: {error.strerror}.") from None


async def _counted(parts: Parts, tell: Callable[[int], None]) -> Parts:
    done = 0
    async for part in parts:
        yield part
        done += len(part)
        tell(done)


@asynccontextmanager
async def _opened() -> AsyncIterator[Store | Reading]:
    """The store, or beside a service that holds SQLite what can be read of it."""
    url = load_settings().database_url.get_secret_value()
    store: Store | Reading
    try:
        store = await Store.open(url)
    except DatabaseInUse:
        store = await Reading.beside(url)
    try:
        yield store
    finally:
        await store.close()
