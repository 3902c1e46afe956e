"""Signing in by a one-time link, and out; the session lives on the server, the browser holds its secret."""

import secrets
import time
from hashlib import sha256
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.model import Role
from feedback.review.same_origin import check_same_origin
from feedback.state import ServiceRequest
from feedback.store import Store

LINK_LIFE_MS: Final = 3_600_000
SESSION_IDLE_MS: Final = 30 * 60_000
SESSION_LIFE_MS: Final = 8 * 3_600_000


async def make_link(store: Store, base_url: str) -> str:
    """A one-time link that signs its opener in as an admin within the hour."""
    secret, moment = secrets.token_urlsafe(32), now()
    await store.add_link(hash_secret(secret), Role.ADMIN, moment, moment + LINK_LIFE_MS)
    return f"{base_url}/admin/sign-in?token={secret}"


async def get_sign_in(request: ServiceRequest) -> Response:
    """GET /admin/sign-in: with a good one-time token signs in; without one says where to get a link."""
    token = request.query_params.get("token")
    # A browser that loads pages ahead must not use the link up.
    ahead = "prefetch" in request.headers.get("sec-purpose", "") or request.method == "HEAD"
    if token and not ahead:
        store, moment = request.state["store"], now()
        secret = secrets.token_urlsafe(32)
        if await store.use_link(hash_secret(token), hash_secret(secret), moment, moment - SESSION_LIFE_MS):
            return _signed_in(request, secret)
    return request.state["templates"].page(
        request,
        "review/sign_in.html",
        {"used": bool(token) and not ahead},
        status=403 if token and not ahead else 200,
    )


async def post_sign_out(request: ServiceRequest) -> Response:
    """POST /admin/sign-out: the session is gone on the server, whatever the browser keeps."""
    check_same_origin(request)
    cookie = request.cookies.get(cookie_name(request))
    if cookie:
        await request.state["store"].end_session(hash_secret(cookie))
    response = RedirectResponse(f"{request.scope.get('root_path', '')}/admin/sign-in", 303)
    response.delete_cookie(
        cookie_name(request), path="/", secure=_https(request), httponly=True, samesite="strict"
    )
    return response


def cookie_name(request: ServiceRequest) -> str:
    """The session cookie's name; its prefix binds it to this host, but browsers take it over HTTPS only."""
    return "__Host-feedback" if _https(request) else "feedback"


def hash_secret(secret: str) -> str:
    """What is stored of a secret. It is random and long, so that a plain hash cannot be turned round."""
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def now() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _signed_in(request: ServiceRequest, secret: str) -> Response:
    inbox = f"{request.scope.get('root_path', '')}/admin/feedback"
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        # A link in web mail: browsers hold a strict cookie back on a redirect that another site began, so a
        # page of our own leads on.
        response: Response = request.state["templates"].page(
            request, "review/signed_in.html", {"inbox": inbox}
        )
    else:
        response = RedirectResponse(inbox, 303)
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=SESSION_LIFE_MS // 1000,
        path="/",
        secure=_https(request),
        httponly=True,
        samesite="strict",
    )
    return response


def _https(request: ServiceRequest) -> bool:
    return request.url.scheme == "https" or request.state["settings"].public_url.startswith("https:")
