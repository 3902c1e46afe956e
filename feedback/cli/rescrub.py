"""`feedback rescrub`: the rules of this release over what older ones have scrubbed."""

import asyncio
from typing import Annotated

import typer

from feedback.app import make_scrubber
from feedback.cli.counted import submissions
from feedback.cli.deleting import open_store
from feedback.cli.progress import shown
from feedback.errors import StartError
from feedback.model.audit import Action, AuditEntry
from feedback.settings import load_settings
from feedback.store import Rules, Run
from feedback.upkeep.rescrub import rules_of


def rescrub(
    *,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="What these rules have seen, too: after other kinds were turned on, for example."
        ),
    ] = False,
) -> None:
    """Run newer rules over what is stored: what older ones let through is taken out and overwritten.

    Submissions are stored meanwhile. When it is stopped, start it again: it goes on where it was.
    """
    asyncio.run(_rescrub(rules_of(make_scrubber(load_settings())), everything=everything))


async def _rescrub(rules: Rules, *, everything: bool) -> None:
    entry = AuditEntry.by_command(Action.RESCRUB_STARTED)
    async with open_store() as store:
        run = await store.rescrubs.begin(rules.version, entry, everything=everything)
        if run is None:
            raise StartError("Somebody else is at it, or was stopped less than a minute ago; try again then.")
        with shown(f"Rules {run.version}", run.total) as tell:
            tell(run.seen)
            async for step in store.rescrubs.steps(run, rules, entry):
                tell(step.seen)
                run = step
    _report(run)


def _report(run: Run) -> None:
    typer.echo(f"Looked at {submissions(run.seen)}; {run.changed:,} held what older rules had let through.")
    for kind, count in sorted(run.removed.items()):
        typer.echo(f"{count:>8}  {kind}")
    if run.failed:
        typer.echo(f"{run.failed} could not be scrubbed and stay as they were; run it again.", err=True)
        raise typer.Exit(1)
