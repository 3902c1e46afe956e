"""`feedback migrate` and `feedback backup`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from feedback.cli.counted import submissions
from feedback.cli.progress import watched
from feedback.errors import StartError
from feedback.settings import load_settings
from feedback.store import back_up_database, migrate_database, part_of, sqlite_file


def migrate() -> None:
    """Bring the database to this version of the service; starting the service does the same."""
    done = asyncio.run(migrate_database(load_settings().database_url.get_secret_value()))
    if done.before is None:
        typer.echo(f"Made the database at version {done.after}.")
    elif done.before == done.after:
        typer.echo(f"The database is at version {done.after} already.")
    else:
        typer.echo(f"Brought the database from version {done.before} to {done.after}.")


def backup(
    file: Annotated[Path, typer.Argument(help="A file that does not exist yet.", show_default=False)],
) -> None:
    """Copy the SQLite database to FILE while the service runs, and check the copy."""
    url = load_settings().database_url.get_secret_value()
    source, part = sqlite_file(url), part_of(file)
    if source is None:
        raise StartError("PostgreSQL is backed up by its own tools: pg_dump, or what your provider offers.")
    with watched("Bytes copied", _size(source), lambda: _size(part)):
        many = back_up_database(url, file)
    typer.echo(f"Backed up {submissions(many)} to {file}; the copy is whole.")


def _size(file: Path) -> int:
    """Bytes of a file; 0 for one that is not there."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
