"""What newer rules make of the counts: a page whose address changes hands its counts on."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from feedback.store.counts import COUNTED, Key, page_id, section_of, upsert
from feedback.store.database import Row, Transaction

_COLUMNS: Final = ", ".join(COUNTED)
_NOTHING: Final = " AND ".join(f"{column} = 0" for column in COUNTED)


async def count_removed(transaction: Transaction, removed: Counter[Key]) -> None:
    """Add numbers removed later than in the transaction of their submission, by site, day, page and kind."""
    # In the order of the keys, so that two processes never wait for each other's rows.
    for key, number in sorted(removed.items()):
        sql = upsert("removed_day", "site, day, page, kind", "", ("count",), 1)
        await transaction.fetch(sql, *key, number)


async def move_page(transaction: Transaction, old: Row, site: str, path: str) -> None:
    """Give the counts of a page (`old`: id, site, path) to another address, and forget the old one."""
    page, new = old["id"], page_id(site, path)
    whole = await transaction.fetch(f"DELETE FROM page WHERE id = $1 RETURNING {_COLUMNS}", page)
    if not whole:
        return  # somebody else has moved it
    await _add_counts(transaction, "page", "id", [((new, site, path), _values(whole[0]))], ", site, path")
    rows = await transaction.fetch(f"DELETE FROM page_day WHERE page = $1 RETURNING day, {_COLUMNS}", page)
    days = [(row["day"], _values(row)) for row in rows]
    await _add_counts(transaction, "page_day", "page, day", [((new, day), values) for day, values in days])
    removed = await transaction.fetch(
        "DELETE FROM removed_day WHERE site = $1 AND page = $2 RETURNING day, kind, count", old["site"], page
    )
    await count_removed(
        transaction, Counter({(site, row["day"], new, row["kind"]): row["count"] for row in removed})
    )
    await transaction.fetch("UPDATE page_change SET page = $2 WHERE page = $1", page, new)
    before, after = (old["site"], section_of(old["path"])), (site, section_of(path))
    if before != after:
        await _hand_on(transaction, "section_day", "site, section", days, before, after)
    if old["site"] != site:
        await _hand_on(transaction, "site_day", "site", days, before[:1], after[:1])


async def _hand_on(
    transaction: Transaction,
    table: str,
    names: str,
    days: Sequence[tuple[int, list[int]]],
    before: Key,
    after: Key,
) -> None:
    """Take the counts of days from one key of a table, add them to another, and forget the one left empty."""
    taken = [((*before, day), [-value for value in values]) for day, values in days]
    added = [((*after, day), values) for day, values in days]
    await _add_counts(transaction, table, f"{names}, day", sorted(taken + added))
    of_it = " AND ".join(f"{name} = ${place}" for place, name in enumerate(names.split(", "), 1))
    # Its name may be what the newer rules took out.
    await transaction.fetch(f"DELETE FROM {table} WHERE {of_it} AND {_NOTHING}", *before)


async def _add_counts(
    transaction: Transaction, table: str, keys: str, rows: Sequence[tuple[Key, list[int]]], names: str = ""
) -> None:
    for key, values in rows:
        await transaction.fetch(upsert(table, keys, names, COUNTED, 1), *key, *values)


def _values(row: Row) -> list[int]:
    return [row[column] for column in COUNTED]
