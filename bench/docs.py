"""Writes what is kept in bench/results into the docs, as tables and charts: python -m bench.docs.

A page asks for it by comments: `<!-- bench: Submissions -->` for the table of that name of the newest run,
`<!-- bench chart: submissions -->` for a figure over time, `<!-- bench machine -->` for what it was measured
on; each ends at `<!-- end -->`. Over time only runs on the machine of the newest are compared. As long as no
run is kept, the pages stay as they are.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench import results, table
from bench.charts import Chart, Line
from bench.machine import ROOT
from bench.measure import FULL
from bench.results import Run

DOCS: Final = ROOT / "docs"
IMAGES: Final = "images/bench"
ASKED: Final = re.compile(
    r"(<!-- bench(?P<what> chart| machine|)(?:: (?P<name>[^\n]+?))? -->\n)(.*?)(<!-- end -->)", re.DOTALL
)
CHARTS: Final = {
    "submissions": Chart(
        "Submissions stored a second, one core",
        (
            Line("Submissions", "stored a second", "Page Feedback on SQLite", "Page Feedback"),
            Line(
                "Submissions", "stored a second", "a handler that does nothing", "a handler that does nothing"
            ),
            Line("Submissions", "stored a second", "the obvious assembly", "the obvious assembly"),
            Line("Submissions", "stored a second", "isso", "isso"),
        ),
    ),
    "scrubbing": Chart(
        "Scrubbing 120 characters, microseconds",
        tuple(
            Line("Scrubbing, µs for a clean text", "120 characters, 5 % with numbers", who, who)
            for who in ("ours, NINO and card", "ours, default kinds", "a bare re scan", "stock Presidio")
        ),
    ),
    "review": Chart(
        "Pages over HTTP at 1,000,000 rows, median milliseconds",
        tuple(
            Line(f"Pages over HTTP, ms: {engine}", what, "1,000,000 rows", f"{what}, {engine}")
            for what in ("inbox", "a word and filters")
            for engine in ("SQLite", "PostgreSQL")
        ),
    ),
    "widget": Chart(
        "Main thread of a page, milliseconds",
        tuple(
            Line("A page with the widget", "main thread ms", who, who)
            for who in ("the page with the widget", "a page with a link")
        ),
    ),
    "memory": Chart(
        "Memory after the load, MB",
        (
            Line("Start and memory", "MB after the load", "Page Feedback on SQLite", "Page Feedback"),
            Line(
                "Start and memory",
                "MB after the load",
                "a handler that does nothing",
                "a handler that does nothing",
            ),
            Line("Start and memory", "MB after the load", "the obvious assembly", "the obvious assembly"),
            Line("Start and memory", "MB after the load", "isso", "isso"),
        ),
    ),
}


def written(runs: Sequence[Run], docs: Path = DOCS) -> dict[Path, str]:
    """Every file that the results make or change, as it should be."""
    full = [run for run in runs if run.size == FULL.name]
    if not full:
        return {}
    runs = [run for run in full if run.hardware == full[-1].hardware]
    files = {}
    for page in sorted(docs.glob("*.md")):
        before = page.read_text(encoding="utf-8")
        if ASKED.search(before):
            files[page] = ASKED.sub(lambda match: f"{match[1]}\n{_answer(match, runs)}\n\n{match[5]}", before)
    for name, chart in CHARTS.items():
        files[docs / IMAGES / f"{name}.svg"] = chart.svg(runs)
    return files


def machine(run: Run) -> str:
    """What the newest figures were measured on, in a sentence or two."""
    of = run.machine
    busy = " Read these figures beside each other only." if run.busy else ""
    return (
        f"Measured on {run.date[:10]} with version {run.version} ({run.commit}): {of['processor']}, "
        f"{of['cores']} cores, {of['memory']}, {of['kernel']}, CPython {of['python']}, "
        f"SQLite {of['sqlite']}, PostgreSQL {of['postgresql']}; {run.others} cores were busy with other "
        f"programs.{busy}"
    )


def main() -> None:
    """Write what differs, and say it."""
    runs = results.read()
    if not runs:
        print("Nothing is kept in bench/results yet: run make bench")
    for path, text in written(runs).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"Wrote {path.relative_to(ROOT)}")


def _answer(match: re.Match[str], runs: Sequence[Run]) -> str:
    what, name = match["what"].strip(), match["name"]
    if what == "machine":
        return machine(runs[-1])
    if what == "chart":
        chart = CHARTS[name]
        return f"![{chart.text(runs)}]({IMAGES}/{name}.svg)\n\n{table.markdown(chart.table(runs))}"
    if found := table.tables(runs[-1].measures).get(name):
        return table.markdown(found)
    return "Not measured in the newest run. " + "; ".join(
        f"{each.what}: {each.why}" for each in runs[-1].not_run
    )


if __name__ == "__main__":
    main()
