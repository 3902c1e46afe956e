"""Measures as tables: a row for each measure, or for each who where these are many, with ratios."""

from collections.abc import Iterable, Sequence
from typing import Final

from bench.measure import Measure

MOST_COLUMNS: Final = 2  # of whom; more of them become rows

Rows = list[list[str]]
"""The head first; in each row its name first."""


def tables(measures: Iterable[Measure]) -> dict[str, Rows]:
    """Every table by its name, in the order in which they were measured."""
    grouped: dict[str, list[Measure]] = {}
    for each in measures:
        grouped.setdefault(each.table, []).append(each)
    return {name: rows(group) for name, group in grouped.items()}


def rows(measures: Sequence[Measure]) -> Rows:
    """One table."""
    whos = list(dict.fromkeys(who for each in measures for who in each.values))
    if len(whos) > MOST_COLUMNS:
        return [
            ["", *(each.what for each in measures)],
            *([who, *(cell(each, who) for each in measures)] for who in whos),
        ]
    return [["", *whos], *([each.what, *(cell(each, who) for who in whos)] for each in measures)]


def cell(measure: Measure, who: str) -> str:
    """A median, in brackets what 95 of 100 did not exceed, and how many times the first it is."""
    if who not in measure.values:
        return "-"
    value, first = measure.values[who], next(iter(measure.values))
    text = figure(value)
    if who in measure.high:
        text += f" ({figure(measure.high[who])})"
    if who in measure.over:
        text += " !"
    if who != first and value and measure.values[first] and not measure.no_ratio:
        text += f" ×{figure(value / measure.values[first], 2)}"
    return text


def figure(value: float, digits: int = 3) -> str:
    """A number as people read it, with so many digits that count."""
    if value == int(value) or value >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}" if value < 1 else f"{value:.{digits - len(str(int(value)))}f}"


def plain(name: str, table: Rows) -> str:
    """For a terminal."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in table
    ]
    return "\n".join([name, *(line.rstrip() for line in lines)])


def markdown(table: Rows) -> str:
    """For a page of the docs."""
    head, *rest = ("| " + " | ".join(row) + " |" for row in table)
    return "\n".join([head, "|---" * len(table[0]) + "|", *rest])
