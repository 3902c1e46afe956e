"""Counts by page and day, kept in the transaction of each submission; figures.py reads them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from feedback.model import Feedback, Removed, ScrubbedFeedback, Useful
from feedback.store.database import Transaction

DAY: Final = 86_400_000  # milliseconds
COUNTED: Final = ("submissions", "yes_votes", "no_votes", "comments")
# Rows that one statement writes; more are written by the next.
_AT_ONCE: Final = 64
# First parts of a path that say the language and not the subject.
_LANGUAGES: Final = frozenset(("cy", "en"))

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one submission adds to the counts (`times` 1) or takes from them (`times` -1)."""

    site: str
    path: str
    received_at: int  # epoch milliseconds
    useful: Useful | None
    words: bool
    removed: Sequence[Removed]
    times: int = 1

    @classmethod
    def of(cls, feedback: ScrubbedFeedback) -> "Counted":
        """A submission that is new."""
        words = bool(feedback.doing or feedback.comment)
        site, path = feedback.site.text, feedback.path.text
        return cls(site, path, feedback.received_at, feedback.useful, words, feedback.removed)

    @classmethod
    def moved(cls, feedback: Feedback, times: int) -> "Counted":
        """A stored submission that becomes spam (-1), or is none after all (1)."""
        words = bool(feedback.doing or feedback.comment)
        return cls(
            feedback.site,
            feedback.path,
            feedback.received_at,
            feedback.useful,
            words,
            feedback.removed,
            times,
        )


@dataclass
class _Sums:
    """What a transaction adds, one row for each key."""

    pages: dict[Key, list[int]] = field(default_factory=dict)
    page_days: dict[Key, list[int]] = field(default_factory=dict)
    section_days: dict[Key, list[int]] = field(default_factory=dict)
    site_days: dict[Key, list[int]] = field(default_factory=dict)
    removed: Counter[Key] = field(default_factory=Counter)

    def add(self, one: Counted) -> None:
        day = one.received_at // DAY
        page, section = _page_and_section(one.site, one.path)
        yes, no = one.useful is Useful.YES, one.useful is Useful.NO
        for rows, key in (
            (self.pages, (page, one.site, one.path)),
            (self.page_days, (page, day)),
            (self.section_days, (one.site, section, day)),
            (self.site_days, (one.site, day)),
        ):
            row = rows.get(key)
            if row is None:
                row = rows[key] = [0, 0, 0, 0]
            row[0] += one.times
            row[1] += one.times * yes
            row[2] += one.times * no
            row[3] += one.times * one.words
        for each in one.removed:
            self.removed[one.site, day, page, each.kind] += one.times * each.count


async def count(transaction: Transaction, submissions: Iterable[Counted]) -> None:
    """Add submissions to the counts."""
    sums = _Sums()
    for one in submissions:
        sums.add(one)
    removed = {key: [value] for key, value in sums.removed.items()}
    for table, keys, names, columns, rows in (
        ("page", "id", ", site, path", COUNTED, sums.pages),
        ("page_day", "page, day", "", COUNTED, sums.page_days),
        ("removed_day", "site, day, page, kind", "", ("count",), removed),
        ("section_day", "site, section, day", "", COUNTED, sums.section_days),
        # Last: rows that all processes write are held only for the rest of the transaction.
        ("site_day", "site, day", "", COUNTED, sums.site_days),
    ):
        # In the order of the keys, so that two processes never wait for each other's rows.
        ordered = sorted(rows.items())
        for start in range(0, len(ordered), _AT_ONCE):
            part = ordered[start : start + _AT_ONCE]
            await transaction.execute(
                upsert(table, keys, names, columns, len(part)),
                *(value for key, values in part for value in (*key, *values)),
            )


@lru_cache(maxsize=512)
def upsert(table: str, keys: str, names: str, columns: tuple[str, ...], rows: int) -> str:
    """A statement that adds so many rows to a table of counts; `names` are columns that the keys imply."""
    width = (keys + names).count(",") + 1 + len(columns)
    added = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns)
    return (
        f"INSERT INTO {table} ({keys}{names}, {', '.join(columns)}) VALUES {placeholders(rows, width)} "
        f"ON CONFLICT ({keys}) DO UPDATE SET {added}"
    )


@lru_cache(maxsize=512)
def placeholders(rows: int, width: int, first: int = 1) -> str:
    """`($1, $2), ($3, $4)`: so many rows of so many values."""
    return ", ".join(
        f"({', '.join(f'${first + row * width + column}' for column in range(width))})" for row in range(rows)
    )


@lru_cache(maxsize=4096)
def _page_and_section(site: str, path: str) -> tuple[int, str]:
    """What many submissions about a page share."""
    return page_id(site, path), section_of(path)


def page_id(site: str, path: str) -> int:
    """A page's number, the same in every process: 63 bits of a hash, far too many for two pages to meet."""
    return int.from_bytes(blake2b(f"{site}\0{path}".encode(), digest_size=8).digest()) >> 1


def section_of(path: str) -> str:
    """The first part of a path, behind its language where it names one: `/bins` of `/bins/days`."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first in _LANGUAGES and rest:
        return f"/{first}/{rest.partition('/')[0]}"
    return f"/{first}"
