"""All commands in one list, and what is wrong as one sentence with exit code 1."""

import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from feedback import __version__
from feedback.cli.printable import printable
from feedback.errors import StartError, Unavailable


@dataclass(frozen=True)
class _Listed:
    """A command as the list shows it, and where it is."""

    module: str
    function: str
    says: str  # as its own help begins
    example: str = ""


COMMANDS = {
    "serve": _Listed(
        "serve",
        "serve",
        "Run the service; prints where to try it, where to review, and what to paste into a page.",
        "feedback serve --port 8080",
    ),
    "check": _Listed(
        "check",
        "check",
        "Say what is wrong and what to do about it; changes nothing, also beside a running service.",
        "feedback check --page https://www.example.gov.uk/bins",
    ),
    "migrate": _Listed(
        "database",
        "migrate",
        "Bring the database to this version of the service; starting the service does the same.",
        "feedback migrate",
    ),
    "backup": _Listed(
        "database",
        "backup",
        "Copy the SQLite database to FILE while the service runs, and check the copy.",
        "feedback backup /backup/feedback-monday.db",
    ),
    "export": _Listed(
        "export",
        "export",
        "Write submissions, newest first, as CSV or JSON Lines; without options all of them, spam too.",
        "feedback export --status done --since 2026-01-01 done.csv",
    ),
    "purge": _Listed(
        "deleting",
        "purge",
        "Delete submissions older than the days to keep; the service does it by itself while it runs.",
        "feedback purge --days 90 --yes",
    ),
    "erase": _Listed(
        "deleting",
        "erase",
        "Erase submissions by id, or by page, dates and words: from index, log of writes and files too.",
        "feedback erase --page https://www.example.gov.uk/bins --yes",
    ),
    "rescrub": _Listed(
        "rescrub",
        "rescrub",
        "Run newer rules over what is stored: what older ones let through is taken out and overwritten.",
        "feedback rescrub",
    ),
    "user": _Listed("people", "users", "People of the web team."),
    "token": _Listed("people", "tokens", "Tokens for scripts."),
}


class _Commands(TyperGroup):
    """All that the list holds."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # typer's, handed on
        super().__init__(**options)
        self.commands = {name: _Later(name, help=one.says) for name, one in COMMANDS.items()}


class _Later(TyperCommand):
    """A command that is imported when it is run: all of them would take a second before the first word."""

    def make_context(self, *asked: Any, **options: Any) -> Any:  # noqa: ANN401  # typer's, handed on
        """Go on as the command itself."""
        return loaded(self.name or "").make_context(*asked, **options)


def loaded(name: str) -> TyperCommand | TyperGroup:
    """A command of the list itself, as typer makes it of its function."""
    listed = COMMANDS[name]
    found = getattr(import_module(f"feedback.cli.{listed.module}"), listed.function)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    one = typer.Typer(add_completion=False)
    one.command(name, epilog=f"Example: {listed.example}")(found)
    command = typer.main.get_command(one)
    assert isinstance(command, TyperCommand)  # noqa: S101  # of one function typer makes no group
    return command


commands = typer.Typer(
    name="feedback",
    cls=_Commands,
    help="Page feedback that takes personal numbers out before anything is stored.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        # Asked for rarely, and each takes a while to import.
        from sqlite3 import sqlite_version

        from scrubbers import RULES_VERSION

        print(f"feedback {__version__} (rules {RULES_VERSION}, SQLite {sqlite_version})")  # noqa: T201
        raise typer.Exit


@commands.callback(epilog="Example: feedback serve")
def common(
    *,
    version: Annotated[  # its callback has answered
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the versions and exit."
        ),
    ] = False,
) -> None:
    """Page feedback that takes personal numbers out before anything is stored."""


def _thread_failed(fault: threading.ExceptHookArgs) -> None:
    """Say what a thread died of, but not that Ctrl-C has closed the loop that a connection answers to."""
    if str(fault.exc_value) != "Event loop is closed":
        threading.__excepthook__(fault)


def main() -> None:
    """Run a command; what is wrong is one sentence and exit code 1."""
    threading.excepthook = _thread_failed
    try:
        commands()
    except StartError as error:
        print("\n".join(map(printable, str(error).splitlines())), file=sys.stderr)  # noqa: T201  # a command's answer
        sys.exit(1)
    except Unavailable:
        print("The database does not answer just now; try again.", file=sys.stderr)  # noqa: T201
        sys.exit(1)
