"""The page by which an admin makes and revokes the tokens of scripts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from starlette.responses import RedirectResponse, Response

from feedback.errors import Invalid, NotFound
from feedback.model import Person, Role
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.review.people import typed_sites
from feedback.review.tokens import add_token, parse_token, revoke_token
from feedback.state import ServiceRequest

_SUGGESTED_LIFE = timedelta(days=365)


@needs(Role.ADMIN, all_sites=True)
async def get_tokens(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/tokens: all of them, and a form to make one."""
    return await _tokens(request, person)


@needs(Role.ADMIN, all_sites=True)
async def post_tokens(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/tokens: make one, and show it, once."""
    fields = await read_form(request, ("name", "role", "sites", "expires_at"))
    try:
        wanted = parse_token({**fields, "sites": typed_sites(fields["sites"])})
    except Invalid as problem:
        return await _tokens(request, person, fields, problem)
    _, text = await add_token(request.state["store"], wanted, partial(entry, request, person))
    return form_page(request, "review/token.html", person, {"name": wanted.name, "token": text})


@needs(Role.ADMIN, all_sites=True)
async def post_revoke(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/tokens/{id}/revoke: let a token in no more, from this moment on."""
    note = partial(entry, request, person)
    if not await revoke_token(request.state["store"], request.path_params["id"], note):
        raise NotFound
    return RedirectResponse(path(request, "/admin/tokens"), 303)


async def _tokens(
    request: ServiceRequest,
    person: Person,
    fields: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response:
    tokens = await request.state["store"].tokens.all()
    fields = fields or {
        "role": Role.VIEWER,
        "expires_at": (datetime.now(UTC) + _SUGGESTED_LIFE).date().isoformat(),
    }
    values = {"tokens": tokens, "roles": list(Role)}
    return form_page(request, "review/tokens.html", person, values, fields=fields, problem=problem)
