"""The web team's work by API: change one submission or many, write notes, take the last change back."""

import time
from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse, Response

from feedback.errors import Fault, Invalid, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import decode_json
from feedback.ids import new_id
from feedback.model import Cursor, Note, Person, Role, ScrubbedNote
from feedback.model.audit import Action
from feedback.model.desk import Change, Changed
from feedback.review.api import note_json, own, to_json
from feedback.review.audited import entry
from feedback.review.changes import parse_change
from feedback.review.filters import NOT_CHOOSING, parse_filters, read_cursor, write_cursor
from feedback.review.guard import needs
from feedback.review.own_words import scrub_own
from feedback.state import ServiceRequest
from feedback.store.finding import following

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
    """POST /admin/api/feedback/bulk: change those of `ids`, all that `filters` choose, or `everything`."""
    fields = await _read(request)
    keys, query, everything = (fields.pop(name, None) for name in ("ids", "filters", "everything"))
    begun = fields.pop("next", None)
    if [keys, query, everything].count(None) != 2 or (everything is not None and everything is not True):
        raise Invalid(Fault("body", "which"))
    change = await parse_change(request, person, fields)
    if keys is not None:
        done = await change_some(request, person, change, keys)
    else:
        chosen = {} if everything else chosen_by(_texts("filters", query))
        done = await change_all(request, person, change, chosen, begun)
    return JSONResponse({"changed": done.submissions, "next": next_of(done)})


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


def chosen_by(query: Mapping[str, str]) -> Mapping[str, str]:
    """The same query; raises Invalid where it leaves nothing out, which is to be said in so many words."""
    if not any(value for name, value in query.items() if name not in NOT_CHOOSING):
        raise Invalid(Fault("filters", "everything"))
    return query


async def change_all(
    request: ServiceRequest, person: Person, change: Change, query: Mapping[str, str], begun: object
) -> Changed:
    """Change all that the filters of a query choose, some thousand at most; `begun` is of `next_of`."""
    filters, action = parse_filters(own(query, person)), None
    if begun is not None:
        rest, action = _read_next(begun)
        filters = following(filters, rest)
    changed = entry(request, person, Action.FEEDBACK_CHANGED)
    return await request.state["store"].changes.change_all(filters, change, person.scope, changed, action)


def next_of(done: Changed) -> str | None:
    """What goes on with the rest of a change, as one word; None where nothing is left."""
    return f"{write_cursor(done.rest)}.{done.action}" if done.rest else None


def _read_next(value: object) -> tuple[Cursor, str]:
    text, _, action = value.partition(".") if isinstance(value, str) else ("", "", "")
    rest = read_cursor(text)
    if rest is None:
        raise Invalid(Fault("next", "not_cursor"))
    return rest, action


async def _read(request: ServiceRequest) -> dict[str, object]:
    media_type(request, "application/json")
    return decode_json(await read_body(request, _BODY_LIMIT))


def _texts(field: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise Invalid(Fault(field, "wrong_type"))
    return {str(name): str(each) for name, each in value.items()}
