"""Keeping the filters of the inbox that people gave a name, their own and everybody's."""

from typing import Final

from feedback.model import Person
from feedback.model.desk import SavedView
from feedback.store.database import Database, Transaction
from feedback.store.writer import Writer

# Of one person; more than anybody finds again.
MAX_VIEWS: Final = 30
_LIST: Final = "id, name, query, person, made_by"


class Views:
    """Saved views. None as a person stands for everybody's."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def of(self, person: Person) -> tuple[SavedView, ...]:
        """Everybody's that are for somebody, and then their own, by name."""
        rows = await self._database.fetch(
            f"SELECT {_LIST} FROM saved_view WHERE person IS NULL UNION ALL "
            f"SELECT {_LIST} FROM saved_view WHERE person = $1",
            person.id,
        )
        views = [view for row in rows if (view := SavedView(**dict(row))).is_for(person)]
        return tuple(sorted(views, key=lambda view: (view.person is not None, view.name.lower(), view.id)))

    async def add(self, view: SavedView) -> bool:
        """Keep a view; False where there are too many."""

        async def work(transaction: Transaction) -> bool:
            whose = "person IS NULL" if view.person is None else "person = $1"
            values = () if view.person is None else (view.person,)
            rows = await transaction.fetch(f"SELECT count(*) AS n FROM saved_view WHERE {whose}", *values)
            if rows[0]["n"] >= MAX_VIEWS:
                return False
            await transaction.fetch(
                f"INSERT INTO saved_view ({_LIST}) VALUES ($1, $2, $3, $4, $5)",
                view.id,
                view.name,
                view.query,
                view.person,
                view.made_by,
            )
            return True

        return await self._writer.change(work)

    async def remove(self, key: str, person: Person) -> bool:
        """Forget a view; False where there is none that somebody may remove."""

        async def work(transaction: Transaction) -> bool:
            rows = await transaction.fetch(f"SELECT {_LIST} FROM saved_view WHERE id = $1", key)
            if not rows or not SavedView(**dict(rows[0])).may_be_removed_by(person):
                return False
            await transaction.fetch("DELETE FROM saved_view WHERE id = $1", key)
            return True

        return await self._writer.change(work)
