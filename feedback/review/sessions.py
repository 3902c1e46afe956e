"""A signed-in browser: the session lives on the server, the browser holds its secret in a cookie."""

from contextlib import suppress
from typing import Final

from starlette.responses import Response

from feedback.access import OPERATOR_PERSON, Purpose, Session, Ticket
from feedback.errors import NotSignedIn, Unavailable
from feedback.ids import new_id
from feedback.model import Person
from feedback.review.browsers import browser_name
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.state import ServiceRequest
from feedback.store import Store

LINK_LIFE_MS: Final = 3_600_000
SESSION_IDLE_MS: Final = 30 * 60_000
SESSION_LIFE_MS: Final = 8 * 3_600_000
# A session's last use is written down at most this often, so that reading pages is not writing.
_TOUCH_MS: Final = 60_000


async def make_link(store: Store, base_url: str) -> str:
    """A one-time link that signs its opener in as an admin within the hour."""
    secret, moment = new_secret(), now()
    ticket = Ticket(hash_secret(secret), Purpose.FIRST, moment + LINK_LIFE_MS)
    await store.sessions.add_ticket(ticket, moment)
    return f"{base_url}/admin/sign-in?token={secret}"


async def use_link(store: Store, secret: str) -> Person | None:
    """Use a link of the first start up; gives who it lets in."""
    ticket = await store.sessions.use_ticket(hash_secret(secret), (Purpose.FIRST,), now())
    return OPERATOR_PERSON if ticket else None


async def find_session(request: ServiceRequest) -> Session:
    """The session of the request's cookie; raises NotSignedIn where it is none, idle or over."""
    cookie = request.cookies.get(cookie_name(request))
    if not cookie:
        raise NotSignedIn
    sessions, key, moment = request.state["store"].sessions, hash_secret(cookie), now()
    session = await sessions.find(key)
    if session is None or not (
        moment - session.seen_at <= SESSION_IDLE_MS and moment - session.started_at <= SESSION_LIFE_MS
    ):
        raise NotSignedIn
    if moment - session.seen_at > _TOUCH_MS:
        # Reading goes on while the database cannot be written.
        with suppress(Unavailable):
            await sessions.touch(key, moment)
    return session


async def start_session(request: ServiceRequest, response: Response, person: Person) -> None:
    """Sign a browser in by a secret that is new, whatever cookie it came with; sets the cookie."""
    secret, moment = new_secret(), now()
    before = request.cookies.get(cookie_name(request))
    await request.state["store"].sessions.start(
        hash_secret(secret),
        Session(str(new_id()), person, browser_name(request.headers.get("user-agent", "")), moment, moment),
        instead_of=hash_secret(before) if before else None,
        started_since=moment - SESSION_LIFE_MS,
    )
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=SESSION_LIFE_MS // 1000,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="strict",
    )


async def end_session(request: ServiceRequest, response: Response) -> None:
    """Sign a browser out: the session is gone on the server, whatever the browser keeps."""
    cookie = request.cookies.get(cookie_name(request))
    if cookie:
        await request.state["store"].sessions.end(hash_secret(cookie))
    response.delete_cookie(
        cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="strict"
    )


def cookie_name(request: ServiceRequest) -> str:
    """The session cookie's name; its prefix binds it to this host, but browsers take it over HTTPS only."""
    return "__Host-feedback" if is_https(request) else "feedback"


def is_https(request: ServiceRequest) -> bool:
    """Whether the visitor's side of this server speaks HTTPS."""
    return request.url.scheme == "https" or request.state["settings"].public_url.startswith("https:")
