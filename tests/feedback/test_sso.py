"""Single sign-on: the way to the provider and back, whom it lets in, and every answer that it must not."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.errors import StartError
from feedback.model import Role
from feedback.model.audit import Action
from feedback.settings import load_settings
from tests.feedback.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OTHER_KEY,
    IdentityProvider,
    provider_of_others,
    running_provider,
)
from tests.feedback.people import SAME, actions, add_person, browser, call
from tests.service import free_port

ANN = "ann@example.gov.uk"
HTML = {"Accept": "text/html"}
VERIFIED = {"email": ANN, "email_verified": True, "name": "Ann Williams"}


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    """The provider, honest again."""
    fresh = IdentityProvider(running.origin)
    vars(running).update(vars(fresh))
    return running


@pytest.fixture
def client(provider: IdentityProvider, tmp_path: Path) -> Iterator[TestClient]:
    yield from started(tmp_path, provider.origin)


@pytest.fixture
def grouped(provider: IdentityProvider, tmp_path: Path) -> Iterator[TestClient]:
    roles = "web-team=reviewer,web-leads=admin"
    yield from started(tmp_path, provider.origin, sso_roles=roles, sso_groups="realm_access.roles")


def started(tmp_path: Path, issuer: str, **more: Any) -> Iterator[TestClient]:
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/f.db",
        public_url="http://feedback.test",
        sso_issuer=issuer,
        sso_client_id=CLIENT_ID,
        sso_client_secret=CLIENT_SECRET,
        sso_name="the council",
        **more,
    )
    with TestClient(create_app(settings), "http://feedback.test", follow_redirects=False) as client:
        yield client


def to_provider(client: TestClient) -> str:
    answer = client.get("/admin/sso")
    assert answer.status_code == 303
    location: str = answer.headers["location"]
    return location


def back(location: str) -> str:
    """Sign in at the provider; gives where it sends the browser to."""
    address: str = httpx.get(location).headers["location"]
    assert address.startswith("http://feedback.test/admin/sso/callback?")
    return address


def come(client: TestClient) -> Any:
    return client.get(back(to_provider(client)), headers={"Sec-Fetch-Site": "cross-site", **HTML})


def test_an_invited_person_comes_in_by_a_verified_address_and_then_by_the_providers_id(
    client: TestClient, provider: IdentityProvider
):
    ann = add_person(client, ANN, password_hash=None)
    assert "Sign in with the council" in client.get("/admin/sign-in").text
    provider.claims = dict(VERIFIED)
    answer = come(client)
    # A page, not a redirect: the browser would hold a strict cookie back.
    assert answer.status_code == 200
    assert 'content="0; url=/admin/feedback"' in answer.text
    assert client.get("/admin/feedback").status_code == 200
    account = call(client, client.app_state["store"].people.find, ann.id)
    assert account.sso_subject == f"{provider.origin} ann-1"
    provider.claims = {"email": "new.name@example.gov.uk"}
    other = browser(client)
    assert come(other).status_code == 200
    assert "Ann" in other.get("/admin/account").text


def test_the_way_to_the_provider_is_bound_to_this_browser(client: TestClient):
    answer = client.get("/admin/sso")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == ["http://feedback.test/admin/sso/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["scope"] == ["openid email profile"]
    cookie = answer.headers["set-cookie"]
    # Lax: it must come along when the provider leads back; it says nothing and works once.
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_groups_give_the_role_and_take_it_away(grouped: TestClient, provider: IdentityProvider):
    def come_with(*groups: str) -> Any:
        provider.claims = {"email": ANN, "name": "Ann", "realm_access": {"roles": list(groups)}}
        return come(grouped).status_code

    assert come_with() == come_with("others") == 403
    assert not call(grouped, grouped.app_state["store"].people.all)
    for groups, role in (
        (("others", "web-team"), Role.REVIEWER),
        (("web-leads", "web-team"), Role.ADMIN),
        (("web-team",), Role.REVIEWER),
    ):
        assert come_with(*groups) == 200
        (ann,) = call(grouped, grouped.app_state["store"].people.all)
        assert (ann.role, ann.name, ann.password_hash) == (role, "Ann", None)
    assert come_with("others") == 403
    call(grouped, grouped.app_state["store"].people.disable, ann.id, 1)
    assert come_with("web-leads") == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@example.gov.uk", "email_verified": True},
        {"email": ANN},
        {"email": ANN, "email_verified": "true"},
        {"email_verified": True},
        {"email": 7, "email_verified": True},
        {"email": f"{ANN}\0", "email_verified": True},
    ],
)
def test_who_is_not_invited_or_not_verified_stays_out(
    client: TestClient, provider: IdentityProvider, claims: dict[str, Any]
):
    add_person(client, ANN)
    provider.claims = claims
    answer = come(client)
    assert answer.status_code == 403
    assert "ask an admin" in answer.text
    assert client.get("/admin/feedback").status_code == 401


def test_an_account_is_one_persons_whatever_address_another_has(
    client: TestClient, provider: IdentityProvider
):
    add_person(client, ANN)
    provider.claims = dict(VERIFIED)
    assert come(client).status_code == 200
    provider.lies = {"sub": "somebody-else"}
    assert come(browser(client)).status_code == 403


NOW = int(time.time())


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "other-client"},
        {"aud": "other-client", "azp": CLIENT_ID},
        {"aud": [CLIENT_ID, "other-client"]},
        {"aud": [CLIENT_ID, "other-client"], "azp": "other-client"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": NOW - 120},
        {"exp": None},
        {"iat": NOW + 3600},
        {"iat": None},
        {"sub": None},
    ],
    ids=" and ".join,  # the claims: their values change with the clock
)
def test_a_lie_in_the_id_token_lets_nobody_in(
    client: TestClient, provider: IdentityProvider, lies: dict[str, Any]
):
    add_person(client, ANN)
    provider.claims, provider.lies = dict(VERIFIED), lies
    assert come(client).status_code == 403
    assert client.get("/admin/feedback").status_code == 401
    provider.lies = {}
    assert come(client).status_code == 200


def test_a_signature_by_another_key_lets_nobody_in(client: TestClient, provider: IdentityProvider):
    add_person(client, ANN)
    provider.claims, provider.key = dict(VERIFIED), OTHER_KEY
    assert come(client).status_code == 403


def test_a_provider_that_calls_itself_otherwise_is_not_asked(client: TestClient, provider: IdentityProvider):
    provider.metadata_lies = {"issuer": "https://other.example"}
    assert client.get("/admin/sso").status_code == 403
    provider.metadata_lies = {}
    assert client.get("/admin/sso").status_code == 303


def test_an_answer_counts_once_and_in_the_browser_that_asked(client: TestClient, provider: IdentityProvider):
    add_person(client, ANN)
    provider.claims, provider.takes_codes_again = dict(VERIFIED), True
    location = to_provider(client)
    cookie = client.cookies["feedback-sso"]
    answer = back(location)
    thief = browser(client)
    assert thief.get(answer).status_code == 403
    to_provider(thief)
    assert thief.get(answer).status_code == 403  # its own cookie, somebody else's state
    assert client.get(answer).status_code == 200
    replaying = browser(client)
    replaying.cookies.set("feedback-sso", cookie)
    assert replaying.get(answer).status_code == 403
    assert replaying.get("/admin/feedback").status_code == 401


def test_an_answer_comes_within_minutes(
    client: TestClient, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
):
    add_person(client, ANN)
    provider.claims = dict(VERIFIED)
    answer = back(to_provider(client))
    later = time.time_ns() + 601_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: later)
    assert client.get(answer).status_code == 403


def test_an_answer_from_another_issuer_to_another_question_or_of_refusal_lets_nobody_in(
    client: TestClient, provider: IdentityProvider
):
    add_person(client, ANN)
    provider.claims = dict(VERIFIED)
    assert client.get(f"{back(to_provider(client))}&iss=https://other.example").status_code == 403
    answer = back(to_provider(client))
    state = parse_qs(urlsplit(answer).query)["state"][0]
    assert client.get(answer.replace(state, state[::-1])).status_code == 403
    state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
    assert client.get(f"/admin/sso/callback?error=access_denied&state={state}").status_code == 403


def test_those_who_come_in_use_up_no_tries_and_those_who_only_begin_do(
    client: TestClient, provider: IdentityProvider
):
    add_person(client, ANN)
    provider.claims = dict(VERIFIED)
    begin = [browser(client).get("/admin/sso").status_code for _ in range(19)]
    for _ in range(2):
        assert come(browser(client)).status_code == 200
    begin += [browser(client).get("/admin/sso").status_code for _ in range(2)]
    assert begin == [303] * 20 + [429]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_uses_up_nobodys_tries(client: TestClient, provider: IdentityProvider, site: str):
    for _ in range(25):
        answer = client.get("/admin/sso", headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert "/admin/sso" in answer.text
    assert client.get("/admin/sso", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_that_an_account_is_bound_to_somebody_at_the_provider_is_written_down(
    client: TestClient, provider: IdentityProvider
):
    add_person(client, ANN)
    provider.claims = dict(VERIFIED)
    for _ in range(2):
        assert come(browser(client)).status_code == 200
    assert actions(client) == [Action.PERSON_CHANGED, Action.SIGNED_IN, Action.SIGNED_IN]


def test_signing_out_leads_to_the_providers_sign_out(client: TestClient, provider: IdentityProvider):
    add_person(client, ANN)
    provider.claims = dict(VERIFIED)
    come(client)
    page = client.post("/admin/sign-out", headers=SAME)
    assert page.status_code == 200
    assert f'href="{provider.origin}/end?' in page.text
    assert f"client_id={CLIENT_ID}" in page.text
    assert "post_logout_redirect_uri=http%3A%2F%2Ffeedback.test%2Fadmin%2Fsign-in" in page.text
    assert client.get("/admin/feedback").status_code == 401


def test_a_provider_that_is_away_is_a_sentence(tmp_path: Path):
    for client in started(tmp_path, f"http://127.0.0.1:{free_port()}"):
        answer = client.get("/admin/sso", headers=HTML)
        assert answer.status_code == 403
        assert "Signing in there did not work" in answer.text


def test_a_provider_made_by_others_lets_its_user_in(tmp_path: Path):
    with provider_of_others() as issuer:
        httpx.put(f"{issuer}/users/ann-1", json=VERIFIED).raise_for_status()
        for client in started(tmp_path, issuer):
            add_person(client, ANN, password_hash=None)
            signed_in = httpx.post(to_provider(client), data={"sub": "ann-1"})
            assert client.get(signed_in.headers["location"]).status_code == 200
            assert client.get("/admin/feedback").status_code == 200
            page = client.post("/admin/sign-out", headers=SAME).text
            assert f'href="{issuer}/oauth2/end_session?' in page


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"sso_issuer": "https://login.example.gov.uk"}, "FEEDBACK_SSO_ISSUER needs FEEDBACK_SSO_CLIENT_ID"),
        ({"sso_header": "X-Forwarded-Email"}, "FEEDBACK_SSO_HEADER needs FEEDBACK_TRUSTED_PROXIES"),
    ],
)
def test_wrong_settings_are_a_sentence(settings: dict[str, Any], sentence: str):
    with pytest.raises(StartError, match=sentence):
        create_app(load_settings(**settings))


def test_without_its_libraries_a_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "feedback.review.sso_provider", None)
    issuer = "https://login.example.gov.uk"
    with pytest.raises(StartError, match=r"page-feedback\[sso\]"):
        create_app(load_settings(sso_issuer=issuer, sso_client_id="x"))
