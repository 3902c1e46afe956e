"""One submission: its words, what the team does with it, and what people see better than the scrubber."""

from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from feedback.errors import Conflict, Fault, Invalid, NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import FORM, decode_form
from feedback.model import Feedback, Person, Removed, Role, Scope
from feedback.model.audit import Action, Audited
from feedback.review.audited import entry
from feedback.review.changes import MAX_TAG, parse_change
from feedback.review.desk_api import MAX_NOTE, add_note
from feedback.review.desk_page import address, can_be_given, desk_page, kept_query, team
from feedback.review.guard import needs
from feedback.review.missed import spans_of
from feedback.review.own_words import scrub_own
from feedback.review.pages import inbox_filters
from feedback.state import ServiceRequest
from feedback.words import Words
from scrubbers import Scrubbed

_BODY_LIMIT: Final = 16_384  # bytes
_FIELDS: Final = ("title", "doing", "comment")
_NEED_A_MODEL: Final = ("PERSON", "LOCATION")
_MAX_MISSED: Final = 200  # characters


@needs(Role.VIEWER)
async def get_item(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/feedback/{id}?...: the query is that of the list it was opened from."""
    store, templates = request.state["store"], request.state["templates"]
    item = await store.find_one(request.path_params["id"], person.scope)
    if item is None:
        raise NotFound
    await store.audit(entry(request, person, Action.FEEDBACK_VIEWED, item.id))
    kept = kept_query(request, "cursor")
    accounts = await team(request)
    names = {each.id: each.name for each in accounts}
    lang = templates.words.language(request.headers.get("accept-language"))
    return desk_page(
        request,
        "review/item.html",
        person,
        {
            "item": item,
            "query": urlencode(kept_query(request)),
            "around": await store.around(item, inbox_filters(kept, person), person.scope),
            "names": names,
            "reviewers": [each for each in accounts if can_be_given(each, Scope(frozenset((item.site,))))],
            "wrong": await store.marks.wrong_of(item.id),
            "history": await store.history(item.id),
            "told": partial(
                _told, names={each.id: each.name for each in accounts}, words=templates.words, lang=lang
            ),
            "kinds": _kinds(request),
            "procedure": request.state["settings"].urgent_procedure,
            "max_note": MAX_NOTE,
            "max_missed": _MAX_MISSED,
            "max_tags": 10 * (MAX_TAG + 2),
        },
    )


@needs(Role.REVIEWER)
async def post_item(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/{id}?...: change status, assignee or tags; then show it again, or `next`."""
    fields = await _fields(request, "status", "assignee", "tags", "next")
    asked: dict[str, object] = {name: fields[name] for name in ("status", "assignee") if fields.get(name)}
    if "tags" in fields:
        asked["tags"] = [tag for tag in map(str.strip, fields["tags"].split(",")) if tag]
    change = await parse_change(request, person, asked)
    key = request.path_params["id"]
    changed = entry(request, person, Action.FEEDBACK_CHANGED, key)
    item = await request.state["store"].change_one(key, change, person.scope, changed)
    if item is None:
        raise NotFound
    following = item.id
    if fields.get("next"):
        kept = kept_query(request, "cursor")
        around = await request.state["store"].around(item, inbox_filters(kept, person), person.scope)
        following = around.older or ""
    return _show(request, following)


@needs(Role.REVIEWER)
async def post_note(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/{id}/notes?...: write a note, which is scrubbed too."""
    await add_note(request, person, (await _fields(request, "text")).get("text"))
    return _show(request, request.path_params["id"], "notes")


@needs(Role.REVIEWER)
async def post_missed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/{id}/missed?...: take out words that the scrubber missed."""
    fields = await _fields(request, "words", "kind")
    store = request.state["store"]
    item = await store.find_one(request.path_params["id"], person.scope)
    if item is None:
        raise NotFound
    missed = " ".join(fields.get("words", "").split())
    if not missed or len(missed) > _MAX_MISSED:
        raise Invalid(Fault("words", "too_long" if missed else "required", _MAX_MISSED if missed else None))
    kind = fields.get("kind", "")
    if kind not in _kinds(request):
        raise Invalid(Fault("kind", "not_choice"))
    words, found = _without(item, missed, kind, request)
    if not found:
        raise Invalid(Fault("words", "not_there"))
    told = entry(request, person, Action.WORDS_REDACTED, item.id, **{kind: sum(one.count for one in found)})
    if not await store.marks.redact(item, words, found, told):
        raise Conflict
    return _show(request, item.id, "removed")


@needs(Role.REVIEWER)
async def post_wrong(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/{id}/wrong?...: what was removed there was no personal number."""
    fields = await _fields(request, "field", "kind")
    key, field, kind = request.path_params["id"], fields.get("field", ""), fields.get("kind", "")
    store = request.state["store"]
    item = await store.find_one(key, person.scope)
    if item is None:
        raise NotFound
    if not any((one.field, one.kind) == (field, kind) for one in item.removed):
        raise Invalid(Fault("kind", "not_choice"))
    noted = entry(request, person, Action.REMOVAL_DOUBTED, key, **{kind: 1})
    await store.marks.note_wrong(key, field, kind, person.scope, noted)
    return _show(request, key, "removed")


def _without(
    item: Feedback, missed: str, kind: str, request: ServiceRequest
) -> tuple[dict[str, Scrubbed], list[Removed]]:
    """The fields of an item that hold some words, without them, and what was taken out of which."""
    stand_ins = {*_kinds(request), *(one.kind for one in item.removed)}
    words: dict[str, Scrubbed] = {}
    found: list[Removed] = []
    for name in _FIELDS:
        text = redacted = getattr(item, name) or ""
        spans = spans_of(missed, text, stand_ins)
        for start, end in reversed(spans):
            redacted = f"{redacted[:start]}[{kind}]{redacted[end:]}"
        if spans:
            words[name] = scrub_own(name, redacted, len(redacted), request.state["scrubber"])
            found.append(Removed(name, kind, len(spans)))
    return words, found


def _kinds(request: ServiceRequest) -> list[str]:
    """What may have been missed: first what no rule finds without a model."""
    return list(dict.fromkeys((*_NEED_A_MODEL, *request.state["scrubber"].kinds)))


def _told(each: Audited, names: Mapping[str, str], words: Words, lang: str) -> str:
    """What the history says of a change, with people by their names."""
    say = words.translate(lang)
    parts = []
    for name, value in each.entry.detail.items():
        if name == "status":
            parts.append(say(f"review.status.{value}"))
        elif name == "assignee":
            parts.append(say("desk.given_to", name=names.get(str(value), say("desk.nobody"))))
        elif name == "tags":
            parts.append(say("desk.tagged", tags=str(value)))
        elif name == "undone":
            parts.append(say("desk.undone"))
        elif words.has(f"kind.{name}"):
            parts.append(say(f"kind.{name}", n=int(str(value))))
    return ", ".join(parts)


async def _fields(request: ServiceRequest, *known: str) -> dict[str, str]:
    media_type(request, FORM)
    fields = decode_form(await read_body(request, _BODY_LIMIT), known)
    return {name: str(value) for name, value in fields.items()}


def _show(request: ServiceRequest, key: str, part: str = "") -> Response:
    """The page of an item, or the list where there is none; the list's filters stay."""
    path = f"/admin/feedback/{key}" if key else "/admin/feedback"
    shown = address(request, path, kept_query(request)) + (f"#{part}" if part else "")
    return RedirectResponse(shown, 303)
