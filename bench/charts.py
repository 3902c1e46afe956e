"""Figures over time as SVG: a few lines, in colours for light and dark, each with a dash of its own.

The SVG is a template of Jinja, which the service has anyway: what is drawn is a grid, lines and words, and a
plotting library would add megabytes, its own idea of dark pages, and files that change with its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader

from bench.results import Run
from bench.table import Rows, figure

WIDTH: Final = 800  # pixels, as all below
HEIGHT: Final = 260
LEFT: Final = 64
RIGHT: Final = 480
TOP: Final = 44
BOTTOM: Final = 214
MOST_DAYS: Final = 5  # that are written below
STYLES: Final = ("a", "b", "c", "d")
_TEMPLATES: Final = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


@dataclass(frozen=True)
class Line:
    """One measure of one of those that were measured, by the names that results have."""

    table: str
    what: str
    who: str
    name: str  # beside the line

    def values(self, runs: Sequence[Run]) -> list[float | None]:
        """Run by run; None where it was not measured."""
        found = [run.find(self.table, self.what) for run in runs]
        return [each.values.get(self.who) if each else None for each in found]


@dataclass(frozen=True)
class Chart:
    """At most as many lines as there are styles, all in one unit."""

    title: str
    lines: tuple[Line, ...]

    def text(self, runs: Sequence[Run]) -> str:
        """What the newest run says, for those who do not see the drawing."""
        last = [
            f"{line.name} {figure(value)}"
            for line in self.lines
            if (value := line.values(runs)[-1]) is not None
        ]
        return f"{self.title}. {runs[-1].date[:10]}, version {runs[-1].version}: {', '.join(last)}"

    def table(self, runs: Sequence[Run]) -> Rows:
        """The same figures in words, a row for each run."""
        columns = [
            ["-" if value is None else figure(value) for value in line.values(runs)] for line in self.lines
        ]
        rows = [
            [f"{run.date[:10]}, {run.version}", *row]
            for run, row in zip(runs, zip(*columns, strict=True), strict=True)
        ]
        return [["", *(line.name for line in self.lines)], *rows]

    def svg(self, runs: Sequence[Run]) -> str:
        """The drawing; runs stand side by side, however long it was between them."""
        values = [line.values(runs) for line in self.lines]
        top = nice(max((value for each in values for value in each if value is not None), default=1))
        across = [LEFT + (RIGHT - LEFT) * (place + 0.5) / len(runs) for place in range(len(runs))]

        def down(value: float) -> float:
            return BOTTOM - (BOTTOM - TOP) * value / top

        lines = [
            {
                "style": style,
                "points": [
                    f"{x:.1f},{down(v):.1f}" for x, v in zip(across, each, strict=True) if v is not None
                ],
                "y": TOP + 8 + 24 * place,
                "text": line.name if each[-1] is None else f"{line.name}: {figure(each[-1])}",
            }
            for place, (style, line, each) in enumerate(zip(STYLES, self.lines, values, strict=False))
        ]
        shown = range(0, len(runs), -(-len(runs) // MOST_DAYS))
        return _TEMPLATES.get_template("chart.svg").render(
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=RIGHT,
            bottom=BOTTOM,
            title=self.title,
            text=self.text(runs),
            grid=[{"y": round(down(top * part / 4), 1), "text": figure(top * part / 4)} for part in range(5)],
            days=[{"x": round(across[place], 1), "text": runs[place].date[:10]} for place in shown],
            lines=lines,
        )


def nice(most: float) -> float:
    """The end of an axis that reaches so far: 1, 2, 4 or 8 times a power of ten."""
    power: float = 10.0 ** (len(f"{most:.0f}") - 1) if most >= 1 else 0.01
    return next(end for end in (step * power for step in (1, 2, 4, 8, 10, 20, 40, 80, 100)) if end >= most)
