"""Who may pass: every route of the web team's side declares the role it needs, or that anybody may use it."""

from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from feedback.errors import NotAllowed, NotSignedIn, StartError
from feedback.http.accept import wants_html
from feedback.model import Person, Role
from feedback.review.proxy import person_of_proxy
from feedback.review.same_origin import SAFE_METHODS, check_same_origin
from feedback.review.sessions import find_session
from feedback.review.tokens import find_token
from feedback.state import ServiceRequest

Endpoint = Callable[[ServiceRequest, Person], Awaitable[Response]]
OpenEndpoint = Callable[[ServiceRequest], Awaitable[Response]]

# What a declared endpoint carries: the role that it needs, or None where anybody may use it.
_DECLARED: Final = "declared_role"
_ALL_SITES: Final = "declared_all_sites"


def needs(role: Role, *, all_sites: bool = False) -> Callable[[Endpoint], OpenEndpoint]:
    """Let only people with the role in; a browser that is not signed in is sent to sign in.

    `all_sites`: not those who may see some sites only, since what they would manage is of all sites.
    """

    def guard(endpoint: Endpoint) -> OpenEndpoint:
        @wraps(endpoint)
        async def guarded(request: ServiceRequest) -> Response:
            try:
                person = await find_person(request)
            except NotSignedIn:
                if wants_html(request) and request.method in SAFE_METHODS:
                    return RedirectResponse(f"{request.scope.get('root_path', '')}/admin/sign-in", 303)
                raise
            if not person.role.includes(role) or (all_sites and person.scope.sites is not None):
                raise NotAllowed
            return await endpoint(request, person)

        setattr(guarded, _DECLARED, role)
        setattr(guarded, _ALL_SITES, all_sites)
        return guarded

    return guard


def anybody(endpoint: OpenEndpoint) -> OpenEndpoint:
    """Let everybody in, as signing in must; no other site may make their browser come."""

    @wraps(endpoint)
    async def guarded(request: ServiceRequest) -> Response:
        if request.method not in SAFE_METHODS:
            check_same_origin(request)
        return await endpoint(request)

    setattr(guarded, _DECLARED, None)
    return guarded


def declared_role(route: Route) -> Role | None:
    """The role that a route of the web team's side needs, None for anybody.

    Raises StartError for a route that says nothing: nobody gets in by a route that somebody forgot to guard.
    """
    if not hasattr(route.endpoint, _DECLARED):
        raise StartError(f"The route {route.path} does not say who may use it.")
    role: Role | None = getattr(route.endpoint, _DECLARED)
    return role


def needs_all_sites(route: Route) -> bool:
    """Whether a route is closed to those who may see some sites only."""
    return bool(getattr(route.endpoint, _ALL_SITES, False))


def check_declared(routes: Iterable[BaseRoute]) -> None:
    """Raise StartError unless every route under /admin says who may use it."""
    for route in routes:
        path = getattr(route, "path", "")
        if path == "/admin" or path.startswith("/admin/"):
            if not isinstance(route, Route):
                raise StartError(f"The route {path} does not say who may use it.")
            declared_role(route)


async def find_person(request: ServiceRequest) -> Person:
    """Who is asking, by token, proxy or session; raises NotSignedIn."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await find_token(request, token.strip())
    person = await person_of_proxy(request) or (await find_session(request)).person
    # A browser comes by itself with what lets it in, so another site could make it act.
    if request.method not in SAFE_METHODS:
        check_same_origin(request)
    return person
