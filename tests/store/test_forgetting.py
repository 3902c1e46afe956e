"""Somebody of the team is forgotten: name and address are nowhere, and what they did stays under their id."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from feedback.model import EVERYTHING, Filters, ScrubbedNote, Status
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.model.desk import Change, SavedView
from feedback.model.subscription import Every, Subscription, Way
from feedback.store import Store, forgetting
from feedback.store.database import DatabaseError
from tests.store.samples import NOON, SCRUBBER, opened, some_account, some_feedback

ANN = replace(some_account("ann.forgettable@example.gov.uk"), name="Ann Forgettable")
BEN = replace(some_account("ben@example.gov.uk"), name="Ben")
BY_ANN = AuditEntry(ANN.id, ANN.name, Action.FEEDBACK_CHANGED)
BY_BEN = AuditEntry(BEN.id, BEN.name, Action.FEEDBACK_CHANGED)
GONE = AuditEntry.by_command(Action.PERSON_FORGOTTEN, ANN.id)


async def worked(store: Store) -> list[str]:
    """What Ann and Ben did to three submissions."""
    rows = [some_feedback(f"words {number}", NOON + number) for number in range(3)]
    for row in rows:
        await store.add(row)
    await store.people.add(ANN)
    await store.people.add(BEN)
    keys = [row.id for row in rows]
    await store.changes.change(keys, Change(Status.OPEN, ANN.id), EVERYTHING, BY_ANN)
    for who, by in ((ANN, BY_ANN), (BEN, BY_BEN)):
        note = ScrubbedNote(f"of {who.id}", NOON, who.name, SCRUBBER.scrub("asked"))
        await store.add_note(keys[0], note, EVERYTHING, replace(by, action=Action.NOTE_ADDED))
    await store.views.add(SavedView("v", "All bins", "path=/bins", None, ANN.name))
    return keys


def test_what_somebody_did_stays_by_an_id_that_stands_for_nobody(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forgetting, "_AT_ONCE", 2)

    async def go() -> None:
        async with opened(url) as store:
            keys = await worked(store)
            before = await store.audited(AuditFilters())
            await store.forgetting.forget(ANN, NOON, GONE)
            assert [each.id for each in await store.people.all()] == [BEN.id]
            assert (await store.changes.undo(EVERYTHING, BY_ANN)).submissions == 0
            items = (await store.find(Filters(), EVERYTHING)).items
            assert {(item.status, item.assignee) for item in items} == {(Status.OPEN, None)}
            first = await store.find_one(keys[0], EVERYTHING)
            assert first
            assert {note.made_by for note in first.notes} == {"-", "Ben"}
            last, *rest = await store.audited(AuditFilters())
            assert last.entry == GONE
            renamed = [replace(each.entry, name=ANN.id) for each in before if each.entry.who == ANN.id]
            assert [each.entry for each in rest if each.entry.who == ANN.id] == renamed
            assert [each.entry.name for each in rest if each.entry.who == BEN.id] == ["Ben"]

    asyncio.run(go())


def test_of_the_audit_log_nothing_else_can_be_changed(url: str):
    async def go() -> None:
        async with opened(url) as store:
            await worked(store)
            for change in (
                "name = 'x'",
                "name = who, detail = '{}'",
                "name = who, thing = NULL",
                "name = who, request = 'x'",
                "name = who, who = 'x'",
                "name = who, number = number + 1",
            ):
                with pytest.raises(DatabaseError):
                    async with store._database.transaction() as work:
                        await work.fetch(f"UPDATE audit SET {change} WHERE action = 'feedback_changed'")

    asyncio.run(go())


def test_nobody_gives_anything_back_to_somebody_who_is_gone(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forgetting, "_AT_ONCE", 1)

    async def go() -> None:
        async with opened(url) as store:
            keys = await worked(store)
            await store.changes.change(keys[:2], Change(assignee=""), EVERYTHING, BY_BEN)
            await store.changes.change(
                keys[2:], Change(Status.DONE, ""), EVERYTHING, replace(BY_BEN, who="c")
            )
            await store.forgetting.forget(ANN, NOON, GONE)
            await store.changes.undo(EVERYTHING, BY_BEN)
            assert {item.assignee for item in (await store.find(Filters(), EVERYTHING)).items} == {None}
            assert not await store._database.fetch("SELECT action FROM undo")

    asyncio.run(go())


def test_what_somebody_was_called_before_and_mail_to_their_address_go_too(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgetting, "_AT_ONCE", 1)
    married = replace(ANN, name="Ann Married")
    to_ann, to_ben = (
        Subscription(key, Way.MAIL, Every.DAY, 1, target=whose.email)
        for key, whose in (("to ann", ANN), ("to ben", BEN))
    )

    async def go() -> None:
        async with opened(url) as store:
            keys = await worked(store)
            await store.people.change(ANN.id, married.name, ANN.role, ANN.scope)
            for one in (to_ann, to_ben):
                await store.subscriptions.put(one, BY_BEN)
            await store.forgetting.forget(married, NOON, GONE)
            first = await store.find_one(keys[0], EVERYTHING)
            assert first
            assert {note.made_by for note in first.notes} == {"-", "Ben"}
            assert [one.target for one in await store.subscriptions.all()] == [BEN.email]

    asyncio.run(go())


def held_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_no_byte_of_name_and_address_is_left(tmp_path: Path):
    async def go() -> None:
        async with opened(f"sqlite:///{tmp_path}/x.db") as store:
            await worked(store)
            held = await asyncio.to_thread(held_in, tmp_path)
            assert b"Ann Forgettable" in held
            assert b"ann.forgettable@" in held
            await store.forgetting.forget(ANN, NOON, GONE)
            held = await asyncio.to_thread(held_in, tmp_path)
            assert b"Forgettable" not in held
            assert b"forgettable" not in held

    asyncio.run(go())
