"""Finding submissions by filters: every question goes along one index and looks at a bounded part of it."""

import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from re import compile as pattern
from typing import Final

from feedback.model import ANY_KIND, Cursor, Feedback, Filters, Page, Scope
from feedback.store.database import Readable, Row, Search
from feedback.store.notes import with_notes
from feedback.store.submissions import SELECT, feedback_of, first_number

# Submissions that one question looks at where no index holds all that it asks for; the next goes on there.
LOOKED_AT: Final = 10_000
# The same where they do not lie beside each other in the file.
SCATTERED: Final = 2_000
# Rows of an export that are held at a time.
_EXPORTED_AT_ONCE: Final = 500
_KEYS_AT_ONCE: Final = 5_000
_TAGGED: Final = "feedback_tag AS t JOIN feedback AS f ON f.number = t.number"
_SCATTERED: Final = ("q", "tag", "assignee", "page")
# For each arm the number of the last submission that is looked at; none: all are.
Floors = Sequence[int | None]
_WORD: Final = pattern(r"[^\W_]+")


class Values:
    """The values of a statement in the making; calling it with one gives its `$n`."""

    def __init__(self) -> None:
        self.all: list[object] = []

    def __call__(self, value: object) -> str:
        """The parameter that stands for a value."""
        self.all.append(value)
        return f"${len(self.all)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What filters choose: read from `source` along `number`; an arm for each index that is merged."""

    source: str
    index: str  # what of the source holds the numbers
    number: str
    lead: tuple[tuple[str, ...], ...]  # for each arm, what its index serves
    rest: tuple[str, ...]  # what is looked at submission by submission
    far: bool  # the rest may hold so rarely that what is looked at needs a bound
    scattered: bool
    oldest_first: bool = False

    @property
    def _direction(self) -> str:
        return "ASC" if self.oldest_first else "DESC"

    def reaches(self, number: int, end: int) -> bool:
        """Whether a number comes before an end, or is it."""
        return number <= end if self.oldest_first else number >= end

    def floors(self, looked_at: int) -> list[str]:
        """For each arm, an expression for the number up to which so many are looked at; NULL: to its end."""
        return [
            f"(SELECT {self.number} FROM {self.index}{_where(arm)} "
            f"ORDER BY {self.number} {self._direction} LIMIT 1 OFFSET {looked_at})"
            for arm in self.lead
        ]

    def arms(self, columns: str, floors: Floors, value: Values) -> list[str]:
        """A SELECT for each arm, without its order, that goes no further than its floor."""
        beyond = "<=" if self.oldest_first else ">="
        return [
            f"SELECT {columns} FROM {self.source}"
            + _where(
                [
                    *arm,
                    *([] if floor is None else [f"{self.number} {beyond} {value(floor)}"]),
                    *self.rest,
                ]
            )
            for arm, floor in zip(self.lead, floors or [None] * len(self.lead), strict=True)
        ]

    def first(self, columns: str, limit: int, floors: Floors, value: Values) -> str:
        """A SELECT of the first so many of all arms."""
        order = self.number if len(self.lead) == 1 else "number"
        arms = " UNION ALL ".join(self.arms(columns, floors, value))
        return f"{arms} ORDER BY {order} {self._direction} LIMIT {value(limit)}"


def choose(
    filters: Filters, scope: Scope, search: Search, value: Values, *, whole: bool = True
) -> Choice | None:
    """How what the filters choose is read; None where it can only be nothing. `whole`: with the rest."""
    scope = scope.narrowed(filters.equals.get("site"))
    if (filters.q is not None and not words_of(filters.q)) or scope.sites == frozenset():
        return None
    leads = _leads(filters, scope)
    source, index, number = {
        "q": (search.source, search.index, search.number),
        "tag": (_TAGGED, "feedback_tag AS t", "t.number"),
    }.get(leads, ("feedback AS f", "feedback AS f", "f.number"))
    lead = [*_lead(leads, filters, search, value), *_between(filters, number, value)]
    sites = sorted(scope.sites or ())
    arms = [tuple(lead)]
    if leads in ("page", "site"):
        arms = [(f"f.site = {value(site)}", *lead) for site in sites]
    rest = _rest(leads, filters, value) if whole else []
    if whole and sites and leads not in ("page", "site"):
        rest.append(f"f.site || '' IN ({', '.join(map(value, sites))})")
    far = bool(rest)
    if filters.hide_spam and leads != "inbox":
        rest.append("f.status || '' <> 'spam'")
    return Choice(
        source,
        index,
        number,
        tuple(arms),
        tuple(rest),
        far=far,
        scattered=leads in _SCATTERED,
        oldest_first=filters.before is not None,
    )


async def floors_of(
    database: Readable, wanted: Sequence[Filters], scope: Scope, looked_at: int | None = None
) -> list[list[int | None]]:
    """For each of the filters, for each of its arms: the number up to which so many are looked at.

    None stands for all. Only the indexes are read.
    """
    value = Values()
    choices = [choose(filters, scope, database.search, value, whole=False) for filters in wanted]
    floors = [
        floor
        for choice in choices
        if choice
        for floor in choice.floors(looked_at or (SCATTERED if choice.scattered else LOOKED_AT))
    ]
    if not floors:
        return [[] for _ in wanted]
    names = ", ".join(f"{floor} AS f{place}" for place, floor in enumerate(floors))
    row = (await database.fetch(f"SELECT {names}", *value.all))[0]
    found = iter([row[f"f{place}"] for place in range(len(floors))])
    return [[next(found) for _ in choice.lead] if choice else [] for choice in choices]


def _leads(filters: Filters, scope: Scope) -> str:
    """The filter whose index leads: the one that is likely to leave least."""
    asked = {
        "q": filters.q is not None,
        "tag": filters.tag is not None,
        "assignee": bool(filters.assignee),
        "urgent": filters.urgent,
        "kind": filters.kind is not None,
        "page": "path" in filters.equals and scope.sites is not None,
        "status": "status" in filters.equals,
        "site": scope.sites is not None,
        "inbox": filters.hide_spam,
    }
    return next((name for name, is_asked in asked.items() if is_asked), "order")


def _lead(leads: str, filters: Filters, search: Search, value: Values) -> list[str]:
    """The condition that its index serves, in the words of that index."""
    match leads:
        case "q":
            found = search.condition(value(search.value(words_of(filters.q or ""))))
            return [found, *_on_page(filters, search, value)]
        case "tag":
            return [f"t.tag = {value(filters.tag)}"]
        case "assignee":
            return [f"f.assignee = {value(filters.assignee)}"]
        case "urgent":
            return ["f.urgent = 1"]
        case "kind":
            return ["f.removed <> '[]'"]
        case "page":
            return [f"f.path = {value(filters.equals['path'])}"]
        case "status":
            return [f"f.status = {value(filters.equals['status'])}"]
        case "inbox":
            return ["f.status <> 'spam'"]
    return []


def _on_page(filters: Filters, search: Search, value: Values) -> list[str]:
    """That what is found is about one page, told by the page's index."""
    if not {"site", "path"} <= filters.equals.keys():
        return []
    site, path = value(filters.equals["site"]), value(filters.equals["path"])
    return [search.on_page.format(site=site, path=path)]


def _rest(leads: str, filters: Filters, value: Values) -> list[str]:
    """What the leading index does not hold, asked so that no other index seems to help."""
    led = {"page": "path"}.get(leads, leads)
    rest = [
        f"f.{column} || '' = {value(wanted)}"
        for column, wanted in filters.equals.items()
        if column not in ("site", led)
    ]
    if filters.path_prefix is not None:
        length = value(len(filters.path_prefix))
        rest.append(f"substr(f.path, 1, {length}) = {value(filters.path_prefix)}")
    if filters.tag is not None and leads != "tag":
        tag = f"t.tag = {value(filters.tag)} AND t.number = f.number"
        rest.append(f"EXISTS (SELECT 1 FROM feedback_tag AS t WHERE {tag})")
    if filters.assignee == "":
        rest.append("f.assignee IS NULL")
    elif filters.assignee is not None and leads != "assignee":
        rest.append(f"f.assignee || '' = {value(filters.assignee)}")
    if filters.urgent and leads != "urgent":
        rest.append("f.urgent + 0 = 1")
    if filters.kind == ANY_KIND and leads != "kind":
        rest.append("f.removed || '' <> '[]'")
    elif filters.kind not in (None, ANY_KIND):
        found = f'%"kind": "{filters.kind}"%'  # as json.dumps writes it
        rest.append(f"f.removed LIKE {value(found)}")
    return rest


def _between(filters: Filters, number: str, value: Values) -> list[str]:
    lead = []
    if filters.since is not None:
        lead.append(f"{number} >= {value(first_number(filters.since))}")
    if filters.until is not None:
        lead.append(f"{number} < {value(first_number(filters.until))}")
    if filters.after is not None:
        lead.append(f"{number} < {value(filters.after.number)}")
    if filters.before is not None:
        lead.append(f"{number} > {value(filters.before.number)}")
    return lead


async def find(database: Readable, filters: Filters, scope: Scope) -> Page:
    """One page of the submissions in scope, newest first."""
    rows, after = await _find(database, filters, scope, SELECT)
    return Page(await with_notes(database, [feedback_of(row) for row in rows]), after)


async def keys(database: Readable, filters: Filters, scope: Scope) -> AsyncIterator[Sequence[str]]:
    """The ids of all in scope that the filters choose, newest first, some thousand at a time."""
    rest: Filters | None = replace(filters, limit=_KEYS_AT_ONCE)
    while rest:
        rows, after = await _find(database, rest, scope, "f.id AS id, f.number AS number")
        yield [row["id"] for row in rows]
        rest = following(rest, after) if after else None


async def _find(
    database: Readable, filters: Filters, scope: Scope, columns: str
) -> tuple[Sequence[Row], Cursor | None]:
    """The rows of one page, and where the next begins."""
    value = Values()
    choice = choose(filters, scope, database.search, value)
    if choice is None:
        return (), None
    floors = (await floors_of(database, [filters], scope))[0] if choice.far else ()
    # One row more than asked for tells whether there is a next page.
    asked = choice.first(columns, filters.limit + 1, floors, value)
    rows = await database.fetch(asked, *value.all)
    end: int | None
    if len(rows) > filters.limit:
        end = rows[filters.limit - 1]["number"]
    else:
        # Below it not every arm has been looked at.
        ends = [floor for floor in floors if floor is not None]
        end = (min if choice.oldest_first else max)(ends, default=None)
        rows = [row for row in rows if end is None or choice.reaches(row["number"], end)]
    return rows[: filters.limit], None if end is None else Cursor(end)


async def export(database: Readable, filters: Filters, scope: Scope) -> AsyncIterator[Sequence[Feedback]]:
    """All in scope that the filters choose, newest first, some hundred at a time, whatever limit they name.

    Each part is a statement of its own along the order of arrival: nothing is held open however slowly the
    parts are taken, and what comes in meanwhile is left out.
    """
    rest: Filters | None = replace(filters, limit=_EXPORTED_AT_ONCE)
    while rest:
        page = await find(database, rest, scope)
        if page.items:
            yield page.items
        rest = following(rest, page.next) if page.next else None


def following(filters: Filters, cursor: Cursor) -> Filters:
    """The same filters, from a cursor on in their order."""
    return replace(filters, after=cursor) if filters.before is None else replace(filters, before=cursor)


def words_of(text: str) -> list[str]:
    """The words of a search as both indexes hold them: without accents, of letters and digits alone."""
    plain = unicodedata.normalize("NFD", text)
    return _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))


def _where(conditions: Sequence[str]) -> str:
    """` WHERE a AND b`, or nothing."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
