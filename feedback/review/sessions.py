"""A signed-in browser: the session lives on the server, the browser holds its secret in a cookie."""

import re
from contextlib import suppress
from typing import Final

from starlette.responses import Response

from feedback.errors import NotSignedIn, Unavailable
from feedback.ids import new_id
from feedback.model import Person
from feedback.model.access import Purpose, Session, Ticket
from feedback.model.audit import Action
from feedback.review.audited import entry
from feedback.review.browsers import browser_name
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.state import ServiceRequest
from feedback.store import Store

LINK_LIFE_MS: Final = 3_600_000
SESSION_IDLE_MS: Final = 30 * 60_000
SESSION_LIFE_MS: Final = 8 * 3_600_000
# A session's last use is written down at most this often, so that reading pages is not writing.
_TOUCH_MS: Final = 60_000
# Of a path, what no name of a cookie may hold or a kind begins with.
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9.]")


async def make_link(store: Store, base_url: str) -> str:
    """A one-time link that signs its opener in as an admin within the hour."""
    secret, moment = new_secret(), now()
    ticket = Ticket(hash_secret(secret), Purpose.FIRST, moment + LINK_LIFE_MS)
    await store.sessions.add_ticket(ticket, moment)
    return f"{base_url}/admin/sign-in?token={secret}"


async def find_session(request: ServiceRequest) -> Session:
    """The session of the request's cookie; raises NotSignedIn where it is none, idle or over."""
    cookie = cookie_of(request)
    if not cookie:
        raise NotSignedIn
    sessions, key, moment = request.state["store"].sessions, hash_secret(cookie), now()
    session = await sessions.find(key)
    if session is None or not is_alive(session, moment):
        raise NotSignedIn
    if moment - session.seen_at > _TOUCH_MS:
        # Reading goes on while the database cannot be written.
        with suppress(Unavailable):
            await sessions.touch(key, moment)
    return session


def is_alive(session: Session, moment: int) -> bool:
    """Whether a session is neither idle nor over at a time in epoch milliseconds."""
    return moment - session.seen_at <= SESSION_IDLE_MS and moment - session.started_at <= SESSION_LIFE_MS


async def start_session(request: ServiceRequest, response: Response, person: Person, **how: str) -> None:
    """Sign a browser in by a secret that is new, whatever cookie it came with; sets the cookie."""
    secret, moment, before = new_secret(), now(), cookie_of(request)
    browser = browser_name(request.headers.get("user-agent", ""))
    await request.state["store"].sessions.start(
        hash_secret(secret),
        Session(str(new_id()), person, browser, moment, moment),
        entry(request, person, Action.SIGNED_IN, **how),
        instead_of=hash_secret(before) if before else None,
        started_since=moment - SESSION_LIFE_MS,
    )
    set_cookie(request, response, secret, SESSION_LIFE_MS)


async def end_session(request: ServiceRequest, response: Response) -> None:
    """Sign a browser out: the session is gone on the server, whatever the browser keeps."""
    with suppress(NotSignedIn):
        session = await find_session(request)
        signed_out = entry(request, session.person, Action.SIGNED_OUT)
        await request.state["store"].sessions.end(hash_secret(cookie_of(request)), signed_out)
    drop_cookie(request, response)


def cookie_of(request: ServiceRequest, kind: str = "") -> str:
    """What the browser keeps for us; empty where it keeps nothing."""
    return request.cookies.get(_cookie_name(request, kind), "")


def set_cookie(
    request: ServiceRequest,
    response: Response,
    secret: str,
    milliseconds: int,
    kind: str = "",
    *,
    from_elsewhere: bool = False,
) -> None:
    """Have the browser keep a secret, out of reach of scripts and of other sites.

    `from_elsewhere`: it is wanted when another site leads the browser back here.
    """
    response.set_cookie(
        _cookie_name(request, kind),
        secret,
        max_age=milliseconds // 1000,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax" if from_elsewhere else "strict",
    )


def drop_cookie(request: ServiceRequest, response: Response, kind: str = "") -> None:
    """Have the browser forget a secret."""
    response.delete_cookie(
        _cookie_name(request, kind), path="/", secure=is_https(request), httponly=True, samesite="strict"
    )


def is_https(request: ServiceRequest) -> bool:
    """Whether the visitor's side of this server speaks HTTPS."""
    return request.url.scheme == "https" or request.state["settings"].public_url.startswith("https:")


def _cookie_name(request: ServiceRequest, kind: str) -> str:
    # The prefix binds a cookie to this host; browsers take it over HTTPS only, and with the path / only. So
    # services under several paths of one host are told apart by the name.
    name = "feedback" + _NO_NAME.sub("_", request.scope.get("root_path", "").replace("/", "."))
    name = f"{name}-{kind}" if kind else name
    return f"__Host-{name}" if is_https(request) else name
