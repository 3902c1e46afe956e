"""Who is asking: a bearer token or a signed-in browser; every route declares the role it needs."""

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from hashlib import sha256
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import NotAllowed, NotSignedIn
from feedback.http.templates import wants_html
from feedback.model import Person, Role
from feedback.state import ServiceRequest
from feedback.store import Store

Endpoint = Callable[[ServiceRequest, Person], Awaitable[Response]]

LINK_LIFE_MS: Final = 3_600_000
SESSION_IDLE_MS: Final = 30 * 60_000
SESSION_LIFE_MS: Final = 8 * 3_600_000
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
            response = await endpoint(request, person)
            response.headers["Cache-Control"] = "no-store"
            return response

        guarded.role = role  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return guard


async def make_link(store: Store, base_url: str) -> str:
    """A one-time link that signs its opener in as an admin within the hour."""
    secret, now = secrets.token_urlsafe(32), _now()
    await store.add_link(_hash(secret), Role.ADMIN, now, now + LINK_LIFE_MS)
    return f"{base_url}/admin/sign-in?token={secret}"


async def get_sign_in(request: ServiceRequest) -> Response:
    """GET /admin/sign-in: with a good one-time token signs in; without one says where to get a link."""
    token = request.query_params.get("token")
    # A browser that loads pages ahead must not use the link up.
    ahead = "prefetch" in request.headers.get("sec-purpose", "") or request.method == "HEAD"
    if token and not ahead:
        store, now = request.state["store"], _now()
        secret = secrets.token_urlsafe(32)
        if await store.use_link(_hash(token), _hash(secret), now, now - SESSION_LIFE_MS):
            response = RedirectResponse(f"{request.scope.get('root_path', '')}/admin/feedback", 303)
            _set_cookie(request, response, secret)
            response.headers["Cache-Control"] = "no-store"
            return response
    return request.state["templates"].page(
        request,
        "review/sign_in.html",
        {"used": bool(token) and not ahead},
        status=403 if token and not ahead else 200,
        headers={"Cache-Control": "no-store"},
    )


async def post_sign_out(request: ServiceRequest) -> Response:
    """POST /admin/sign-out: the session is gone on the server, whatever the browser keeps."""
    _check_same_origin(request)
    cookie = request.cookies.get(_cookie_name(request))
    if cookie:
        await request.state["store"].end_session(_hash(cookie))
    response = RedirectResponse(f"{request.scope.get('root_path', '')}/admin/sign-in", 303)
    response.delete_cookie(
        _cookie_name(request), path="/", secure=_https(request), httponly=True, samesite="strict"
    )
    return response


async def _person(request: ServiceRequest) -> Person:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _token_person(request, token.strip())
    cookie = request.cookies.get(_cookie_name(request))
    if not cookie:
        raise NotSignedIn
    store, key, now = request.state["store"], _hash(cookie), _now()
    session = await store.find_session(key)
    if session is None or not (
        now - session.seen_at <= SESSION_IDLE_MS and now - session.started_at <= SESSION_LIFE_MS
    ):
        raise NotSignedIn
    # A browser sends the cookie by itself, so another site could make it act.
    if request.method not in _SAFE_METHODS:
        _check_same_origin(request)
    if now - session.seen_at > _TOUCH_MS:
        await store.touch_session(key, now)
    return Person("session", session.role)


def _token_person(request: ServiceRequest, token: str) -> Person:
    known = request.state["settings"].admin_token
    # Hashes are of one length, so that the comparison tells nothing.
    if known is None or not hmac.compare_digest(_hash(token), _hash(known.get_secret_value())):
        raise NotSignedIn
    return Person("FEEDBACK_ADMIN_TOKEN", Role.ADMIN)


def _check_same_origin(request: ServiceRequest) -> None:
    """Raise NotAllowed where another site made the browser send this (Fetch Metadata, then Origin)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "")
    own = origin != "" and origin.partition("://")[2] == request.headers.get("host")
    if not (site == "same-origin" if site else own):
        raise NotAllowed


def _https(request: ServiceRequest) -> bool:
    return request.url.scheme == "https" or request.state["settings"].public_url.startswith("https:")


def _cookie_name(request: ServiceRequest) -> str:
    # The prefix binds the cookie to this host, but browsers take it over HTTPS only.
    return "__Host-feedback" if _https(request) else "feedback"


def _set_cookie(request: ServiceRequest, response: Response, secret: str) -> None:
    response.set_cookie(
        _cookie_name(request),
        secret,
        max_age=SESSION_LIFE_MS // 1000,
        path="/",
        secure=_https(request),
        httponly=True,
        samesite="strict",
    )


def _hash(secret: str) -> str:
    # The secrets are random and long, so that a plain hash cannot be turned round.
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _now() -> int:
    return time.time_ns() // 1_000_000
