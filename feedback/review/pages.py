"""The web team's pages: an inbox, one item, a change of status; complete without JavaScript."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup, escape
from starlette.responses import RedirectResponse, Response

from feedback.audit import Action
from feedback.errors import NotFound
from feedback.http.body import media_type, read_body
from feedback.http.decode import FORM, decode_form
from feedback.model import Feedback, Person, Role, Status
from feedback.review.audited import entry
from feedback.review.changes import parse_status
from feedback.review.filters import parse_filters, write_cursor
from feedback.review.guard import needs
from feedback.state import ServiceRequest
from feedback.words import Words

_BODY_LIMIT: Final = 16_384  # bytes
_PAGE: Final = 25  # items
_REDACTION: Final = re.compile(r"\[([A-Z][A-Z_]+)\]")


@needs(Role.VIEWER)
async def get_home(request: ServiceRequest, person: Person) -> Response:
    """GET /admin: the inbox is where work begins."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/admin/feedback", 303)


@needs(Role.VIEWER)
async def get_inbox(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/feedback?...: what came in, newest first; spam only where it is asked for."""
    filters = parse_filters(request.query_params)
    filters = replace(filters, limit=_PAGE, hide_spam="status" not in filters.equals)
    page = await request.state["store"].find(filters, person.scope)
    kept = {name: value for name, value in request.query_params.items() if name not in ("cursor", "limit")}
    others = {name: value for name, value in kept.items() if name != "status"}
    return _page(
        request,
        "review/inbox.html",
        person,
        {
            "items": page.items,
            "status": filters.equals.get("status"),
            "tab": lambda status: urlencode(others | ({"status": status} if status else {})),
            "next": urlencode(kept | {"cursor": write_cursor(page.next)}) if page.next else None,
            "newest": urlencode(kept) if filters.after else None,
            "download": urlencode(kept | ({"spam": "no"} if filters.hide_spam else {})),
        },
    )


@needs(Role.VIEWER)
async def get_item(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/feedback/{id}."""
    store = request.state["store"]
    item = await store.find_one(request.path_params["id"], person.scope)
    if item is None:
        raise NotFound
    await store.audit(entry(request, person, Action.FEEDBACK_VIEWED, item.id))
    return _page(request, "review/item.html", person, {"item": item})


@needs(Role.REVIEWER)
async def post_item(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/feedback/{id}: change its status, then show it again."""
    media_type(request, FORM)
    fields = decode_form(await read_body(request, _BODY_LIMIT), ("status",))
    key, status = request.path_params["id"], parse_status(fields.get("status"))
    changed = entry(request, person, Action.FEEDBACK_CHANGED, key)
    item = await request.state["store"].set_status(key, status, person.scope, changed)
    if item is None:
        raise NotFound
    return RedirectResponse(f"{request.scope.get('root_path', '')}/admin/feedback/{item.id}", 303)


def _page(request: ServiceRequest, name: str, person: Person, values: Mapping[str, object]) -> Response:
    templates = request.state["templates"]
    words = templates.words
    # Not `?lang=`: here that is the language of the feedback looked for.
    lang = words.language(request.headers.get("accept-language"))
    return templates.page(
        request,
        name,
        {
            "person": person,
            "statuses": list(Status),
            "marked": lambda item, field: marked(item, field, words, lang),
            **values,
        },
        lang=lang,
    )


def marked(item: Feedback, field: str, words: Words, lang: str) -> Markup:
    """A field's words, escaped, each redaction as a marked word that says what stood there.

    Only kinds that were removed from this field are marked: a visitor can type a kind's name too. The words
    are isolated, so that signs which turn the direction of writing turn nothing else.
    """
    text = _page_address(item) if field == "page" else getattr(item, field) or ""
    kinds = {removed.kind for removed in item.removed if removed.field == field}
    pieces = []
    end = 0
    for match in _REDACTION.finditer(text):
        if match[1] not in kinds:
            continue
        pieces.append(escape(text[end : match.start()]))
        title = words.say(lang, "review.removed", kind=words.say(lang, f"kind.{match[1]}", n=1))
        pieces.append(Markup('<mark title="{}">{}</mark>').format(title, match[0]))
        end = match.end()
    return Markup("<bdi>{}</bdi>").format(Markup("").join([*pieces, escape(text[end:])]))


def _page_address(item: Feedback) -> str:
    return item.site.partition("://")[2] + item.path
