"""The pages by which an admin adds people, changes what they may do, and lets them in no more."""

from collections.abc import Mapping
from functools import partial

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotFound
from feedback.model import Person, Role
from feedback.model.access import Account
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.review.people import (
    PROFILE,
    add_person,
    change_person,
    disable_person,
    drop_second_factor,
    enable_person,
    forget_person,
    make_link,
    parse_email,
    parse_profile,
    typed_sites,
)
from feedback.state import ServiceRequest


@needs(Role.ADMIN, all_sites=True)
async def get_people(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/people: everybody, and a form to add somebody."""
    return await _people(request, person)


@needs(Role.ADMIN, all_sites=True)
async def post_people(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people: add somebody, and show the link by which they come in, once."""
    fields = await read_form(request, ("email", *PROFILE))
    store, note = request.state["store"], partial(entry, request, person)
    try:
        account = await add_person(store, parse_email(fields), parse_profile(_typed(fields)), note)
    except Invalid as problem:
        return await _people(request, person, fields, problem)
    return await _linked(request, person, account)


@needs(Role.ADMIN, all_sites=True)
async def get_person(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/people/{id}."""
    account = await _account(request)
    sites = "\n".join(sorted(account.scope.sites or ()))
    return _one(request, person, account, {"name": account.name, "role": account.role, "sites": sites})


@needs(Role.ADMIN, all_sites=True)
async def post_person(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people/{id}: change name, role and sites."""
    account, fields = await _account(request), await read_form(request, PROFILE)
    note = partial(entry, request, person)
    try:
        profile = parse_profile(_typed(fields))
        await change_person(request.state["store"], account, profile, person.id, note)
    except Invalid as problem:
        return _one(request, person, account, fields, problem)
    return _to_people(request)


@needs(Role.ADMIN, all_sites=True)
async def post_link(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people/{id}/link: show a new one-time link, once."""
    account = await _account(request)
    if account.disabled_at is not None:
        raise NotFound
    return await _linked(request, person, account)


@needs(Role.ADMIN, all_sites=True)
async def post_disable(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people/{id}/disable: let somebody in no more, from this moment on."""
    account, note = await _account(request), partial(entry, request, person)
    await disable_person(request.state["store"], account, person.id, note)
    return _to_people(request)


@needs(Role.ADMIN, all_sites=True)
async def post_forget(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people/{id}/forget: delete their account, name and address, once somebody is sure."""
    account, note = await _account(request), partial(entry, request, person)
    fields = await read_form(request, ("sure",))
    if fields["sure"] != "yes":
        raise Invalid(Fault("sure", "not_sure"))
    await forget_person(request.state["store"], account, person.id, note)
    return _to_people(request)


@needs(Role.ADMIN, all_sites=True)
async def post_enable(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people/{id}/enable: let somebody in again."""
    account, note = await _account(request), partial(entry, request, person)
    await enable_person(request.state["store"], account, note)
    return _to_people(request)


@needs(Role.ADMIN, all_sites=True)
async def post_drop_second_factor(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/people/{id}/second-factor: take away a second factor that its owner has lost."""
    account, note = await _account(request), partial(entry, request, person)
    await drop_second_factor(request.state["store"], account, note)
    return _to_people(request)


async def _account(request: ServiceRequest) -> Account:
    account = await request.state["store"].people.find(request.path_params["id"])
    if account is None:
        raise NotFound
    return account


async def _people(
    request: ServiceRequest,
    person: Person,
    fields: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response:
    everybody = await request.state["store"].people.all()
    fields = fields or {"role": Role.REVIEWER}
    values = {"everybody": everybody, "roles": list(Role)}
    return form_page(request, "review/people.html", person, values, fields=fields, problem=problem)


def _one(
    request: ServiceRequest,
    person: Person,
    account: Account,
    fields: Mapping[str, str],
    problem: Invalid | None = None,
) -> Response:
    values = {"account": account, "roles": list(Role)}
    return form_page(request, "review/person.html", person, values, fields=fields, problem=problem)


async def _linked(request: ServiceRequest, person: Person, account: Account) -> Response:
    store, url = request.state["store"], request.state["settings"].public_url
    link = await make_link(store, url, account, partial(entry, request, person))
    return form_page(request, "review/person_link.html", person, {"account": account, "link": link})


def _typed(fields: Mapping[str, str]) -> dict[str, object]:
    return {**fields, "sites": typed_sites(fields["sites"])}


def _to_people(request: ServiceRequest) -> Response:
    return RedirectResponse(path(request, "/admin/people"), 303)
