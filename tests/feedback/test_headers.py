"""The security headers, to the letter, of every route, method and kind of status."""

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from feedback.app import create_app
from feedback.settings import Settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
EXPECTED = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# The demo carries the widget, and any page may load the widget.
DEMO_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "script-src http://feedback.test/; connect-src http://feedback.test/; form-action http://feedback.test/; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
OWN = {
    "/demo": {"content-security-policy": DEMO_POLICY},
    "/widget.js": {"cross-origin-resource-policy": "cross-origin"},
    "/widget/v1.js": {"cross-origin-resource-policy": "cross-origin"},
    "/widget/integrity": {"cross-origin-resource-policy": "cross-origin"},
}
SEEN = (
    *EXPECTED,
    "strict-transport-security",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "server",
    "x-powered-by",
)


def addresses(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield f"{route.path}/visitor.css"
            yield f"{route.path}/nothing.css"
        else:
            assert isinstance(route, Route)
            yield re.sub(r"\{.*?\}", "0", route.path)
    yield "/nothing"


def security_headers(client: TestClient, method: str, path: str) -> tuple[int, dict[str, str], str]:
    answer = client.request(method, path, headers={"Accept": "text/html"})
    headers = {name: answer.headers[name] for name in SEEN if name in answer.headers}
    assert all(len(answer.headers.get_list(name)) == 1 for name in headers)
    return answer.status_code, headers, answer.headers.get("cache-control", "")


def test_every_route_and_method_carries_exactly_the_headers(app: Starlette, client: TestClient):
    statuses = set()
    for path in dict.fromkeys(addresses(list(app.routes))):
        for method in METHODS:
            status, headers, cache = security_headers(client, method, path)
            statuses.add(status // 100)
            expected = EXPECTED | (OWN.get(path, {}) if status in (200, 304) else {})
            if path.startswith("/widget") and status == 200:
                assert headers.pop("access-control-allow-origin") == "*"
            assert headers == expected, (method, path, status)
            if path.startswith("/admin"):
                assert cache == "no-store", (method, path, status)
    assert statuses == {2, 3, 4}


def test_a_fault_on_any_route_carries_them_too(app: Starlette, client: TestClient):
    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    for route in app.routes:
        route.app = fail  # type: ignore[attr-defined]  # every route and mount has one
    for route in app.routes:
        path = next(addresses([route]))
        for method in getattr(route, "methods", None) or ("GET",):
            assert security_headers(client, method, path)[:2] == (500, EXPECTED), (method, path)


@pytest.mark.parametrize(
    ("public_url", "strict"), [("https://feedback.test", True), ("http://x.test", False)]
)
def test_servers_under_https_ask_to_stay_there(settings: Settings, public_url: str, strict: bool):
    app = create_app(settings.model_copy(update={"public_url": public_url}))
    with TestClient(app, public_url) as client:
        for path in ("/health/live", "/admin/api/feedback", "/nothing"):
            expected = "max-age=31536000" if strict else None
            assert client.get(path).headers.get("strict-transport-security") == expected


def test_the_web_teams_side_is_closed_to_other_websites(client: TestClient, admin: dict[str, str]):
    for origin in ("https://www.example.gov.uk", "https://evil.example", "null"):
        for method in ("GET", "OPTIONS"):
            answer = client.request(
                method,
                "/admin/api/feedback",
                headers={**admin, "Origin": origin, "Access-Control-Request-Method": "GET"},
            )
            assert not any(name.startswith("access-control") for name in answer.headers)
