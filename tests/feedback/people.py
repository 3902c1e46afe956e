"""What tests of the web team's side share: people with passwords, made without a form, and browsers."""

import re
import time
from dataclasses import replace
from typing import Any

import pyotp
from starlette.testclient import TestClient

from feedback.ids import new_id
from feedback.model import EVERYTHING, Role, Scope
from feedback.model.access import Account
from feedback.model.audit import Action, AuditFilters
from feedback.review.passwords import Passwords

PASSWORD = "three words together"
SAME = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
# One hash for all: each takes about 50 ms.
PASSWORD_HASH = Passwords()._hasher.hash(PASSWORD)


def call(client: TestClient, method: Any, *arguments: Any) -> Any:
    """Run a call of the store where the app runs."""
    assert client.portal is not None
    return client.portal.call(method, *arguments)


def add_person(
    client: TestClient, email: str, role: Role = Role.REVIEWER, scope: Scope = EVERYTHING, **more: Any
) -> Account:
    """Somebody with PASSWORD."""
    account = Account(
        str(new_id()), email, email.partition("@")[0].title(), role, scope, 1, password_hash=PASSWORD_HASH
    )
    account = replace(account, **more)
    assert call(client, client.app_state["store"].people.add, account)
    return account


def browser(client: TestClient, address: str = "192.0.2.1") -> TestClient:
    """Another browser of the same running app."""
    other = TestClient(
        client.app,
        str(client.base_url),
        raise_server_exceptions=False,
        follow_redirects=False,
        client=(address, 1),
    )
    other.app_state.update(client.app_state)
    other.portal = client.portal
    return other


def sign_in(client: TestClient, email: str, password: str = PASSWORD, **headers: str) -> Any:
    return client.post(
        "/admin/sign-in", data={"email": email, "password": password}, headers={**SAME, **headers}
    )


def link_in(page: str) -> str:
    """The one-time link that a page shows, without the origin."""
    found = re.search(r"/admin/password\?token=[\w-]{43}", page)
    assert found
    return found[0]


def actions(client: TestClient) -> list[Action]:
    """What the audit log tells of since the service started, oldest first."""
    audited = call(client, client.app_state["store"].audited, AuditFilters(limit=200))
    found = [each.entry.action for each in reversed(audited)]
    return [action for action in found if action is not Action.SETTINGS_CHANGED]


class Clock:
    """A clock that the test sets; two readings of it always differ a little, as of a real one."""

    def __init__(self) -> None:
        self.time = time.time_ns()

    def __call__(self) -> int:
        self.time += 1
        return self.time

    def forward(self, seconds: int) -> None:
        self.time += seconds * 1_000_000_000


def signed_in(client: TestClient) -> bool:
    status = client.get("/admin/feedback").status_code
    assert status in (200, 401)
    return status == 200


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(time.time_ns() // 1_000_000_000, counter_offset=steps)


def post(client: TestClient, path: str, **fields: str) -> Any:
    """Send a form under /admin as its own page does."""
    return client.post(f"/admin/{path}", data=fields, headers=SAME)
