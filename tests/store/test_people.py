"""People, sessions, tickets, tries and tokens, on both engines."""

import asyncio
from dataclasses import replace

import pytest

from feedback.model import EVERYTHING, Person, Role, Scope
from feedback.model.access import ApiToken, Purpose, Session, Ticket
from feedback.model.audit import Action, AuditEntry, AuditFilters
from feedback.store.sessions import Limit
from tests.store.samples import SITE, opened, some_account

MINUTE = 60_000


def test_an_account_comes_back_as_it_was(url: str):
    ann = some_account(scope=Scope(frozenset((SITE, "https://b.gov.uk"))))

    async def go() -> None:
        async with opened(url) as store:
            assert await store.people.add(replace(ann, email="Ann@Example.GOV.UK"))
            assert await store.people.find(ann.id) == ann
            assert await store.people.find_by_email("ANN@example.gov.uk") == ann
            assert await store.people.find_by_email("bob@example.gov.uk") is None
            assert ann.person == Person(ann.id, "Ann", Role.REVIEWER, ann.scope)
            await store.people.change(ann.id, "Ann B", Role.ADMIN, EVERYTHING)
            changed = replace(ann, name="Ann B", role=Role.ADMIN, scope=EVERYTHING)
            assert await store.people.all() == (changed,)

    asyncio.run(go())


def test_an_address_has_one_account(url: str):
    async def go() -> None:
        async with opened(url) as store:
            both = await asyncio.gather(
                store.people.add(some_account("ann@a.gov.uk")), store.people.add(some_account("ANN@a.gov.uk"))
            )
            assert sorted(both) == [False, True]

    asyncio.run(go())


def test_a_session_is_its_person_as_they_are_now(url: str):
    ann = some_account()

    async def go() -> None:
        async with opened(url) as store:
            await store.people.add(ann)
            for n in range(2):
                session = Session(f"id{n}", ann.person, "Firefox, Linux", 10 + n, 10 + n)
                await store.sessions.start(f"cookie{n}", session, instead_of=None, started_since=0)
            await store.people.change(ann.id, "Ann", Role.VIEWER, Scope(frozenset((SITE,))))
            found = await store.sessions.find("cookie0")
            assert found is not None
            assert found.person == Person(ann.id, "Ann", Role.VIEWER, Scope(frozenset((SITE,))))
            assert [each.id for each in await store.sessions.of_person(ann.id)] == ["id1", "id0"]
            assert await store.sessions.end_of_person("somebody", "id0") == 0
            assert await store.sessions.end_of_person(ann.id, "id0") == 1
            assert await store.sessions.find("cookie0") is None
            assert await store.sessions.find("cookie1")
            account = await store.people.find(ann.id)
            assert account is not None
            assert account.signed_in_at == 11

    asyncio.run(go())


def test_signing_in_ends_the_session_that_was_there_and_those_that_are_over(url: str):
    ann = some_account()

    async def go() -> None:
        async with opened(url) as store:
            await store.people.add(ann)
            for n in range(3):
                session = Session(f"id{n}", ann.person, "", 10 * n, 10 * n)
                await store.sessions.start(
                    f"cookie{n}",
                    session,
                    instead_of="cookie1" if n == 2 else None,
                    started_since=5 if n == 2 else 0,
                )
            assert [each.id for each in await store.sessions.of_person(ann.id)] == ["id2"]

    asyncio.run(go())


@pytest.mark.parametrize("way", ["password", "disabled"])
def test_a_new_password_and_disabling_end_sessions_and_links(url: str, way: str):
    ann = some_account()

    async def go() -> None:
        async with opened(url) as store:
            await store.people.add(ann)
            session = Session("id", ann.person, "", 1, 1)
            await store.sessions.start("cookie", session, instead_of=None, started_since=0)
            await store.sessions.add_ticket(Ticket("link", Purpose.RESET, 100, ann.id), 1)
            if way == "password":
                await store.people.set_password(ann.id, "hash")
            else:
                await store.people.disable(ann.id, 2)
            assert await store.sessions.find("cookie") is None
            assert await store.sessions.find_ticket("link", tuple(Purpose), 1) is None

    asyncio.run(go())


def test_a_session_begun_while_somebody_is_disabled_is_none(url: str):
    ann = some_account()

    async def go() -> None:
        async with opened(url) as store:
            await store.people.add(ann)
            await store.people.disable(ann.id, 2)
            session = Session("id", ann.person, "", 1, 1)
            await store.sessions.start("cookie", session, instead_of=None, started_since=0)
            assert await store.sessions.find("cookie") is None

    asyncio.run(go())


def test_a_ticket_is_used_once_in_time_and_for_its_purpose(url: str):
    async def go() -> None:
        async with opened(url) as store:
            for name in "abc":
                await store.sessions.add_ticket(Ticket(name, Purpose.FIRST, 20), now=10)
            use = store.sessions.use_ticket
            both = await asyncio.gather(*(use("a", (Purpose.FIRST,), 15) for _ in range(2)))
            assert sum(ticket is not None for ticket in both) == 1
            assert await use("b", (Purpose.FIRST,), 20) is None
            assert await use("c", (Purpose.RESET, Purpose.INVITATION), 15) is None
            assert await use("c", (Purpose.FIRST,), 15)

    asyncio.run(go())


def test_a_code_works_once_and_none_before_it(url: str):
    ann = some_account()

    async def go() -> None:
        async with opened(url) as store:
            await store.people.add(ann)
            await store.people.set_second_factor(ann.id, "SECRET", 5, ["one", "two"])
            both = await asyncio.gather(*(store.people.use_totp_step(ann.id, 6) for _ in range(2)))
            assert sorted(both) == [False, True]
            assert not await store.people.use_totp_step(ann.id, 5)
            codes = await asyncio.gather(*(store.people.use_recovery_code(ann.id, "one") for _ in range(2)))
            assert sorted(codes) == [False, True]
            assert not await store.people.use_recovery_code("somebody", "two")
            assert await store.people.recovery_codes_left(ann.id) == 1
            await store.people.set_second_factor(ann.id, None, None, [])
            assert await store.people.recovery_codes_left(ann.id) == 0

    asyncio.run(go())


def test_tries_are_limited_for_each_in_a_sliding_time_and_over_a_restart(url: str):
    limits = {"ann": Limit(5, MINUTE), "here": Limit(20, 60 * MINUTE)}

    async def go() -> None:
        async with opened(url) as store:
            waits = await asyncio.gather(*(store.sessions.begin_try(limits, 1000) for _ in range(8)))
            assert sorted(waits) == [0] * 5 + [MINUTE] * 3
        async with opened(url) as store:
            begin = store.sessions.begin_try
            assert await begin(limits, 1000 + MINUTE - 1) == 1
            assert await begin({"bob": Limit(5, MINUTE)}, 1000) == 0
            assert await begin(limits, 1000 + MINUTE) == 0
            for minute in range(2, 16):
                assert await begin({**limits, "ann": Limit(5, MINUTE)}, 1000 + minute * MINUTE) == 0
            assert await begin(limits, 1000 + 59 * MINUTE) == MINUTE
            await store.sessions.forget_try(limits, 1000 + 15 * MINUTE)
            assert await begin(limits, 1000 + 59 * MINUTE) == 0

    asyncio.run(go())


def test_tries_that_are_turned_away_leave_nothing_behind(url: str):
    here = {"here": Limit(20, 60 * MINUTE)}

    async def go() -> None:
        async with opened(url) as store:
            for number in range(50):
                wait = await store.sessions.begin_try({**here, f"nobody {number}": Limit(5, MINUTE)}, 1000)
                assert bool(wait) is (number >= 20)
            rows = await store._database.fetch("SELECT count(*) AS n FROM sign_in_try")
            assert rows[0]["n"] == 21

    asyncio.run(go())


def test_an_account_is_bound_to_the_first_subject_that_comes(url: str):
    ann = some_account()
    bound = AuditEntry.by_service(Action.PERSON_CHANGED)

    async def go() -> None:
        async with opened(url) as store:
            await store.people.add(ann)
            both = await asyncio.gather(
                *(store.people.set_sso_subject(ann.id, f"issuer {number}", bound) for number in range(2))
            )
            assert sorted(both) == [False, True]
            assert len(await store.audited(AuditFilters())) == 1

    asyncio.run(go())


def test_a_token_is_found_by_its_id_until_it_is_revoked(url: str):
    token = ApiToken("0" * 16, "Report", Role.VIEWER, Scope(frozenset((SITE,))), 1, 2, secret_hash="hash")

    async def go() -> None:
        async with opened(url) as store:
            await store.tokens.add(token)
            await store.tokens.touch(token.id, 7)
            assert await store.tokens.all() == (replace(token, used_at=7),)
            assert await store.tokens.revoke(token.id)
            assert not await store.tokens.revoke(token.id)
            assert await store.tokens.find(token.id) is None

    asyncio.run(go())
