"""POST /feedback: one submission from bytes to disk, read from top to bottom."""

import json
import time
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, NotAllowed, Problem, TooMany, Unavailable
from feedback.http.accept import wants_html
from feedback.http.body import body_limit, media_type, read_body
from feedback.http.decode import FORM
from feedback.intake.form import form_with_faults, removed_to_query
from feedback.intake.sites import Sites, parse_origin
from feedback.intake.submission import JSON_TYPES, parse_fields, parse_submission
from feedback.model import Receipt, ScrubbedFeedback
from feedback.state import ServiceRequest

_NO_STORE: Final = {"Cache-Control": "no-store"}
# Made once: json.dumps makes a new one for each answer.
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


async def post_feedback(request: ServiceRequest) -> Response:
    """Take one submission; answers 201 once it is on disk."""
    state = request.state
    max_text = state["settings"].max_text
    kind = media_type(request, FORM, *JSON_TYPES)
    check_origin(request, state["sites"])
    client = state["client_address"].of(request.scope)
    try:
        counted = state["rate"].count_client(client)
    except TooMany as problem:
        if kind != FORM or not wants_html(request) or not state["rate"].may_be_shown_again(client):
            raise
        # Without the script nothing else keeps the words: browsers forget those of a page with no-store.
        fields = parse_fields(await read_body(request, body_limit(max_text)), kind)
        return form_with_faults(request, fields, problem)
    fields = parse_fields(await read_body(request, body_limit(max_text)), kind)
    try:
        # Again, since many may have come while the body did, and for browsers that busy.py lets pass.
        if not state["store"].has_room:
            raise Unavailable
        submission = parse_submission(fields, max_text)
        check_page(submission.page.site, state["sites"])
        words = submission.doing is not None or submission.comment is not None
        await state["rate"].count_site(submission.page.site, counted, words=words)
        began = time.perf_counter()
        feedback = state["submissions"].scrub(submission, time.time_ns() // 1_000_000, client)
        state["metrics"].scrubbed(time.perf_counter() - began, feedback.removed)
        # For the line of the log and the figures: what was removed, and whether it looks like spam.
        request.scope["feedback"] = feedback
        receipt = await state["store"].add(feedback)
    except Problem as problem:
        if kind == FORM and wants_html(request):
            return form_with_faults(request, fields, problem)
        raise
    return thanks(request, feedback, receipt) if kind == FORM else created(receipt)


def check_origin(request: ServiceRequest, sites: Sites) -> None:
    """Raise NotAllowed unless the sending page is of a configured site, this server, or no browser's page."""
    headers: dict[bytes, bytes] = dict(request.scope["headers"])
    sent = headers.get(b"origin")
    # A page of this server: what its address is called outside does not matter.
    if sent is None or headers.get(b"sec-fetch-site") == b"same-origin":
        return
    origin = parse_origin(sent.decode("latin-1"))
    if origin is None:
        raise NotAllowed(Fault("origin", "site"))
    host = headers.get(b"host", b"").decode("latin-1").lower()
    if not sites.allow(origin) and origin.partition("://")[2] != host:
        raise NotAllowed(Fault("origin", "site"))


def check_page(site: str, sites: Sites) -> None:
    """Raise NotAllowed unless the page is of a configured site."""
    if not sites.allow(site):
        raise NotAllowed(Fault("page", "site"))


def created(receipt: Receipt) -> Response:
    """What was stored and what was taken out; never the text."""
    removed = [{"field": one.field, "kind": one.kind, "count": one.count} for one in receipt.removed]
    return Response(_encode({"id": receipt.id, "removed": removed}), 201, _NO_STORE, "application/json")


def thanks(request: ServiceRequest, feedback: ScrubbedFeedback, receipt: Receipt) -> Response:
    """Send a form's browser to the page that thanks, with only scrubbed words in the address."""
    values = {
        "page": feedback.site.text + feedback.path.text,
        "lang": request.state["templates"].words.language(feedback.lang),
        "removed": removed_to_query(receipt.removed),
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return RedirectResponse(f"{request.scope.get('root_path', '')}/feedback/thanks?{query}", 303, _NO_STORE)
