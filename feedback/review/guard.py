"""Who may pass: every route of the web team's side declares the role it needs."""

import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import NotAllowed, NotSignedIn, Unavailable
from feedback.http.accept import wants_html
from feedback.model import Person, Role
from feedback.review.same_origin import check_same_origin
from feedback.review.sessions import SESSION_IDLE_MS, SESSION_LIFE_MS, cookie_name, hash_secret, now
from feedback.state import ServiceRequest

Endpoint = Callable[[ServiceRequest, Person], Awaitable[Response]]

# A session's last use is written down at most this often, so that reading pages is not writing.
_TOUCH_MS: Final = 60_000
_SAFE_METHODS: Final = ("GET", "HEAD")


def needs(role: Role) -> Callable[[Endpoint], Callable[[ServiceRequest], Awaitable[Response]]]:
    """Let only people with the role in; a browser that is not signed in is sent to sign in."""

    def guard(endpoint: Endpoint) -> Callable[[ServiceRequest], Awaitable[Response]]:
        @wraps(endpoint)
        async def guarded(request: ServiceRequest) -> Response:
            try:
                person = await _person(request)
            except NotSignedIn:
                if wants_html(request) and request.method in _SAFE_METHODS:
                    return RedirectResponse(f"{request.scope.get('root_path', '')}/admin/sign-in", 303)
                raise
            if not person.role.includes(role):
                raise NotAllowed
            return await endpoint(request, person)

        return guarded

    return guard


async def _person(request: ServiceRequest) -> Person:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _token_person(request, token.strip())
    cookie = request.cookies.get(cookie_name(request))
    if not cookie:
        raise NotSignedIn
    store, key, moment = request.state["store"], hash_secret(cookie), now()
    session = await store.find_session(key)
    if session is None or not (
        moment - session.seen_at <= SESSION_IDLE_MS and moment - session.started_at <= SESSION_LIFE_MS
    ):
        raise NotSignedIn
    # A browser sends the cookie by itself, so another site could make it act.
    if request.method not in _SAFE_METHODS:
        check_same_origin(request)
    if moment - session.seen_at > _TOUCH_MS:
        # Reading goes on while the database cannot be written.
        with suppress(Unavailable):
            await store.touch_session(key, moment)
    return Person("session", session.role)


def _token_person(request: ServiceRequest, token: str) -> Person:
    known = request.state["settings"].admin_token
    # Hashes are of one length, so that the comparison tells nothing.
    if known is None or not hmac.compare_digest(hash_secret(token), hash_secret(known.get_secret_value())):
        raise NotSignedIn
    return Person("FEEDBACK_ADMIN_TOKEN", Role.ADMIN)
