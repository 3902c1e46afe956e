"""Exports by address: exactly what the filters choose, streamed, and written down before the first byte."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from starlette.responses import Response, StreamingResponse

from feedback.errors import Fault, InvalidQuery
from feedback.model import Feedback, Person, Role
from feedback.model.audit import Action
from feedback.review.api import own
from feedback.review.audited import entry
from feedback.review.export import MEDIA_TYPES, csv_bytes, jsonl_bytes
from feedback.review.figures_query import today
from feedback.review.filters import parse_filters
from feedback.review.guard import needs
from feedback.state import ServiceRequest

_MARK: Final = ("0", "1")


@needs(Role.VIEWER)
async def get_csv(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/export.csv?...: for spreadsheets; with `bom=1` Excel knows that it is UTF-8."""
    bom = request.query_params.get("bom") or "0"
    if bom not in _MARK:
        raise InvalidQuery(Fault("bom", "not_choice"))
    return await _export(request, person, "csv", bom=bom == "1")


@needs(Role.VIEWER)
async def get_jsonl(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/api/export.jsonl?...: for scripts, an item of the API a line."""
    return await _export(request, person, "jsonl")


async def _export(request: ServiceRequest, person: Person, form: str, *, bom: bool = False) -> Response:
    query = {name: value for name, value in request.query_params.items() if form != "csv" or name != "bom"}
    filters = parse_filters(own(query, person))
    headers = {"Content-Disposition": f'attachment; filename="feedback-{today()}.{form}"'}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=MEDIA_TYPES[form])
    store = request.state["store"]
    chosen = ", ".join(sorted(name for name, value in query.items() if value)) or "none"
    await store.audit(entry(request, person, Action.FEEDBACK_EXPORTED, format=form, filters=chosen))
    parts = await _begun(store.export(filters, person.scope))
    written = csv_bytes(parts, bom=bom) if form == "csv" else jsonl_bytes(parts)
    return StreamingResponse(written, headers=headers, media_type=MEDIA_TYPES[form])


async def _begun(parts: AsyncIterator[Sequence[Feedback]]) -> AsyncIterator[Sequence[Feedback]]:
    """The same parts, the first of them fetched: a database that is away is answered 503, not half a file."""
    first = await anext(parts, None)

    async def all_of_them() -> AsyncIterator[Sequence[Feedback]]:
        if first is not None:
            yield first
            async for part in parts:
                yield part

    return all_of_them()
