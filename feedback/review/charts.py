"""Charts as SVG, drawn on the server: bars of votes, shares within their intervals, small bars for a row.

Places along the time are in per cent and heights in pixels, so that a chart fills any width without a script
and without distorting anything. Colours come from classes (static/figures.css): the pages' policy allows no
`style`. Each chart has a title and a description for those who do not see it; its table stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from feedback.model import Counts
from feedback.model.share import Share

HEIGHT: Final = 160  # pixels of a chart
_TOP: Final = 18  # pixels above it, for the numbers of changes
_ROW_HEIGHT: Final = 24
_ROW_WIDTH: Final = 104


# A page of a list has a hundred of these: one shape for all bars of a kind keeps it small.
_ROW: Final = Markup(
    '<svg class="row-chart" role="img" width="{}" height="{}"><title>{}</title>'
    '<line class="base" x1="0" x2="100%" y1="{foot}" y2="{foot}"/>'
    '<path class="no" d="{}"/><path class="yes" d="{}"/></svg>'
)
_INTERVAL: Final = Markup(
    '<svg class="interval" aria-hidden="true" height="14">'
    '<line class="track" x1="0" x2="100%" y1="7" y2="7"/>'
    '<rect class="range" x="{}" width="{}" y="4" height="6"/><circle class="dot" cx="{}" cy="7" r="4"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of the page: where it stands (0 to 1 along the time) and its number."""

    place: float
    number: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the numbers of its axis, from the top to 0."""

    svg: Markup
    axis: tuple[str, ...]


def votes(name: str, title: str, text: str, steps: Sequence[Counts], marks: Sequence[Mark] = ()) -> Chart:
    """Votes step by step: not useful at the bottom, useful on top of it."""
    return _bars(name, title, text, [(step.no, step.yes) for step in steps], marks)


def amounts(name: str, title: str, text: str, steps: Sequence[int]) -> Chart:
    """One amount step by step."""
    return _bars(name, title, text, [(0, step) for step in steps], ())


def shares(name: str, title: str, text: str, steps: Sequence[Counts], marks: Sequence[Mark] = ()) -> Chart:
    """The share of useful votes step by step: a dot, and a line from the lower to the upper bound."""
    width = 100 / max(1, len(steps))
    pieces = []
    for place, step in enumerate(steps):
        if share := step.share:
            middle = _percent((place + 0.5) * width)
            pieces.append(
                Markup('<line class="range" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
                    middle, _y(share.high), _y(share.low)
                )
                + Markup('<circle class="dot" cx="{}" cy="{}" r="4"/>').format(middle, _y(share.value))
            )
    return Chart(_frame(name, title, text, Markup("").join(pieces), marks), ("100%", "50%", "0%"))


def votes_row(title: str, steps: Sequence[Counts]) -> Markup:
    """Votes step by step as small bars for a row of a table."""
    return _row(title, [(step.no, step.yes) for step in steps])


def amounts_row(title: str, steps: Sequence[int]) -> Markup:
    """One amount step by step as small bars for a row of a table."""
    return _row(title, [(0, step) for step in steps])


def interval(share: Share) -> Markup:
    """A share on a line from 0 to 100 %, within its interval; the words beside it say the same."""
    return _INTERVAL.format(
        _percent(share.low * 100), _percent((share.high - share.low) * 100), _percent(share.value * 100)
    )


def _row(title: str, steps: Sequence[tuple[int, int]]) -> Markup:
    """Small bars: (below, above) step by step."""
    top = max((below + above for below, above in steps), default=0) or 1
    bar = max(2, min(6, _ROW_WIDTH // max(1, len(steps))))  # pixels, its gap included
    below_bars: list[str] = []
    above_bars: list[str] = []
    for place, (below, above) in enumerate(steps):
        foot = round(_ROW_HEIGHT * below / top)
        head = round(_ROW_HEIGHT * (below + above) / top)
        for bars, low, high in ((below_bars, 0, foot), (above_bars, foot, head)):
            if high > low:
                bars.append(
                    f"M{place * bar} {_ROW_HEIGHT - low}v{low - high}h{bar - (bar > 2)}v{high - low}z"
                )
    return _ROW.format(
        len(steps) * bar,
        _ROW_HEIGHT + 1,
        title,
        "".join(below_bars),
        "".join(above_bars),
        foot=_ROW_HEIGHT + 0.5,
    )


def _bars(name: str, title: str, text: str, steps: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> Chart:
    top = _nice(max((below + above for below, above in steps), default=0))
    width = 100 / max(1, len(steps))
    pieces = []
    for place, (below, above) in enumerate(steps):
        for kind, low, high in (("no", 0, below), ("yes", below, below + above)):
            if high > low:
                pieces.append(
                    Markup('<rect class="{}" x="{}" width="{}" y="{}" height="{}"/>').format(
                        kind,
                        _percent((place + 0.1) * width),
                        _percent(0.8 * width),
                        _y(high / top),
                        round((high - low) / top * HEIGHT, 1),
                    )
                )
    half = (f"{top // 2}",) if top % 2 == 0 else ()
    return Chart(_frame(name, title, text, Markup("").join(pieces), marks), (f"{top}", *half, "0"))


def _frame(name: str, title: str, text: str, inside: Markup, marks: Sequence[Mark]) -> Markup:
    lines = Markup("").join(
        Markup('<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(_y(level))
        for level in (1, 0.5, 0)
    )
    flags = Markup("").join(
        Markup(
            '<line class="change" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text x="{0}" y="13">{3}</text>'
        ).format(_percent(mark.place * 100), _TOP, _y(0), mark.number)
        for mark in marks
    )
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{0}-title {0}-text" width="100%" height="{1}">'
        '<title id="{0}-title">{2}</title><desc id="{0}-text">{3}</desc>{4}{5}{6}</svg>'
    ).format(name, HEIGHT + _TOP + 1, title, text, lines, inside, flags)


def _nice(most: int) -> int:
    """A round number that is at least so much: 1 to 6, 8 or 10 times a power of ten."""
    power = 1
    while power * 10 < most:
        power *= 10
    return next(power * each for each in (1, 2, 3, 4, 5, 6, 8, 10) if power * each >= most)


def _y(level: float) -> float:
    return round(_TOP + HEIGHT * (1 - level), 1)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
