"""The page behind an invitation or a link of an admin: set a password, then sign in with it."""

from starlette.responses import RedirectResponse, Response

from feedback.errors import Invalid
from feedback.model.access import Account, Purpose
from feedback.model.audit import Action
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import anybody
from feedback.review.password_rules import MIN_LENGTH, check_password
from feedback.review.secrets import hash_secret, now
from feedback.state import ServiceRequest

_PURPOSES = (Purpose.INVITATION, Purpose.RESET)


@anybody
async def get_password(request: ServiceRequest) -> Response:
    """GET /admin/password?token=...: a form; looking at it does not use the link up."""
    secret = request.query_params.get("token", "")
    account = await _account(request, secret)
    return _page(request, account, secret)


@anybody
async def post_password(request: ServiceRequest) -> Response:
    """POST /admin/password: set the password; all sessions and links of before end."""
    fields = await read_form(request, ("token", "password"))
    account = await _account(request, fields["token"])
    if account is None:
        return _page(request, None, "")
    fault = check_password(fields["password"], (account.name, account.email))
    if fault:
        return _page(request, account, fields["token"], Invalid(fault))
    password_hash = await request.state["passwords"].hash(fields["password"])
    sessions = request.state["store"].sessions
    if not await sessions.use_ticket(hash_secret(fields["token"]), _PURPOSES, now()):
        return _page(request, None, "")
    changed = entry(request, account.person, Action.PASSWORD_CHANGED, account.id)
    await request.state["store"].people.set_password(account.id, password_hash, changed)
    return RedirectResponse(path(request, "/admin/sign-in?password=set"), 303)


async def _account(request: ServiceRequest, secret: str) -> Account | None:
    store = request.state["store"]
    ticket = await store.sessions.find_ticket(hash_secret(secret), _PURPOSES, now())
    account = await store.people.find(ticket.person) if ticket and ticket.person else None
    return account if account and account.disabled_at is None else None


def _page(
    request: ServiceRequest, account: Account | None, secret: str, problem: Invalid | None = None
) -> Response:
    values = {"account": account, "token": secret, "min_length": MIN_LENGTH}
    status = 200 if account else 403
    return form_page(request, "review/password.html", None, values, problem=problem, status=status)
