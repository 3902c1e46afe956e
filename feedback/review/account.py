"""One's own account: password, second factor and the browsers one is signed in with."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotAllowed, NotFound, NotSignedIn
from feedback.model import OPERATOR, Person, Role
from feedback.model.access import Account
from feedback.model.audit import Action
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.review.guessing import begin_try
from feedback.review.password_rules import MAX_LENGTH, MIN_LENGTH, check_password
from feedback.review.people import add_person, parse_email, parse_profile
from feedback.review.second_factor import (
    is_totp_secret,
    matching_step,
    new_recovery_codes,
    new_totp_secret,
    qr_code,
    recovery_code_hash,
    totp_uri,
)
from feedback.review.secrets import now
from feedback.review.sessions import find_session, is_alive, start_session
from feedback.state import ServiceRequest


@needs(Role.VIEWER)
async def get_account(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/account: one's own account; for the operator, a form to make one."""
    if person.id == OPERATOR:
        return _set_up_page(request, person)
    return await _page(request, person)


@needs(Role.ADMIN, all_sites=True)
async def post_set_up(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/account/set-up: the operator's own account, which takes over from the link of the start."""
    if person.id != OPERATOR:
        raise NotAllowed
    fields = await read_form(request, ("email", "name", "password"))
    try:
        email, profile = parse_email(fields), parse_profile({**fields, "role": Role.ADMIN, "sites": None})
        _check(fields["password"], "password", (profile.name, email))
        password_hash = await request.state["passwords"].hash(fields["password"])
        account = await add_person(
            request.state["store"],
            email,
            profile,
            partial(entry, request, person),
            password_hash=password_hash,
        )
    except Invalid as problem:
        return _set_up_page(request, person, fields, problem)
    response = RedirectResponse(path(request, "/admin/account"), 303)
    await start_session(request, response, account.person)
    return response


@needs(Role.VIEWER)
async def post_password(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/account/password: change it; all other browsers are signed out."""
    account = await _account(request, person)
    fields = await read_form(request, ("current", "password"))
    try:
        await _check_current(request, account, fields["current"])
        _check(fields["password"], "password", (account.name, account.email))
    except Invalid as problem:
        return await _page(request, person, problem)
    password_hash = await request.state["passwords"].hash(fields["password"])
    changed = entry(request, person, Action.PASSWORD_CHANGED, account.id)
    await request.state["store"].people.set_password(account.id, password_hash, changed)
    response = RedirectResponse(path(request, "/admin/account"), 303)
    await start_session(request, response, person)
    return response


@needs(Role.VIEWER)
async def get_second_factor(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/account/second-factor: a new secret as a QR code; it counts once a code of it has come."""
    account = await _account(request, person)
    return _second_factor_page(request, person, account, new_totp_secret())


@needs(Role.VIEWER)
async def post_second_factor(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/account/second-factor: set it, and show the recovery codes, once."""
    account = await _account(request, person)
    fields = await read_form(request, ("secret", "code", "current"))
    if not is_totp_secret(fields["secret"]):
        raise Invalid(Fault("secret", "not_choice"))
    try:
        await _check_current(request, account, fields["current"])
        step = _step_of(fields["secret"], fields["code"])
    except Invalid as problem:
        return _second_factor_page(request, person, account, fields["secret"], problem)
    codes = new_recovery_codes()
    await request.state["store"].people.set_second_factor(
        account.id,
        fields["secret"],
        step,
        map(recovery_code_hash, codes),
        entry(request, person, Action.SECOND_FACTOR_CHANGED, account.id, set=1),
    )
    return form_page(request, "review/recovery_codes.html", person, {"codes": codes})


@needs(Role.VIEWER)
async def post_second_factor_off(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/account/second-factor/off: do without one."""
    account, fields = await _account(request, person), await read_form(request, ("current",))
    try:
        await _check_current(request, account, fields["current"])
    except Invalid as problem:
        return await _page(request, person, problem)
    changed = entry(request, person, Action.SECOND_FACTOR_CHANGED, account.id, set=0)
    await request.state["store"].people.set_second_factor(account.id, None, None, (), changed)
    return RedirectResponse(path(request, "/admin/account"), 303)


@needs(Role.VIEWER)
async def post_session_end(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/account/sessions/{id}/end: sign one of one's own browsers out."""
    key = request.path_params["id"]
    ended = entry(request, person, Action.SESSION_ENDED, person.id)
    if not await request.state["store"].sessions.end_of_person(person.id, key, ended):
        raise NotFound
    return RedirectResponse(path(request, "/admin/account"), 303)


async def _account(request: ServiceRequest, person: Person) -> Account:
    """The account of whoever is asking; raises NotAllowed for tokens and the link of the start."""
    account = await request.state["store"].people.find(person.id) if person.has_account else None
    if account is None:
        raise NotAllowed
    return account


async def _check_current(request: ServiceRequest, account: Account, password: str) -> None:
    """Raise Invalid unless this is the password: a borrowed browser is not enough (OWASP ASVS 5.0, 7.5.1)."""
    attempt = await begin_try(request, account.email)
    if not await request.state["passwords"].verify(password[: MAX_LENGTH + 1], account.password_hash):
        failed = entry(request, account.person, Action.SIGN_IN_FAILED, account.id)
        await request.state["store"].audit(failed)
        raise Invalid(Fault("current", "wrong_password"))
    await attempt.succeeded()


def _step_of(secret: str, code: str) -> int:
    step = matching_step(secret, code.strip(), now())
    if step is None:
        raise Invalid(Fault("code", "wrong_code"))
    return step


def _check(password: str, field: str, about: tuple[str, ...]) -> None:
    fault = check_password(password, about, field)
    if fault:
        raise Invalid(fault)


async def _page(request: ServiceRequest, person: Person, problem: Invalid | None = None) -> Response:
    store, moment = request.state["store"], now()
    account = await _account(request, person)
    current = ""
    with suppress(NotSignedIn):  # who comes by a proxy has none
        current = (await find_session(request)).id
    values = {
        "account": account,
        "current": current,
        "sessions": [each for each in await store.sessions.of_person(person.id) if is_alive(each, moment)],
        "codes_left": await store.people.recovery_codes_left(person.id),
        "min_length": MIN_LENGTH,
    }
    return form_page(request, "review/account.html", person, values, problem=problem)


def _set_up_page(
    request: ServiceRequest,
    person: Person,
    fields: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response:
    values = {"min_length": MIN_LENGTH}
    return form_page(request, "review/set_up.html", person, values, fields=fields, problem=problem)


def _second_factor_page(
    request: ServiceRequest, person: Person, account: Account, secret: str, problem: Invalid | None = None
) -> Response:
    templates = request.state["templates"]
    t = templates.words.translate(templates.language(request))
    uri = totp_uri(secret, account.email, t("review.service"))
    values = {"secret": secret, "email": account.email, "qr": qr_code(uri, t("access.qr"))}
    return form_page(request, "review/second_factor.html", person, values, problem=problem)
