"""The audit log for admins: as a page, as a table to take away, and as JSON."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response, StreamingResponse

from feedback.errors import InvalidQuery
from feedback.model import OPERATOR, Person, Role
from feedback.model.audit import COMMAND, SERVICE, Action, Audited
from feedback.review.audit_query import parse_audit_filters
from feedback.review.audited import entry
from feedback.review.export import MEDIA_TYPES, csv_rows
from feedback.review.forms import form_page
from feedback.review.guard import needs
from feedback.state import ServiceRequest
from feedback.words import Words

_NOBODY: Final = (COMMAND, SERVICE, OPERATOR)
_OF_FEEDBACK: Final = "feedback_"
_COLUMNS: Final = ("at", "who", "name", "action", "thing", "detail", "request")


@needs(Role.ADMIN, all_sites=True)
async def get_audit_page(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/audit?...: who did what, newest first."""
    query = {name: value for name, value in request.query_params.items() if value}
    entries: Sequence[Audited] = ()
    problem, more = None, None
    try:
        entries, more = await _part(request, query)
    except InvalidQuery as wrong:
        problem = wrong
    kept = {name: value for name, value in query.items() if name != "cursor"}
    templates = request.state["templates"]
    words, lang = templates.words, templates.language(request)
    return form_page(
        request,
        "review/audit.html",
        person,
        {
            "entries": entries,
            "actions": list(Action),
            "nobody": _NOBODY,
            "of_feedback": lambda each: each.entry.action.startswith(_OF_FEEDBACK),
            "details": partial(details, words=words, lang=lang),
            "csv": urlencode({name: value for name, value in kept.items() if name != "limit"}),
            "older": urlencode(kept | {"cursor": more}) if more else None,
            "newest": urlencode(kept) if "cursor" in query else None,
        },
        fields=query,
        problem=problem,
    )


@needs(Role.ADMIN, all_sites=True)
async def get_audit_csv(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/audit.csv?...: all that the filters choose, streamed; taking it is written down, too."""
    filters, store = parse_audit_filters(request.query_params), request.state["store"]
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=MEDIA_TYPES["csv"])
    await store.audit(entry(request, person, Action.AUDIT_EXPORTED))
    return StreamingResponse(
        _csv(store.export_audit(filters)), headers=headers, media_type=MEDIA_TYPES["csv"]
    )


@needs(Role.ADMIN, all_sites=True)
async def get_audit(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/audit?...: newest first, a page at a time."""
    entries, more = await _part(request, request.query_params)
    return JSONResponse({"items": [to_json(each) for each in entries], "next": more})


async def _part(request: ServiceRequest, query: Mapping[str, str]) -> tuple[Sequence[Audited], str | None]:
    """A page of entries, and the cursor of the next one; raises InvalidQuery."""
    filters = parse_audit_filters(query)
    # One more than is given tells whether there is a next page.
    found = await request.state["store"].audited(replace(filters, limit=filters.limit + 1))
    entries = found[: filters.limit]
    return entries, str(entries[-1].number) if len(found) > len(entries) else None


def to_json(each: Audited) -> dict[str, Any]:
    """An entry as scripts see it."""
    return {
        "at": each.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "who": each.entry.who,
        "name": each.entry.name,
        "action": each.entry.action,
        "thing": each.entry.thing,
        "detail": each.entry.detail,
        "request": each.entry.request,
    }


def details(each: Audited, words: Words, lang: str) -> str:
    """The details of an entry in one line: kinds by their names, the rest as `label: value`."""
    return ", ".join(_detail(words, lang, *one) for one in each.entry.detail.items())


def _detail(words: Words, lang: str, name: str, value: str | int) -> str:
    if words.has(f"kind.{name}"):
        return words.say(lang, f"kind.{name}", n=int(value))
    label = f"audit.detail.{name}"
    # Settings are named as the operator names them.
    return f"{words.say(lang, label) if words.has(label) else name}: {value}"


async def _csv(parts: AsyncIterator[Sequence[Audited]]) -> AsyncIterator[bytes]:
    yield csv_rows([_COLUMNS])
    async for part in parts:
        rows = [to_json(each) for each in part]
        yield csv_rows(
            [{**row, "detail": json.dumps(row["detail"])}[name] or "" for name in _COLUMNS] for row in rows
        )
