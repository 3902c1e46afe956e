"""What stands beside one submission: its neighbours in a list, others of its page, and its likes."""

from dataclasses import replace
from typing import Final

from feedback.model import Cursor, Feedback, Filters, Scope
from feedback.model.desk import Around
from feedback.store.database import Readable
from feedback.store.finding import SCATTERED, Values, choose, floors_of, words_of
from feedback.store.submissions import SELECT, feedback_of

_SHOWN: Final = 5
# Who writes the same again leaves its long words in; so many must be there, and what is found is compared.
_SOUGHT: Final = 4  # words
_MIN_LENGTH: Final = 4  # letters
# Submissions that are read of each part; those that may be alike are compared.
_LIMITS: Final = {"newer": 1, "older": 1, "page": 2 * _SHOWN + 1, "alike": 30}
# What two texts share of all their words (Jaccard) from which on they are alike.
_ALIKE: Final = 0.5
_WITH_WORDS: Final = "coalesce(f.doing, f.comment) IS NOT NULL"


async def around(database: Readable, item: Feedback, filters: Filters, scope: Scope) -> Around:
    """What stands beside a submission that was opened from the list of the filters; one question for all."""
    here = Cursor(item.number)
    page = Filters({"site": item.site, "path": item.path}, hide_spam=True)
    sought = sorted(_words(item), key=lambda word: (-len(word), word))[:_SOUGHT]
    # Two words are hardly the same complaint.
    alike = Filters(q=" ".join(sought), hide_spam=True) if len(sought) > _SOUGHT // 2 else None
    wanted = {
        "newer": replace(filters, after=None, before=here),
        "older": replace(filters, after=here, before=None),
        "page": page,
        "alike": alike,
    }
    asked = {name: each for name, each in wanted.items() if each is not None}
    floors = await floors_of(database, list(asked.values()), scope, SCATTERED)
    value = Values()
    parts = []
    for (name, each), floor in zip(asked.items(), floors, strict=True):
        choice = choose(each, scope, database.search, value)
        if choice and name == "page":
            choice = replace(choice, rest=(*choice.rest, _WITH_WORDS))
        if choice:
            first = choice.first(SELECT, _LIMITS[name], floor, value)
            parts.append(f"SELECT '{name}' AS part, {name}.* FROM ({first}) AS {name}")
    rows = await database.fetch(" UNION ALL ".join(parts), *value.all) if parts else ()
    found = {
        name: [feedback_of(row) for row in rows if row["part"] == name and row["id"] != item.id]
        for name in _LIMITS
    }
    same = [other for other in found["alike"] if _likeness(item, other) >= _ALIKE]
    alike_ids = {other.id for other in same}
    return Around(
        newer=found["newer"][0].id if found["newer"] else None,
        older=found["older"][0].id if found["older"] else None,
        same_page=tuple(other for other in found["page"] if other.id not in alike_ids)[:_SHOWN],
        alike=tuple(sorted(same, key=lambda other: _likeness(item, other), reverse=True)[:_SHOWN]),
    )


def _words(item: Feedback) -> frozenset[str]:
    """The longer words of what somebody wrote, without the names of kinds that stand in for numbers."""
    kinds = {word for removed in item.removed for word in words_of(removed.kind.replace("_", " "))}
    words = words_of(f"{item.doing or ''} {item.comment or ''}")
    return frozenset(word.lower() for word in words if len(word) >= _MIN_LENGTH and word not in kinds)


def _likeness(one: Feedback, other: Feedback) -> float:
    first, second = _words(one), _words(other)
    return len(first & second) / (len(first | second) or 1)
