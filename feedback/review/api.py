"""The web team's API to read submissions by: the same store calls as the pages, as JSON."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from feedback.errors import NotFound
from feedback.model import Feedback, Note, Person, Role
from feedback.model.audit import Action
from feedback.review.audited import entry
from feedback.review.changes import ME
from feedback.review.filters import parse_filters, write_cursor
from feedback.review.guard import needs
from feedback.state import ServiceRequest


@needs(Role.VIEWER)
async def get_list(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/feedback: newest first, a page at a time."""
    page = await request.state["store"].find(parse_filters(own(request.query_params, person)), person.scope)
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


def own(query: Mapping[str, str], person: Person) -> dict[str, str]:
    """The same query, with the asking person's id where it says `me`."""
    return {name: person.id if (name, value) == ("assignee", ME) else value for name, value in query.items()}


def note_json(note: Note) -> dict[str, str]:
    """A note as scripts see it."""
    made_at = note.made.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": note.id, "made_at": made_at, "made_by": note.made_by, "text": note.words}


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
        "urgent": item.urgent,
        "tags": item.tags,
        "assignee": item.assignee,
        "spam": {"score": item.spam.score, "reasons": item.spam.reasons},
        "removed": [{"field": one.field, "kind": one.kind, "count": one.count} for one in item.removed],
        "scrub_version": item.scrub_version,
        "notes": [note_json(note) for note in item.notes],
    }
