"""Every route of the web team's side says who may use it, and lets in nobody else."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from feedback.app import create_app, routes
from feedback.errors import StartError
from feedback.model import Role, Scope
from feedback.review.guard import check_declared, declared_role, needs_all_sites
from feedback.settings import load_settings
from tests.feedback.conftest import SITE
from tests.feedback.people import add_person, sign_in

# Who is not signed in must be able to.
OPEN_TO_ALL = {
    "/admin/password",
    "/admin/sign-in",
    "/admin/sign-in/code",
    "/admin/sign-out",
    "/admin/sso",
    "/admin/sso/callback",
}


def admin_routes(app: Starlette) -> list[Route]:
    return [route for route in app.routes if isinstance(route, Route) and route.path.startswith("/admin")]


def test_only_signing_in_and_out_is_open_to_all(app: Starlette):
    assert {route.path for route in admin_routes(app) if declared_role(route) is None} == OPEN_TO_ALL


def ask(client: TestClient, route: Route, method: str, **headers: str) -> int:
    path = route.path.replace("{id}", "1")
    return client.request(method, path, headers={"Sec-Fetch-Site": "same-origin", **headers}).status_code


def test_every_route_lets_in_whom_it_says_and_nobody_below(app: Starlette, client: TestClient):
    people = [add_person(client, f"{role}@example.gov.uk", role) for role in Role]
    people.append(add_person(client, "limited@example.gov.uk", Role.ADMIN, Scope(frozenset((SITE,)))))
    for person in people:
        sign_in(client, person.email)
        for route in admin_routes(app):
            needed = declared_role(route)
            # These would end the session that asks.
            if needed is None or route.path == "/admin/account/password":
                continue
            for method in route.methods or ():
                status = ask(client, route, method)
                limited = person.scope.sites is not None and needed is Role.ADMIN
                if not person.role.includes(needed) or (limited and needs_all_sites(route)):
                    assert (status, route.path, person.email) == (403, route.path, person.email)
                elif route.path != "/admin/account/set-up":
                    # What is asked for may be wrong or not there; who asks is not.
                    assert status in (200, 303, 404, 415, 422), (route.path, method, person.email)


def test_whoever_may_see_one_site_reads_nothing_of_another_at_any_address(app: Starlette, client: TestClient):
    words = {"comment": "xylophones", "doing": "xylophones", "title": "xylophones", "useful": "no"}
    sent = client.post("/feedback", json={"page": "https://a.wild.gov.uk/elsewhere", **words})
    client.post("/feedback", json={"page": f"{SITE}/bins", "comment": "trombones"})
    admin = add_person(client, "ann@example.gov.uk", Role.ADMIN)
    limited = add_person(client, "limited@example.gov.uk", Role.ADMIN, Scope(frozenset((SITE,))))
    seen: dict[str, str] = {}
    for person in (admin, limited):
        sign_in(client, person.email)
        answers = [
            client.get(route.path.replace("{id}", sent.json()["id"])).text
            for route in admin_routes(app)
            if "GET" in (route.methods or ()) and "sso" not in route.path and "sign-in" not in route.path
        ]
        seen[person.email] = "".join(answers)
    for of_another in ("xylophones", "elsewhere", "a.wild.gov.uk"):
        assert of_another in seen[admin.email]
        assert of_another not in seen[limited.email]
    assert "trombones" in seen[limited.email]


def test_no_unsafe_route_acts_for_another_site(app: Starlette, client: TestClient):
    add_person(client, "ann@example.gov.uk", Role.ADMIN)
    sign_in(client, "ann@example.gov.uk")
    asked = 0
    for route in admin_routes(app):
        for method in (route.methods or set()) - {"GET", "HEAD"}:
            for headers in (
                {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site", "Origin": "http://feedback.test"},
                {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
                {"Sec-Fetch-Site": "", "Origin": "null"},
                {"Sec-Fetch-Site": ""},
            ):
                assert (ask(client, route, method, **headers), route.path) == (403, route.path)
                asked += 1
    assert asked >= 100


def test_every_answer_of_the_web_teams_side_is_kept_by_nobody(app: Starlette, client: TestClient):
    for route in admin_routes(app):
        for method in route.methods or ():
            answer = client.request(method, route.path.replace("{id}", "1"))
            assert answer.headers["cache-control"] == "no-store", route.path


def test_nobody_gets_in_unasked(app: Starlette, client: TestClient):
    asked = 0
    for route in admin_routes(app):
        if declared_role(route) is None:
            continue
        for method in route.methods or ():
            for headers in ({"Accept": "*/*"}, {"Sec-Fetch-Site": "same-origin"}):
                path = route.path.replace("{id}", "1")
                assert (client.request(method, path, headers=headers).status_code, path) == (401, path)
                asked += 1
    assert asked >= 16


@pytest.mark.parametrize(
    "forgotten",
    [
        Route("/admin/x", lambda _: PlainTextResponse("")),
        Mount("/admin/x", routes=[]),
        Route("/admin", print),
    ],
)
def test_a_route_that_somebody_forgot_to_guard_stops_the_start(
    forgotten: BaseRoute, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(StartError, match="does not say who may use it"):
        check_declared([forgotten])
    monkeypatch.setattr("feedback.app.routes", lambda *of: [*routes(*of), forgotten])
    with pytest.raises(StartError, match="does not say who may use it"):
        create_app(load_settings())


def test_roles_include_those_before_them():
    assert [[role.includes(other) for other in Role] for role in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
