"""Days to steps of a week, and what a change of a page did to its figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from feedback.model import Counts, DayCounts, PageChange, TrendFilters
from feedback.model.share import Change
from feedback.review.charts import Mark
from feedback.review.figures_query import STEP

# Days before and after a change that are compared, at most: a quarter has the votes of quiet pages too.
COMPARED_DAYS: Final = 91


@dataclass(frozen=True, slots=True)
class Step:
    """Some days in a row, and what came in on them."""

    first: date
    last: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of a page with the figures before and after it; the day itself is left out, being both."""

    number: int
    change: PageChange
    before: Counts
    before_days: int
    after: Counts
    after_days: int

    @property
    def difference(self) -> Change | None:
        """How the share of useful votes moved."""
        return Change.between(self.before.share, self.after.share)


def first_days(filters: TrendFilters) -> list[date]:
    """The first day of each step of a period whose last step ends with it."""
    size = -((filters.since - filters.until).days // STEP)
    return [
        max(filters.since, filters.until - timedelta(days=STEP * (size - place))) for place in range(size)
    ]


def steps_of(filters: TrendFilters, counts: Sequence[Counts]) -> list[Step]:
    """Steps with their days."""
    firsts = first_days(filters)
    lasts = [day - timedelta(days=1) for day in (*firsts[1:], filters.until)]
    return [Step(*each) for each in zip(firsts, lasts, counts, strict=True)]


def weekly(filters: TrendFilters, days: Iterable[DayCounts]) -> list[Step]:
    """The days of a period, step by step; others are left out."""
    counts = [Counts()] * len(first_days(filters))
    for day in days:
        if filters.since <= day.day < filters.until:
            ago = ((filters.until - day.day).days - 1) // STEP
            counts[-1 - ago] += day.counts
    return steps_of(filters, counts)


def marks(filters: TrendFilters, changes: Sequence[PageChange]) -> list[Mark]:
    """Where the changes of a period stand in its charts, each by its number in all of them."""
    whole = len(first_days(filters)) * STEP
    return [
        Mark(1 - ((filters.until - change.day).days - 0.5) / whole, number)
        for number, change in enumerate(changes, 1)
        if filters.since <= change.day < filters.until
    ]


def effects(changes: Sequence[PageChange], days: Sequence[DayCounts], end: date) -> list[Effect]:
    """Each change, newest first, with the days before and after it up to the next change and `end`."""
    found = []
    for place, change in enumerate(changes):
        one = timedelta(days=1)
        since = change.day - timedelta(days=COMPARED_DAYS)
        until = min(end, change.day + timedelta(days=COMPARED_DAYS + 1))
        if place:
            since = max(since, min(changes[place - 1].day + one, change.day))
        if place + 1 < len(changes):
            until = max(min(until, changes[place + 1].day), change.day + one)
        before = [day.counts for day in days if since <= day.day < change.day]
        after = [day.counts for day in days if change.day < day.day < until]
        found.append(
            Effect(
                place + 1,
                change,
                sum(before, Counts()),
                (change.day - since).days,
                sum(after, Counts()),
                max(0, (until - change.day).days - 1),
            )
        )
    return found[::-1]
