"""People and tokens for scripts, as JSON; a secret is in the one answer that makes it and in no other."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import JSONResponse, Response

from feedback.errors import Fault, Invalid, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import decode_json
from feedback.model import Person, Role
from feedback.model.access import Account, ApiToken
from feedback.review.audited import entry
from feedback.review.forms import BODY_LIMIT
from feedback.review.guard import needs
from feedback.review.people import (
    PROFILE,
    add_person,
    change_person,
    disable_person,
    enable_person,
    forget_person,
    make_link,
    parse_email,
    parse_profile,
)
from feedback.review.tokens import add_token, parse_token, revoke_token
from feedback.state import ServiceRequest


@needs(Role.ADMIN, all_sites=True)
async def get_people(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/people: everybody, by name."""
    return JSONResponse({"items": [_person(each) for each in await request.state["store"].people.all()]})


@needs(Role.ADMIN, all_sites=True)
async def post_people(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/people: add somebody; the answer has the link by which they come in."""
    fields = await _fields(request, ("email", *PROFILE))
    note = partial(entry, request, person)
    account = await add_person(request.state["store"], parse_email(fields), parse_profile(fields), note)
    return JSONResponse({**_person(account), "link": await _link(request, person, account)}, 201)


@needs(Role.ADMIN, all_sites=True)
async def get_person(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/people/{id}."""
    return JSONResponse(_person(await _account(request)))


@needs(Role.ADMIN, all_sites=True)
async def patch_person(request: ServiceRequest, person: Person) -> Response:
    """PATCH /admin/api/people/{id}: change name, role, sites, or whether they are disabled."""
    account, store = await _account(request), request.state["store"]
    fields, note = await _fields(request, (*PROFILE, "disabled")), partial(entry, request, person)
    disabled = fields.get("disabled")
    if disabled is not None and not isinstance(disabled, bool):
        raise Invalid(Fault("disabled", "not_choice"))
    if fields.keys() & set(PROFILE):
        now = {"name": account.name, "role": account.role, "sites": _sites(account)}
        await change_person(store, account, parse_profile(now | fields), person.id, note)
    if disabled is True:
        await disable_person(store, account, person.id, note)
    elif disabled is False:
        await enable_person(store, account, note)
    return JSONResponse(_person(await _account(request)))


@needs(Role.ADMIN, all_sites=True)
async def delete_person(request: ServiceRequest, person: Person) -> Response:
    """DELETE /admin/api/people/{id}: delete their account, name and address; answers 204."""
    account, note = await _account(request), partial(entry, request, person)
    await forget_person(request.state["store"], account, person.id, note)
    return Response(status_code=204)


@needs(Role.ADMIN, all_sites=True)
async def post_link(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/people/{id}/link: a one-time link to set a password by."""
    account = await _account(request)
    if account.disabled_at is not None:
        raise NotFound
    return JSONResponse({"link": await _link(request, person, account)}, 201)


@needs(Role.ADMIN, all_sites=True)
async def get_tokens(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/tokens: all tokens, the newest first, without their secrets."""
    return JSONResponse({"items": [_token(each) for each in await request.state["store"].tokens.all()]})


@needs(Role.ADMIN, all_sites=True)
async def post_tokens(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/tokens: make one; the answer has it, and none after that."""
    wanted = parse_token(await _fields(request, (*PROFILE, "expires_at")))
    token, text = await add_token(request.state["store"], wanted, partial(entry, request, person))
    return JSONResponse({**_token(token), "token": text}, 201)


@needs(Role.ADMIN, all_sites=True)
async def delete_token(request: ServiceRequest, person: Person) -> Response:
    """DELETE /admin/api/tokens/{id}: let it in no more."""
    note = partial(entry, request, person)
    if not await revoke_token(request.state["store"], request.path_params["id"], note):
        raise NotFound
    return Response(status_code=204)


async def _fields(request: ServiceRequest, known: Collection[str]) -> dict[str, object]:
    media_type(request, "application/json")
    fields = decode_json(await read_body(request, BODY_LIMIT))
    if fields.keys() - set(known):
        raise Invalid(Fault("body", "unknown_field"))
    return fields


async def _account(request: ServiceRequest) -> Account:
    account = await request.state["store"].people.find(request.path_params["id"])
    if account is None:
        raise NotFound
    return account


async def _link(request: ServiceRequest, person: Person, account: Account) -> str:
    url = request.state["settings"].public_url
    return await make_link(request.state["store"], url, account, partial(entry, request, person))


def _person(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role,
        "sites": _sites(account),
        "second_factor": account.totp_secret is not None,
        "signed_in_at": _iso(account.signed_in),
        "disabled": account.disabled_at is not None,
    }


def _token(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "sites": _sites(token),
        "expires_at": _iso(token.expires),
        "used_at": _iso(token.used),
    }


def _sites(holder: Account | ApiToken) -> list[str] | None:
    return None if holder.scope.sites is None else sorted(holder.scope.sites)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
