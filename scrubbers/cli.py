"""The command `scrub`: text in, redacted text out, line by line."""

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from scrubbers.catalogue import KINDS, RULES_VERSION
from scrubbers.csvfiles import redacted_csv
from scrubbers.errors import InputError, ScrubError, UnknownKindError
from scrubbers.jsonlines import as_json, redacted_jsonl
from scrubbers.scrubber import Scrubber
from scrubbers.textfiles import Source, opened, shown_progress

TIME_LIMIT = 60.0
"""Seconds for one line, which may be far longer than what a visitor types."""
BROKEN_PIPE = 141
"""What a shell reports of a command that nobody reads any more."""

app = typer.Typer(pretty_exceptions_enable=False)
evaluation = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            of = version("page-feedback")
        except PackageNotFoundError:  # the folder alone, without its package
            of = "of no release"
        typer.echo(f"scrub {of} (rules {RULES_VERSION})")
        raise typer.Exit


def _kinds(typed: str) -> list[str]:
    """What the list of kinds that is being typed may become."""
    before, comma, _ = typed.rpartition(",")
    return [before + comma + kind.name for kind in KINDS if kind.name not in before.split(",")]


@app.command(epilog="See also: scrub evaluate --help")
def scrub(
    files: Annotated[list[Path] | None, typer.Argument(help="Files; none or -: standard input.")] = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object a line: text and findings.")] = False,
    csv: Annotated[
        str | None, typer.Option(metavar="COLUMN,...", help="Redact these columns of CSV with a header.")
    ] = None,
    jsonl: Annotated[
        str | None,
        typer.Option(metavar="FIELD,...", help="Redact these fields of JSON Lines; a.b for b in a."),
    ] = None,
    kinds: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help="Kinds to redact besides those that are always on.", autocompletion=_kinds
        ),
    ] = None,
    allow: Annotated[
        list[str] | None, typer.Option(metavar="VALUE", help="A value that stays; give it once for each.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The spaCy model that finds PERSON and LOCATION.")] = None,
    version: Annotated[  # noqa: ARG001  # its callback has answered
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the versions and exit."
        ),
    ] = False,
) -> None:
    """Redact personal numbers in text, line by line.

    Line ends and bytes that are no UTF-8 stay. A line over 1 MiB, or one that cannot be scrubbed, ends the
    command with exit code 1 and none of it is written; wrong use is exit code 2.

    Example: scrub --csv comment,title --allow "01632 960001" feedback.csv > clean.csv
    """
    if sum((json, csv is not None, jsonl is not None)) > 1:
        raise typer.BadParameter("--json, --csv and --jsonl exclude one another")
    for name, wanted in (("--csv", csv), ("--jsonl", jsonl)):
        if wanted is not None and not _listed(wanted):
            raise typer.BadParameter("must name at least one", param_hint=name)
    try:
        scrubber = Scrubber(
            None if kinds is None else _listed(kinds), allow or (), time_limit=TIME_LIMIT, model=model
        )
    except UnknownKindError as error:
        raise typer.BadParameter(str(error), param_hint="--kinds") from None
    way: Callable[[Source], Iterator[str]]
    if csv is not None:
        way = partial(redacted_csv, columns=_listed(csv), redact=lambda text: scrubber.scrub(text).text)
    elif jsonl is not None:
        way = partial(redacted_jsonl, fields=_listed(jsonl), redact=lambda text: scrubber.scrub(text).text)
    else:
        way = partial(_redacted_lines, scrubber=scrubber, json=json)
    _run(files or [Path("-")], way)


@evaluation.command()
def evaluate(
    corpus: Annotated[
        Path | None, typer.Argument(help="Labelled texts as JSON Lines; none: our own.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Show recall, precision and leaks for each kind and way of writing.

    Example: scrub evaluate --json > figures.json
    """
    from scrubbers.corpus.report import evaluate as figures

    try:
        shown = figures(corpus, as_json=json)
    except (OSError, ValueError, KeyError, TypeError):
        typer.echo("scrub: the corpus must be a readable file of labelled texts in JSON Lines", err=True)
        raise typer.Exit(1) from None
    typer.echo(shown)


def _run(files: list[Path], way: Callable[[Source], Iterator[str]]) -> None:
    """Write what comes of each file; a fault ends the command with exit code 1 and one sentence."""
    live = files == [Path("-")]
    if sys.stdout is None:
        raise typer.Exit(1)
    out = sys.stdout.buffer
    try:
        with opened(files) as sources:
            pieces = chain.from_iterable([_named(source, way(source)) for source in sources])
            for piece in shown_progress(sources, pieces):
                out.write(piece.encode("utf-8", "surrogateescape"))
                if live:
                    out.flush()
        out.flush()
    except BrokenPipeError:
        # Else Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from None
    except (InputError, OSError) as error:
        out.flush()
        said = str(error.strerror if isinstance(error, OSError) else error)
        # The name of a file may hold what a terminal would obey.
        typer.echo(f"scrub: {''.join(each if each.isprintable() else '?' for each in said)}", err=True)
        raise typer.Exit(1) from None


def _named(source: Source, pieces: Iterator[str]) -> Iterator[str]:
    """The pieces; a line that cannot be scrubbed is named by its place."""
    try:
        yield from pieces
    except ScrubError as error:
        raise InputError(f"{source.name}, line {source.lines_read}: {error}") from None


def _redacted_lines(source: Source, scrubber: Scrubber, json: bool) -> Iterator[str]:
    for line in source.lines():
        text = line.rstrip("\r\n")
        scrubbed = scrubber.scrub(text)
        if json:
            findings = [finding._asdict() for finding in scrubbed.findings]
            yield as_json({"text": scrubbed.text, "findings": findings}) + "\n"
        else:
            yield scrubbed.text + line[len(text) :]


def _listed(names: str) -> list[str]:
    return [name for name in names.split(",") if name]


def main() -> None:
    """Run the command; a file of the name is ./evaluate."""
    if sys.argv[1:2] == ["evaluate"]:
        evaluation(sys.argv[2:], prog_name="scrub evaluate")
    else:
        app()
