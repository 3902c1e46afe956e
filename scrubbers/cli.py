"""The command `scrub`: text in, redacted text out, line by line."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from scrubbers.errors import UnknownKindError
from scrubbers.findings import Scrubbed
from scrubbers.scrubber import Scrubber

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def scrub(
    files: Annotated[list[Path] | None, typer.Argument(help="Files; none or -: standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
    kinds: Annotated[str | None, typer.Option(help="Kinds to redact: A,B")] = None,
) -> None:
    """Redact personal numbers.

    Example: echo "my card is 4111 1111 1111 1111" | scrub
    """
    try:
        scrubber = Scrubber(None if kinds is None else [kind for kind in kinds.split(",") if kind])
    except UnknownKindError as error:
        raise typer.BadParameter(str(error)) from None
    for line in _lines(files or [Path("-")]):
        text = line.rstrip("\r\n")
        sys.stdout.write((_json(scrubber.scrub(text)) if as_json else scrubber.scrub(text).text) + "\n")


def _lines(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        if file == Path("-"):
            yield from sys.stdin
        else:
            with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
                yield from lines


def _json(scrubbed: Scrubbed) -> str:
    findings = [finding._asdict() for finding in scrubbed.findings]
    return json.dumps({"text": scrubbed.text, "findings": findings}, ensure_ascii=False)


def main() -> None:
    """Run the command."""
    app()
