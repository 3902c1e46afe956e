"""Counting what each choice of the inbox's filters would give, from a bounded part of the newest."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from feedback.model import ANY_KIND, Filters, Scope, Status
from feedback.model.desk import Facets
from feedback.store.database import Readable, Row
from feedback.store.finding import Values, choose, floors_of

# Of each status, or of what else leads, so many submissions are counted.
_COUNTED: Final = 500
# Of the urgent ones: those that nobody has dealt with.
WAITING: Final = "waiting"
_NAMES: Final = ("status", "useful", "lang", "tag", "assignee", "kind", "urgent")
_COUNTED_BY: Final = ("status", "useful", "lang", "tags", "assignee", "removed", "urgent")
_COLUMNS: Final = ", ".join(_COUNTED_BY)
_QUALIFIED: Final = ", ".join(f"f.{name} AS {name}" for name in _COUNTED_BY)


@dataclass(frozen=True, slots=True)
class _Group:
    """Submissions that are alike in all that is counted."""

    choices: dict[str, frozenset[str]]  # filter -> what it may be to choose these
    number: int
    cut: bool  # there are more than were counted

    @classmethod
    def of(cls, row: Row) -> "_Group":
        kinds = {one["kind"] for one in json.loads(row["removed"])}
        return cls(
            {
                "status": frozenset((row["status"],)),
                "useful": frozenset((row["useful"] or "",)),
                "lang": frozenset((row["lang"] or "",)),
                "tag": frozenset(json.loads(row["tags"])),
                "assignee": frozenset((row["assignee"] or "",)),
                "kind": frozenset((*kinds, ANY_KIND) if kinds else ()),
                "urgent": frozenset(_urgent(row)),
            },
            row["n"],
            bool(row["cut"]),
        )


def _urgent(row: Row) -> Iterator[str]:
    if row["urgent"]:
        yield "yes"
        if row["status"] in (Status.NEW, Status.OPEN):
            yield WAITING


async def facets(database: Readable, filters: Filters, scope: Scope) -> Facets:
    """What each choice would give where the other filters stay as they are."""
    tests = dict(_tests(filters))
    base = Filters(
        {name: value for name, value in filters.equals.items() if name in ("site", "path")},
        path_prefix=filters.path_prefix,
        since=filters.since,
        until=filters.until,
        q=filters.q,
    )
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    cut: defaultdict[str, set[str]] = defaultdict(set)  # statuses of which there are more than were counted
    for group in await _groups(database, base, scope):
        failed = [name for name, test in tests.items() if not test(group.choices[name])]
        for name in _NAMES:
            # What another filter leaves out is counted by none but that one.
            if not failed or failed == [name]:
                for choice in group.choices[name]:
                    counts[name][choice] += group.number
                if group.cut:
                    cut[name] |= group.choices["status"]
    least: dict[str, frozenset[str] | None] = {name: None if cut[name] else frozenset() for name in _NAMES}
    if _by_status(base, scope):
        # What was not counted is of these statuses, and may be of any other choice.
        least["status"] = frozenset(cut["status"])
    return Facets(counts, least)


async def _groups(database: Readable, base: Filters, scope: Scope) -> list[_Group]:
    # Where nothing else leads, each status is counted by itself, so that few open ones are not lost behind
    # many new ones.
    parts = [base]
    if _by_status(base, scope):
        parts = [replace(base, equals={**base.equals, "status": each}) for each in Status]
    floors = await floors_of(database, parts, scope, _COUNTED - 1)
    value = Values()
    arms = []
    for part, floor in zip(parts, floors, strict=True):
        choice = choose(part, scope, database.search, value)
        if choice is None:
            return []
        arms += [
            f"SELECT {_COLUMNS}, {int(each is not None)} AS cut, count(*) AS n FROM ({arm}) AS f "
            f"GROUP BY {_COLUMNS}"
            for arm, each in zip(choice.arms(_QUALIFIED, floor, value), floor, strict=True)
        ]
    rows = await database.fetch(" UNION ALL ".join(arms), *value.all)
    return [_Group.of(row) for row in rows]


def _by_status(base: Filters, scope: Scope) -> bool:
    """Whether nothing else leads, so that each status is counted by itself."""
    return (
        base.q is None and "path" not in base.equals and scope.narrowed(base.equals.get("site")).sites is None
    )


def _tests(filters: Filters) -> Iterator[tuple[str, Callable[[frozenset[str]], bool]]]:
    """For each filter that is counted and set: whether a group passes it."""
    for name in ("status", "useful", "lang"):
        if name in filters.equals:
            yield name, _holds(filters.equals[name])
    if filters.hide_spam and "status" not in filters.equals:
        yield "status", lambda choices: Status.SPAM not in choices
    for name, wanted in (("tag", filters.tag), ("assignee", filters.assignee), ("kind", filters.kind)):
        if wanted is not None:
            yield name, _holds(wanted)
    if filters.urgent:
        yield "urgent", _holds("yes")


def _holds(wanted: str) -> Callable[[frozenset[str]], bool]:
    return lambda choices: wanted in choices
