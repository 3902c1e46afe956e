"""Signing in by password and second factor or by a one-time link, and out; no answer tells what was wrong."""

from contextlib import suppress
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotSignedIn
from feedback.http.request_log import request_id
from feedback.model.access import OPERATOR_PERSON, Account, Purpose, Ticket
from feedback.model.audit import SERVICE, Action, AuditEntry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import anybody
from feedback.review.guessing import begin_try
from feedback.review.password_rules import MAX_LENGTH
from feedback.review.same_origin import comes_from_elsewhere
from feedback.review.second_factor import matching_step, recovery_code_hash
from feedback.review.secrets import hash_secret, new_secret, now
from feedback.review.sessions import (
    cookie_of,
    drop_cookie,
    end_session,
    find_session,
    set_cookie,
    start_session,
)
from feedback.state import ServiceRequest

_STEP_LIFE_MS: Final = 10 * 60_000
# Binds the second step to the browser of the first.
_STEP_COOKIE: Final = "step"
_WRONG: Final = Invalid(Fault("sign_in", "wrong_sign_in"))
_WRONG_CODE: Final = Invalid(Fault("code", "wrong_code"))


@anybody
async def get_sign_in(request: ServiceRequest) -> Response:
    """GET /admin/sign-in: a form; with a good one-time token of the start, signs in."""
    token = request.query_params.get("token")
    # A browser that loads pages ahead must not use the link up.
    ahead = "prefetch" in request.headers.get("sec-purpose", "") or request.method == "HEAD"
    if not token or ahead:
        return sign_in_page(request)
    ticket = await request.state["store"].sessions.use_ticket(hash_secret(token), (Purpose.FIRST,), now())
    if ticket is None:
        return sign_in_page(request, used=True)
    response = to_inbox(request)
    await start_session(request, response, OPERATOR_PERSON)
    return response


@anybody
async def post_sign_in(request: ServiceRequest) -> Response:
    """POST /admin/sign-in: the password; then the second factor, where there is one."""
    fields = await read_form(request, ("email", "password"))
    # A password longer than any that is taken is as wrong cut short.
    email, password = fields["email"].strip(), fields["password"][: MAX_LENGTH + 1]
    attempt = await begin_try(request, email)
    account = await request.state["store"].people.find_by_email(email if email.isprintable() else "")
    usable = account if account and account.disabled_at is None else None
    passwords = request.state["passwords"]
    right = await passwords.verify(password, usable.password_hash if usable else None)
    if not right or usable is None:
        await _failed(request, account)
        return sign_in_page(request, email=email, problem=_WRONG)
    await attempt.succeeded()
    await _renew_hash(request, usable, password)
    if usable.totp_secret is not None:
        return await _to_second_step(request, usable)
    response = to_inbox(request)
    await start_session(request, response, usable.person)
    return response


@anybody
async def get_code(request: ServiceRequest) -> Response:
    """GET /admin/sign-in/code: a form for the second factor of the browser whose password was right."""
    if await _second_step(request) is None:
        return RedirectResponse(path(request, "/admin/sign-in"), 303)
    return form_page(request, "review/sign_in_code.html", None, {})


@anybody
async def post_code(request: ServiceRequest) -> Response:
    """POST /admin/sign-in/code: a code of the app, or a recovery code."""
    account = await _second_step(request)
    if account is None:
        return RedirectResponse(path(request, "/admin/sign-in"), 303)
    code = (await read_form(request, ("code",)))["code"].strip()
    attempt = await begin_try(request, account.email)
    by = await _take_code(request, account, code)
    if by is None:
        await _failed(request, account)
        return form_page(request, "review/sign_in_code.html", None, {}, problem=_WRONG_CODE)
    await attempt.succeeded()
    secret = hash_secret(cookie_of(request, _STEP_COOKIE))
    if not await request.state["store"].sessions.use_ticket(secret, (Purpose.SECOND_FACTOR,), now()):
        return RedirectResponse(path(request, "/admin/sign-in"), 303)
    response = to_inbox(request)
    drop_cookie(request, response, _STEP_COOKIE)
    await start_session(request, response, account.person, by=by)
    return response


@anybody
async def post_sign_out(request: ServiceRequest) -> Response:
    """POST /admin/sign-out."""
    elsewhere = await _provider_sign_out(request)
    response: Response = RedirectResponse(path(request, "/admin/sign-in"), 303)
    if elsewhere:
        response = form_page(request, "review/signed_out.html", None, {"elsewhere": elsewhere})
    await end_session(request, response)
    return response


def to_inbox(request: ServiceRequest) -> Response:
    """On to where work begins, with a cookie that the next page is to see."""
    inbox = path(request, "/admin/feedback")
    if comes_from_elsewhere(request):
        # A link in web mail: browsers hold a strict cookie back on a redirect that another site began, so a
        # page of our own leads on.
        return form_page(request, "review/signed_in.html", None, {"inbox": inbox})
    return RedirectResponse(inbox, 303)


def sign_in_page(
    request: ServiceRequest,
    *,
    email: str = "",
    used: bool = False,
    sso_failed: bool = False,
    problem: Invalid | None = None,
) -> Response:
    """The form, and what came of the try before."""
    status = 403 if used or sso_failed else 200
    settings = request.state["settings"]
    values = {
        "used": used,
        "sso_failed": sso_failed,
        "password_set": request.query_params.get("password") == "set",
        "sso": settings.sso_name if settings.sso_issuer else None,
    }
    return form_page(
        request, "review/sign_in.html", None, values, fields={"email": email}, problem=problem, status=status
    )


async def _provider_sign_out(request: ServiceRequest) -> str | None:
    """Where somebody who came from the identity provider signs out of it, too."""
    provider, store = request.state["sso"], request.state["store"]
    if provider is None:
        return None
    with suppress(NotSignedIn):
        account = await store.people.find((await find_session(request)).person.id)
        if account is not None and account.sso_subject is not None:
            return await provider.sign_out_url(f"{request.state['settings'].public_url}/admin/sign-in")
    return None


async def _failed(request: ServiceRequest, account: Account | None) -> None:
    """Written down for unknown names too, so that both take the same time; without what was typed."""
    failed = AuditEntry(
        SERVICE, SERVICE, Action.SIGN_IN_FAILED, account.id if account else None, request=request_id(request)
    )
    await request.state["store"].audit(failed)


async def _renew_hash(request: ServiceRequest, account: Account, password: str) -> None:
    known, passwords = account.password_hash, request.state["passwords"]
    if known and passwords.is_outdated(known):
        renewed = await passwords.hash(password)
        await request.state["store"].people.rehash_password(account.id, known, renewed)


async def _to_second_step(request: ServiceRequest, account: Account) -> Response:
    secret, moment = new_secret(), now()
    ticket = Ticket(hash_secret(secret), Purpose.SECOND_FACTOR, moment + _STEP_LIFE_MS, account.id)
    await request.state["store"].sessions.add_ticket(ticket, moment)
    response = RedirectResponse(path(request, "/admin/sign-in/code"), 303)
    set_cookie(request, response, secret, _STEP_LIFE_MS, _STEP_COOKIE)
    return response


async def _second_step(request: ServiceRequest) -> Account | None:
    """Whose password was right a moment ago in this browser."""
    store, secret = request.state["store"], cookie_of(request, _STEP_COOKIE)
    ticket = await store.sessions.find_ticket(hash_secret(secret), (Purpose.SECOND_FACTOR,), now())
    account = await store.people.find(ticket.person) if ticket and ticket.person else None
    return account if account and account.disabled_at is None else None


async def _take_code(request: ServiceRequest, account: Account, code: str) -> str | None:
    """What the code is of, as the audit log says it; None where it is wrong or was taken before."""
    people = request.state["store"].people
    step = matching_step(account.totp_secret or "", code, now())
    if step is not None:
        return "app" if await people.use_totp_step(account.id, step) else None
    used = await people.use_recovery_code(account.id, recovery_code_hash(code))
    return "recovery_code" if used else None
