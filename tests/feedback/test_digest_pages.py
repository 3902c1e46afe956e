"""Who gets the digest and who is told: everybody decides for themselves, admins for the rest."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.model import Role, Scope
from feedback.model.access import Session
from feedback.model.audit import Action, AuditFilters
from feedback.model.subscription import Every, Subscription, Way
from feedback.review.secrets import hash_secret, now
from tests.feedback.conftest import SITE
from tests.feedback.test_page_figures import asked_by
from tests.store.samples import some_account

SAME = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
SLACK = "https://hooks.slack.com/services/T0/B0/secretpart"


def subscriptions(client: TestClient) -> list[Subscription]:
    assert client.portal is not None
    return list(client.portal.call(client.app_state["store"].subscriptions.all))


@pytest.fixture
def ann(client: TestClient) -> TestClient:
    """Ann, a viewer of one site, signed in."""
    assert client.portal is not None
    store: Any = client.app_state["store"]
    account = some_account("ann@example.gov.uk", Role.VIEWER, Scope(frozenset((SITE,))))
    client.portal.call(store.people.add, account)
    session = Session("session", account.person, "", now(), now())

    async def start() -> None:
        await store.sessions.start(hash_secret("cookie"), session, instead_of=None, started_since=0)

    client.portal.call(start)
    client.cookies.set("feedback", "cookie")
    return client


def test_somebody_chooses_changes_and_ends_their_digest(ann: TestClient):
    assert ann.post("/admin/digest", data={"every": "week", "plain": "yes"}, headers=SAME).status_code == 303
    (one,) = subscriptions(ann)
    assert (one.way, one.every, one.plain, one.target) == (Way.MAIL, Every.WEEK, True, "")
    assert one.next_at > now()
    page = ann.get("/admin/digest", headers=SAME).text
    assert re.search(r'value="week" checked', page)
    assert ann.post("/admin/digest", data={"every": "day"}, headers=SAME).status_code == 303
    (changed,) = subscriptions(ann)
    assert (changed.every, changed.plain, changed.sent_until) == (Every.DAY, False, one.sent_until)
    assert ann.post("/admin/digest", data={"every": "never"}, headers=SAME).status_code == 303
    assert subscriptions(ann) == []
    assert ann.portal is not None
    entries = ann.portal.call(
        ann.app_state["store"].audited, AuditFilters(action=Action.SUBSCRIPTION_CHANGED)
    )
    assert [one.entry.detail for one in entries] == [
        {"digest": "never"},
        {"digest": "day"},
        {"digest": "week"},
    ]


def test_who_is_no_admin_of_all_sites_manages_no_others(ann: TestClient):
    for path, fields in (
        ("digest/addresses", {"email": "x@example.org", "every": "day"}),
        ("digest/addresses/1/remove", {}),
        ("webhooks", {"way": "slack", "url": SLACK}),
        ("webhooks/1/remove", {}),
    ):
        assert ann.post(f"/admin/{path}", data=fields, headers=SAME).status_code == 403, path
    assert ann.get("/admin/webhooks", headers=SAME).status_code == 403
    assert "addresses" not in ann.get("/admin/digest", headers=SAME).text


def test_a_token_has_no_digest_of_its_own(client: TestClient):
    headers = asked_by(client, Role.VIEWER)
    assert client.post("/admin/digest", data={"every": "day"}, headers=headers).status_code == 403


def test_an_admin_adds_and_removes_addresses(client: TestClient, admin: dict[str, str]):
    fields = {"email": "Web@Example.gov.uk", "every": "week", "plain": "yes"}
    assert client.post("/admin/digest/addresses", data=fields, headers=admin).status_code == 303
    (one,) = subscriptions(client)
    assert (one.target, one.person, one.every, one.plain) == ("web@example.gov.uk", None, Every.WEEK, True)
    assert "web@example.gov.uk" in client.get("/admin/digest", headers=admin).text
    assert client.post(f"/admin/webhooks/{one.id}/remove", headers={**admin, **FORM}).status_code == 404
    assert (
        client.post(f"/admin/digest/addresses/{one.id}/remove", headers={**admin, **FORM}).status_code == 303
    )
    assert subscriptions(client) == []


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "x"},
        {"email": "a@example.org, b@example.org"},
        {"email": "<a@example.org>"},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"email": ""},
        {"every": "minute"},
        {"every": ""},
    ],
)
def test_a_wrong_address_is_shown_with_its_rule(
    client: TestClient, admin: dict[str, str], changed: dict[str, str]
):
    fields = {"email": "a@example.org", "every": "day"} | changed
    answer = client.post("/admin/digest/addresses", data=fields, headers=admin)
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert subscriptions(client) == []


def test_an_admin_adds_a_webhook_and_sees_its_secret_once(client: TestClient, admin: dict[str, str]):
    fields = {"way": "webhook", "url": "https://example.org/hook?key=secretpart"}
    page = client.post("/admin/webhooks", data=fields, headers=admin).text
    (one,) = subscriptions(client)
    assert one.secret in page
    assert one.secret.startswith("whsec_")
    shown = client.get("/admin/webhooks", headers=admin).text
    assert "example.org" in shown
    assert one.secret not in shown
    assert "secretpart" not in shown
    assert client.post(f"/admin/webhooks/{one.id}/remove", headers={**admin, **FORM}).status_code == 303
    assert subscriptions(client) == []


@pytest.mark.parametrize(
    ("way", "url"),
    [
        ("webhook", "http://example.org/"),
        ("webhook", ""),
        ("mail", "https://example.org/"),
        ("slack", "https://example.org/"),
        ("slack", "https://hooks.slack.com@example.org/"),
    ],
)
def test_a_wrong_webhook_is_shown_with_its_rule(
    client: TestClient, admin: dict[str, str], way: str, url: str
):
    answer = client.post("/admin/webhooks", data={"way": way, "url": url}, headers=admin)
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert subscriptions(client) == []


def test_slack_takes_its_own_addresses_and_has_no_secret(client: TestClient, admin: dict[str, str]):
    answer = client.post("/admin/webhooks", data={"way": "slack", "url": SLACK}, headers=admin)
    assert answer.status_code == 303
    (one,) = subscriptions(client)
    assert (one.way, one.target, one.secret) == (Way.SLACK, SLACK, "")
    assert "secretpart" not in repr(one)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_pages_are_complete_in_both_languages(client: TestClient, admin: dict[str, str], lang: str):
    for path in ("digest", "webhooks"):
        answer = client.get(f"/admin/{path}", headers={**admin, "Accept-Language": lang})
        assert answer.status_code == 200
        assert f'<html lang="{lang}">' in answer.text
