"""The web team's work by API: change one submission or many, write notes, take the last change back."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import JSONResponse, Response

from feedback.errors import Fault, Invalid, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import decode_json
from feedback.ids import new_id
from feedback.model import Note, Person, Role, ScrubbedNote
from feedback.model.audit import Action
from feedback.model.desk import Change, Changed
from feedback.review.api import note_json, own, to_json
from feedback.review.audited import entry
from feedback.review.changes import parse_change
from feedback.review.filters import parse_filters
from feedback.review.guard import needs
from feedback.review.own_words import scrub_own
from feedback.state import ServiceRequest

MAX_NOTE: Final = 2_000  # characters
MAX_KEYS: Final = 200
_BODY_LIMIT: Final = 16_384  # bytes


@needs(Role.REVIEWER)
async def patch_one(request: ServiceRequest, person: Person) -> Response:
    """PATCH /admin/api/feedback/{id}: change its status, assignee or tags."""
    change = await parse_change(request, person, await _read(request))
    key = request.path_params["id"]
    changed = entry(request, person, Action.FEEDBACK_CHANGED, key)
    item = await request.state["store"].change_one(key, change, person.scope, changed)
    if item is None:
        raise NotFound
    return JSONResponse(to_json(item))


@needs(Role.REVIEWER)
async def post_note(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/feedback/{id}/notes: `{"text"}`."""
    fields = await _read(request)
    if fields.keys() - {"text"}:
        raise Invalid(Fault("body", "unknown_field"))
    note = await add_note(request, person, fields.get("text"))
    return JSONResponse(note_json(Note(note.id, note.made_at, note.made_by, note.words.text)), 201)


@needs(Role.REVIEWER)
async def post_bulk(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/feedback/bulk: change those of `ids`, or all that `filters` choose."""
    fields = await _read(request)
    keys, query = fields.pop("ids", None), fields.pop("filters", None)
    if (keys is None) == (query is None):
        raise Invalid(Fault("body", "ids_or_filters"))
    change = await parse_change(request, person, fields)
    if query is None:
        done = await change_some(request, person, change, keys)
    else:
        done = await change_all(request, person, change, _texts("filters", query))
    return JSONResponse({"changed": done.submissions, "more": done.more})


@needs(Role.REVIEWER)
async def post_undo(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/api/feedback/undo: take back what this token or person changed last."""
    undone = entry(request, person, Action.FEEDBACK_CHANGED)
    done = await request.state["store"].changes.undo(person.scope, undone)
    return JSONResponse({"changed": done.submissions})


async def add_note(request: ServiceRequest, person: Person, text: object) -> ScrubbedNote:
    """Keep a note about the submission of the address, scrubbed; raises Invalid and NotFound."""
    words = scrub_own("text", text, MAX_NOTE, request.state["scrubber"])
    note = ScrubbedNote(str(new_id()), time.time_ns() // 1_000_000, person.name, words)
    key = request.path_params["id"]
    added = entry(request, person, Action.NOTE_ADDED, key)
    if not await request.state["store"].add_note(key, note, person.scope, added):
        raise NotFound
    return note


async def change_some(request: ServiceRequest, person: Person, change: Change, keys: object) -> Changed:
    """Change the submissions of some ids; raises Invalid for what are none."""
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise Invalid(Fault("ids", "not_id"))
    if len(keys) > MAX_KEYS:
        raise Invalid(Fault("ids", "too_many_ids", MAX_KEYS))
    changed = entry(request, person, Action.FEEDBACK_CHANGED)
    store = request.state["store"]
    return await store.changes.change(list(dict.fromkeys(keys)), change, person.scope, changed)


async def change_all(
    request: ServiceRequest, person: Person, change: Change, query: Mapping[str, str]
) -> Changed:
    """Change all that the filters of a query choose, some thousand at most."""
    filters = replace(parse_filters(own(query, person)), after=None)
    changed = entry(request, person, Action.FEEDBACK_CHANGED)
    return await request.state["store"].changes.change_all(filters, change, person.scope, changed)


async def _read(request: ServiceRequest) -> dict[str, object]:
    media_type(request, "application/json")
    return decode_json(await read_body(request, _BODY_LIMIT))


def _texts(field: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise Invalid(Fault(field, "wrong_type"))
    return {str(name): str(each) for name, each in value.items()}
