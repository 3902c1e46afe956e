"""Single sign-on: to the identity provider and back, and who of those who come back has an account here."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import NotFound, SsoFailed, StartError
from feedback.http.request_log import request_id
from feedback.ids import new_id
from feedback.model import EVERYTHING, Role
from feedback.model.access import Account, Identity, Purpose, Ticket
from feedback.model.audit import SERVICE, Action, AuditEntry
from feedback.review.forms import form_page, path
from feedback.review.guard import anybody
from feedback.review.guessing import Try, begin_try, limits_of_address
from feedback.review.people import MAX_NAME, named_sites
from feedback.review.same_origin import comes_from_elsewhere
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.review.sessions import cookie_of, drop_cookie, set_cookie, start_session
from feedback.review.sign_in import sign_in_page
from feedback.settings import Settings
from feedback.state import ServiceRequest

if TYPE_CHECKING:
    from feedback.review.sso_provider import Provider

_UNDER_WAY_MS: Final = 10 * 60_000
_COOKIE: Final = "sso"
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


def open_provider(settings: Settings) -> "Provider | None":
    """The provider of the settings; None where there is none. Raises StartError in one sentence."""
    if settings.sso_header is not None and settings.trusted_proxies is None:
        raise StartError("FEEDBACK_SSO_HEADER needs FEEDBACK_TRUSTED_PROXIES: nobody else may say who comes.")
    if settings.sso_issuer is None:
        return None
    if settings.sso_client_id is None:
        raise StartError("FEEDBACK_SSO_ISSUER needs FEEDBACK_SSO_CLIENT_ID.")
    try:
        # Here, since its libraries are an extra.
        from feedback.review.sso_provider import Provider
    except ModuleNotFoundError:
        raise StartError(
            "Single sign-on needs its libraries; install the package as page-feedback[sso]."
        ) from None
    secret = settings.sso_client_secret
    return Provider(
        settings.sso_issuer,
        settings.sso_client_id,
        secret.get_secret_value() if secret else None,
        settings.sso_scopes,
        settings.sso_groups,
    )


@anybody
async def get_sso(request: ServiceRequest) -> Response:
    """GET /admin/sso: off to the provider, with a cookie by which this browser is known again."""
    if comes_from_elsewhere(request):
        # Pictures on a page of another site could use up the tries of everybody behind one address.
        return sign_in_page(request)
    try:
        return await _go(request)
    except SsoFailed:
        return sign_in_page(request, sso_failed=True)


@anybody
async def get_callback(request: ServiceRequest) -> Response:
    """GET /admin/sso/callback: back from the provider; each answer counts once, in the browser that asked."""
    try:
        return await _come(request)
    except SsoFailed:
        return sign_in_page(request, sso_failed=True)


async def _go(request: ServiceRequest) -> Response:
    # Each beginning is a row until it is finished or has run out.
    attempt = await begin_try(request, None)
    url, begun = await _provider(request).begin(_back(request))
    secret = new_secret()
    ticket = Ticket(hash_secret(secret), Purpose.SSO, attempt.at + _UNDER_WAY_MS, None, begun.to_json())
    await request.state["store"].sessions.add_ticket(ticket, attempt.at)
    response = RedirectResponse(url, 303)
    set_cookie(request, response, secret, _UNDER_WAY_MS, _COOKIE, from_elsewhere=True)
    return response


async def _come(request: ServiceRequest) -> Response:
    provider, store = _provider(request), request.state["store"]
    secret = hash_secret(cookie_of(request, _COOKIE))
    ticket = await store.sessions.use_ticket(secret, (Purpose.SSO,), now())
    if ticket is None or ticket.detail is None:
        raise SsoFailed
    identity = await provider.finish(request.query_params, ticket.detail, _back(request))
    account = await account_of(request, identity)
    if account is None:
        await store.audit(_by_sso(request, Action.SIGN_IN_FAILED, None))
        raise SsoFailed
    await Try(store, limits_of_address(request), ticket.expires_at - _UNDER_WAY_MS).succeeded()
    # A page of our own leads on: browsers hold the session's cookie back while another site leads.
    response = form_page(request, "review/signed_in.html", None, {"inbox": path(request, "/admin/feedback")})
    drop_cookie(request, response, _COOKIE)
    await start_session(request, response, account.person, by="sso")
    return response


async def account_of(request: ServiceRequest, identity: Identity) -> Account | None:
    """The account of somebody whom the provider knows, with the role of their groups where groups give roles.

    An account is found by the provider's own id of the person. The first time, an address that the provider
    has verified finds the account of an invitation; somebody whose groups give a role needs no invitation.
    """
    store, settings = request.state["store"], request.state["settings"]
    role = role_of(identity.groups, settings.sso_roles) if settings.sso_roles else None
    if settings.sso_roles and role is None:
        return None
    account = await store.people.find_by_sso_subject(identity.subject)
    if account is None:
        account = await _first_time(request, identity, role)
    if account is None or account.disabled_at is not None:
        return None
    if role is not None and role != account.role:
        changed = _by_sso(request, Action.PERSON_CHANGED, account.id, role=role)
        await store.people.change(account.id, account.name, role, account.scope, changed)
    return await store.people.find(account.id)


def role_of(groups: frozenset[str], roles: Mapping[str, Role]) -> Role | None:
    """The most that any of the groups gives."""
    given = [role for role in Role if any(roles.get(group) is role for group in groups)]
    return given[-1] if given else None


async def _first_time(request: ServiceRequest, identity: Identity, role: Role | None) -> Account | None:
    store, email = request.state["store"], identity.email
    if email is None or not email.isprintable() or not _EMAIL.fullmatch(email):
        return None
    known = await store.people.find_by_email(email)
    if known is not None:
        # An address that nobody has verified could be anybody's; nor does one account become two people's.
        if known.sso_subject or not (identity.email_verified or request.state["settings"].sso_trust_email):
            return None
        bound = _by_sso(request, Action.PERSON_CHANGED, known.id, bound=1)
        return known if await store.people.set_sso_subject(known.id, identity.subject, bound) else None
    if role is None:
        return None
    name = "".join(each for each in identity.name if each.isprintable())[:MAX_NAME] or email
    account = Account(str(new_id()), email, name, role, EVERYTHING, now(), sso_subject=identity.subject)
    added = _by_sso(request, Action.PERSON_ADDED, account.id, role=role, sites=named_sites(EVERYTHING))
    return account if await store.people.add(account, added) else None


def _by_sso(request: ServiceRequest, action: Action, account: str | None, **detail: str | int) -> AuditEntry:
    return AuditEntry(SERVICE, SERVICE, action, account, {**detail, "by": "sso"}, request_id(request))


def _provider(request: ServiceRequest) -> "Provider":
    provider = request.state["sso"]
    if provider is None:
        raise NotFound
    return provider


def _back(request: ServiceRequest) -> str:
    return f"{request.state['settings'].public_url}/admin/sso/callback"
