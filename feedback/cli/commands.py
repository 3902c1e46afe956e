"""All commands in one list, and what is wrong as one sentence with exit code 1."""

import sys
from typing import Annotated

import typer

from feedback import __version__
from feedback.cli.check import check
from feedback.cli.database import backup, migrate
from feedback.cli.deleting import erase, purge
from feedback.cli.export import export
from feedback.cli.people import tokens, users
from feedback.cli.rescrub import rescrub
from feedback.cli.serve import serve
from feedback.errors import StartError, Unavailable

commands = typer.Typer(
    name="feedback",
    help="Page feedback that takes personal numbers out before anything is stored.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
commands.command(epilog="Example: feedback serve --port 8080")(serve)
commands.command(epilog="Example: feedback check --page https://www.example.gov.uk/bins")(check)
commands.command(epilog="Example: feedback migrate")(migrate)
commands.command(epilog="Example: feedback backup /backup/feedback-monday.db")(backup)
commands.command(epilog="Example: feedback export --status done --since 2026-01-01 done.csv")(export)
commands.command(epilog="Example: feedback purge --days 90 --yes")(purge)
commands.command(epilog="Example: feedback erase --page https://www.example.gov.uk/bins --yes")(erase)
commands.command(epilog="Example: feedback rescrub")(rescrub)
commands.add_typer(users, name="user")
commands.add_typer(tokens, name="token")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(__version__)  # noqa: T201  # a command's answer
        raise typer.Exit


@commands.callback()
def common(
    *,
    version: Annotated[  # its callback has answered
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Page feedback that takes personal numbers out before anything is stored."""


def main() -> None:
    """Run a command; what is wrong is one sentence and exit code 1."""
    try:
        commands()
    except StartError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command's answer
        sys.exit(1)
    except Unavailable:
        print("The database does not answer just now; try again.", file=sys.stderr)  # noqa: T201
        sys.exit(1)
