"""The web team's API: the same store calls as the pages, as JSON."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from feedback.audit import Action
from feedback.errors import Fault, Invalid, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import decode_json
from feedback.model import Feedback, Person, Role, Status
from feedback.review.audited import entry
from feedback.review.filters import parse_filters, write_cursor
from feedback.review.guard import needs
from feedback.state import ServiceRequest

_BODY_LIMIT: Final = 16_384  # bytes


@needs(Role.VIEWER)
async def get_list(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/feedback: newest first, a page at a time."""
    page = await request.state["store"].find(parse_filters(request.query_params), person.scope)
    return JSONResponse(
        {
            "items": [to_json(item) for item in page.items],
            "next": write_cursor(page.next) if page.next else None,
        }
    )


@needs(Role.VIEWER)
async def get_one(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/feedback/{id}."""
    store = request.state["store"]
    item = await store.find_one(request.path_params["id"], person.scope)
    if item is None:
        raise NotFound
    await store.audit(entry(request, person, Action.FEEDBACK_VIEWED, item.id))
    return JSONResponse(to_json(item))


@needs(Role.REVIEWER)
async def patch_one(request: ServiceRequest, person: Person) -> Response:
    """PATCH /admin/api/feedback/{id}: change its status."""
    media_type(request, "application/json")
    fields = decode_json(await read_body(request, _BODY_LIMIT))
    if fields.keys() != {"status"}:
        raise Invalid(
            Fault("body", "unknown_field") if fields.keys() - {"status"} else Fault("status", "required")
        )
    key, status = request.path_params["id"], parse_status(fields["status"])
    changed = entry(request, person, Action.FEEDBACK_CHANGED, key, status=status)
    item = await request.state["store"].set_status(key, status, person.scope, changed)
    if item is None:
        raise NotFound
    return JSONResponse(to_json(item))


def parse_status(value: object) -> Status:
    """A status by its name; raises Invalid for anything else."""
    if not isinstance(value, str) or value not in list(Status):
        raise Invalid(Fault("status", "not_choice"))
    return Status(value)


def to_json(item: Feedback) -> dict[str, Any]:
    """An item as scripts see it."""
    return {
        "id": item.id,
        "received_at": item.received.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "site": item.site,
        "path": item.path,
        "title": item.title,
        "lang": item.lang,
        "useful": item.useful,
        "doing": item.doing,
        "comment": item.comment,
        "status": item.status,
        "tags": [],
        "assignee": None,
        "spam": {"score": item.spam.score, "reasons": item.spam.reasons},
        "removed": [{"field": one.field, "kind": one.kind, "count": one.count} for one in item.removed],
        "scrub_version": item.scrub_version,
        "notes": [],
    }
