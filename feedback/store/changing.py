"""Changing submissions: status, assignee and tags of one or many, each written down and to be undone."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from feedback.ids import new_id
from feedback.model import Cursor, Feedback, Filters, Scope, Status
from feedback.model.audit import AuditEntry
from feedback.model.desk import MAX_CHANGED, MAX_TAGS, Change, Changed
from feedback.store.audit import record
from feedback.store.counts import Counted, count, placeholders
from feedback.store.database import Database, Transaction
from feedback.store.finding import find, following
from feedback.store.giving import check_given, hold_given
from feedback.store.submissions import LIST, feedback_of
from feedback.store.writer import Writer

# Submissions that one transaction changes: some milliseconds of writing.
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How the team stands with one submission: all that a change changes."""

    status: Status
    assignee: str | None
    tags: tuple[str, ...]

    @classmethod
    def of(cls, item: Feedback) -> "Standing":
        """How it is."""
        return cls(item.status, item.assignee, item.tags)

    @classmethod
    def read(cls, text: str) -> "Standing":
        """How it was, as `written`."""
        status, assignee, tags = json.loads(text)
        return cls(Status(status), assignee, tuple(tags))

    def written(self) -> str:
        """As the table `undo` holds it."""
        return json.dumps([self.status, self.assignee, self.tags])

    def after(self, change: Change) -> "Standing":
        """How it will be. One tag more than a submission may have is left out."""
        tags = self.tags if change.tags is None else tuple(sorted(change.tags))
        if change.add_tag and change.add_tag not in tags and len(tags) < MAX_TAGS:
            tags = tuple(sorted((*tags, change.add_tag)))
        tags = tuple(tag for tag in tags if tag != change.remove_tag)
        assignee = self.assignee if change.assignee is None else change.assignee or None
        return Standing(change.status or self.status, assignee, tags)

    def told_from(self, before: "Standing") -> dict[str, str | int]:
        """What the audit log says became of it; of tags their number, for it keeps what anybody erases."""
        told: dict[str, str | int] = {}
        if self.status != before.status:
            told["status"] = self.status
        if self.assignee != before.assignee:
            told["assignee"] = self.assignee or "-"
        if self.tags != before.tags:
            told["tags"] = len(self.tags)
        return told


class Changes:
    """Changes submissions and takes the last action of each person back."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def change(self, keys: Sequence[str], change: Change, scope: Scope, entry: AuditEntry) -> Changed:
        """Change those of the submissions that are in scope, in steps between which others write.

        Raises Invalid, before anything is changed, where one of them is given to somebody who may not see it.
        """
        return await self._change(keys, change, scope, entry, str(new_id()))

    async def _change(
        self, keys: Sequence[str], change: Change, scope: Scope, entry: AuditEntry, action: str
    ) -> Changed:
        if change.assignee:
            await check_given(self._database, change.assignee, keys, scope)
        done = 0
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            done += await self._writer.change(
                partial(_change, keys=part, change=change, scope=scope, entry=entry, action=action)
            )
        return Changed(done, action)

    async def change_all(
        self, filters: Filters, change: Change, scope: Scope, entry: AuditEntry, action: str | None = None
    ) -> Changed:
        """Change what the filters choose in scope, in their order, at most MAX_CHANGED.

        With the `action` of the call before, and its `rest` in the filters, it goes on: undo takes back both.
        """
        chosen: list[tuple[str, int]] = []
        rest: Filters | None = replace(filters, limit=500)
        while rest and len(chosen) <= MAX_CHANGED:
            page = await find(self._database, rest, scope)
            chosen += [(item.id, item.number) for item in page.items]
            rest = following(rest, page.next) if page.next else None
        if action is None or action != (await self.last_action(entry.who)).action:
            action = str(new_id())
        keys = [key for key, _ in chosen[:MAX_CHANGED]]
        changed = await self._change(keys, change, scope, entry, action)
        more = len(chosen) > MAX_CHANGED
        return replace(changed, rest=Cursor(chosen[MAX_CHANGED - 1][1]) if more else None)

    async def last_action(self, person: str) -> Changed:
        """What somebody changed last, and can have back as it was."""
        rows = await self._database.fetch("SELECT id, submissions FROM last_action WHERE person = $1", person)
        return Changed(rows[0]["submissions"], rows[0]["id"]) if rows else Changed(0)

    async def undo(self, scope: Scope, entry: AuditEntry) -> Changed:
        """Take back the last action of whom the entry names, where nobody has changed the rest since."""
        done = 0
        while (part := await self._writer.change(partial(_undo, scope=scope, entry=entry))) is not None:
            done += part
        return Changed(done)


async def change_one(
    work: Transaction, key: str, change: Change, scope: Scope, entry: AuditEntry | None
) -> Feedback | None:
    """Change one submission; None where there is no such id in scope."""
    rows = await _hold(work, [key], scope)
    if not rows:
        return None
    after = {key: Standing.of(rows[0]).after(change)}
    await _hold_given(work, rows, after)
    await _set(work, rows, after)
    if entry:
        await _note_action(work, entry.who, str(new_id()), rows, after)
        detail = {**entry.detail, **_told(rows[0], after)}
        await record(work, replace(entry, thing=entry.thing or key, detail=detail))
    new = after[key]
    return replace(rows[0], status=new.status, assignee=new.assignee, tags=new.tags)


async def _change(
    work: Transaction, keys: Sequence[str], change: Change, scope: Scope, entry: AuditEntry, action: str
) -> int:
    rows = await _hold(work, keys, scope)
    after = {item.id: Standing.of(item).after(change) for item in rows}
    rows = [item for item in rows if after[item.id] != Standing.of(item)]
    if rows:
        await _hold_given(work, rows, after)
        await _set(work, rows, after)
        await _note_action(work, entry.who, action, rows, after)
        await record(work, *(replace(entry, thing=each.id, detail=dict(_told(each, after))) for each in rows))
    return len(rows)


async def _undo(work: Transaction, scope: Scope, entry: AuditEntry) -> int | None:
    """Take a part back; None where nothing is left."""
    undone = await work.fetch(
        "DELETE FROM undo WHERE action = (SELECT id FROM last_action WHERE person = $1) AND feedback IN "
        "(SELECT u.feedback FROM undo AS u WHERE u.action = "
        "(SELECT id FROM last_action WHERE person = $1) ORDER BY u.feedback LIMIT $2) "
        "RETURNING feedback, was, became",
        entry.who,
        _AT_ONCE,
    )
    if not undone:
        await work.fetch("DELETE FROM last_action WHERE person = $1", entry.who)
        return None
    rows = await _hold(work, [row["feedback"] for row in undone], scope)
    became = {row["feedback"]: Standing.read(row["became"]) for row in undone}
    after = {row["feedback"]: Standing.read(row["was"]) for row in undone}
    rows = [item for item in rows if Standing.of(item) == became[item.id]]
    if rows:
        await _set(work, rows, after)
        told = ({**_told(each, after), "undone": 1} for each in rows)
        await record(
            work,
            *(replace(entry, thing=each.id, detail=detail) for each, detail in zip(rows, told, strict=True)),
        )
    return len(rows)


async def _hold(work: Transaction, keys: Sequence[str], scope: Scope) -> list[Feedback]:
    """Those of the submissions that are in scope, so that no other process changes them in between."""
    rows = await work.fetch(
        f"UPDATE feedback SET status = status WHERE id IN {placeholders(1, len(keys))} RETURNING {LIST}",
        *keys,
    )
    return [feedback_of(row) for row in rows if scope.includes(row["site"])]


async def _hold_given(work: Transaction, rows: Sequence[Feedback], after: Mapping[str, Standing]) -> None:
    """Hold the person whom some of the submissions are given to by one change; raises Invalid."""
    given = [item for item in rows if after[item.id].assignee not in (None, item.assignee)]
    if given:
        await hold_given(work, after[given[0].id].assignee or "", {item.site for item in given})


async def _set(work: Transaction, rows: Sequence[Feedback], after: Mapping[str, Standing]) -> None:
    """Write how submissions stand; spam leaves the counts."""
    alike: defaultdict[Standing, list[str]] = defaultdict(list)
    for item in rows:
        alike[after[item.id]].append(item.id)
    for new, keys in alike.items():
        await work.fetch(
            "UPDATE feedback SET status = $1, assignee = $2, tags = $3 "
            f"WHERE id IN {placeholders(1, len(keys), 4)}",
            new.status,
            new.assignee,
            json.dumps(new.tags),
            *keys,
        )
    await _tag(work, [item for item in rows if item.tags != after[item.id].tags], after)
    moved = [
        Counted.moved(item, -1 if after[item.id].status == Status.SPAM else 1)
        for item in rows
        if (item.status == Status.SPAM) != (after[item.id].status == Status.SPAM)
    ]
    if moved:
        await count(work, moved)


async def _tag(work: Transaction, rows: Sequence[Feedback], after: Mapping[str, Standing]) -> None:
    if not rows:
        return
    await work.fetch(
        f"DELETE FROM feedback_tag WHERE feedback IN {placeholders(1, len(rows))}",
        *(item.id for item in rows),
    )
    tags = [(tag, item.number, item.id) for item in rows for tag in after[item.id].tags]
    for start in range(0, len(tags), _AT_ONCE):
        part = tags[start : start + _AT_ONCE]
        await work.fetch(
            f"INSERT INTO feedback_tag (tag, number, feedback) VALUES {placeholders(len(part), 3)}",
            *(value for each in part for value in each),
        )


async def _note_action(
    work: Transaction, who: str, action: str, rows: Sequence[Feedback], after: Mapping[str, Standing]
) -> None:
    """Note how submissions were, for undoing; what somebody did before can no longer be undone."""
    await work.fetch(
        "DELETE FROM undo WHERE action = (SELECT id FROM last_action WHERE person = $1 AND id <> $2)",
        who,
        action,
    )
    await work.fetch(
        "INSERT INTO last_action (person, id, submissions) VALUES ($1, $2, $3) "
        "ON CONFLICT (person) DO UPDATE SET submissions = excluded.submissions + "
        "CASE WHEN last_action.id = excluded.id THEN last_action.submissions ELSE 0 END, id = excluded.id",
        who,
        action,
        len(rows),
    )
    await work.fetch(
        f"INSERT INTO undo (action, feedback, was, became) VALUES {placeholders(len(rows), 4)} "
        "ON CONFLICT (action, feedback) DO UPDATE SET became = excluded.became",
        *(
            value
            for item in rows
            for value in (action, item.id, Standing.of(item).written(), after[item.id].written())
        ),
    )


def _told(item: Feedback, after: Mapping[str, Standing]) -> dict[str, str | int]:
    return after[item.id].told_from(Standing.of(item))
