"""Measures us beside others, prints one table and keeps it: python -m bench [quick] [--only PART ...]."""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import machine, results, table
from bench.measure import FULL, SIZES, Measure, NotRun
from bench.parts import PARTS, run_part
from bench.results import Run
from feedback import __version__


def main() -> int:
    """Exit code 1 where something was not run; everything else is measured all the same."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("size", nargs="?", choices=SIZES, default=FULL.name)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument(
        "--keep", type=Path, help="folder for the result (default: bench/results, full runs only)"
    )
    arguments = parser.parse_args()
    size = SIZES[arguments.size]
    began, date = time.monotonic(), f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}"
    others = machine.others()
    measures: list[Measure] = []
    not_run: list[NotRun] = []
    for name in arguments.only:
        said(f"{datetime.now(UTC):%H:%M:%S} {name}")
        for each in run_part(name, size):
            if isinstance(each, Measure):
                measures.append(each)
            else:
                not_run.append(each)
    run = Run(
        date=date,
        version=__version__,
        commit=machine.commit(),
        size=size.name,
        minutes=round((time.monotonic() - began) / 60, 1),
        machine=machine.machine(),
        others=max(others, machine.others()),
        packages=machine.packages(),
        measures=measures,
        not_run=not_run,
    )
    print(report(run), flush=True)
    folder = arguments.keep or (
        results.FOLDER if size == FULL and len(arguments.only) == len(PARTS) else None
    )
    if folder:
        said(f"Kept in {results.keep(run, folder)}; make bench-docs writes the docs' charts and tables")
    else:
        said("Not kept: only a full run of every part is, or what --keep names a folder for")
    return 1 if not_run else 0


def report(run: Run) -> str:
    """The whole of it as one table, with what it was measured on."""
    hardware = ", ".join(f"{name} {value}" for name, value in run.machine.items())
    lines = [
        f"Page Feedback {run.version} ({run.commit}), {run.date}, {run.size}, {run.minutes} minutes",
        f"Machine: {hardware}; other programs kept {run.others} cores busy",
        "Medians (what 95 of 100 did not exceed); × is how many times the first; ! is over its limit.",
    ]
    if run.busy:
        lines.append("The machine was busy with other work: read the figures beside each other only.")
    for name, rows in table.tables(run.measures).items():
        lines += ["", table.plain(name, rows)]
    lines += [f"\nNot run: {each.what}: {each.why}" for each in run.not_run]
    return "\n".join(lines)


def said(line: str) -> None:
    """Progress goes where it does not mix with the table."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
