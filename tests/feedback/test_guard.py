"""Every route of the web team's side says who may use it, and lets in nobody else."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from feedback.app import create_app, routes
from feedback.errors import StartError
from feedback.model import Role
from feedback.review.guard import check_declared, declared_role
from feedback.settings import load_settings

# Who is not signed in must be able to.
OPEN_TO_ALL = {"/admin/sign-in", "/admin/sign-out"}


def admin_routes(app: Starlette) -> list[Route]:
    return [route for route in app.routes if isinstance(route, Route) and route.path.startswith("/admin")]


def test_only_signing_in_and_out_is_open_to_all(app: Starlette):
    assert {route.path for route in admin_routes(app) if declared_role(route) is None} == OPEN_TO_ALL


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
