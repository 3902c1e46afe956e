"""POST /feedback: one submission from bytes to disk, read from top to bottom."""

import time
from urllib.parse import urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from feedback.errors import Fault, NotAllowed, Problem
from feedback.http.accept import wants_html
from feedback.http.body import body_limit, media_type, read_body
from feedback.http.decode import FORM
from feedback.intake.form import form_with_faults, removed_to_query
from feedback.intake.sites import Sites, parse_origin
from feedback.intake.submission import JSON_TYPES, parse_fields, parse_submission
from feedback.model import Receipt, ScrubbedFeedback
from feedback.state import ServiceRequest


async def post_feedback(request: ServiceRequest) -> Response:
    """Take one submission; answers 201 once it is on disk."""
    state = request.state
    max_text = state["settings"].max_text
    kind = media_type(request, FORM, *JSON_TYPES)
    check_origin(request, state["sites"])
    body = await read_body(request, body_limit(max_text))
    fields = parse_fields(body, kind)
    try:
        submission = parse_submission(fields, max_text)
        check_page(submission.page.site, state["sites"])
        began = time.perf_counter()
        client = state["client_address"].of(request.scope)
        feedback = state["submissions"].scrub(submission, time.time_ns() // 1_000_000, client)
        state["metrics"].scrubbed(time.perf_counter() - began, feedback.removed)
        request.scope["feedback"] = feedback
        receipt = await state["store"].add(feedback)
    except Problem as problem:
        if kind == FORM and wants_html(request):
            return form_with_faults(request, fields, problem)
        raise
    return thanks(request, feedback, receipt) if kind == FORM else created(receipt)


def check_origin(request: ServiceRequest, sites: Sites) -> None:
    """Raise NotAllowed unless the sending page is of a configured site, this server, or no browser's page."""
    sent = request.headers.get("origin")
    if sent is None:
        return
    # A page of this server: what its address is called outside does not matter.
    if request.headers.get("sec-fetch-site") == "same-origin":
        return
    origin = parse_origin(sent)
    own = origin is not None and origin.partition("://")[2] == request.headers.get("host", "").lower()
    if origin is None or not (own or sites.allow(origin)):
        raise NotAllowed(Fault("origin", "site"))


def check_page(site: str, sites: Sites) -> None:
    """Raise NotAllowed unless the page is of a configured site."""
    if not sites.allow(site):
        raise NotAllowed(Fault("page", "site"))


def created(receipt: Receipt) -> Response:
    """What was stored and what was taken out; never the text."""
    removed = [{"field": one.field, "kind": one.kind, "count": one.count} for one in receipt.removed]
    return JSONResponse({"id": receipt.id, "removed": removed}, 201, {"Cache-Control": "no-store"})


def thanks(request: ServiceRequest, feedback: ScrubbedFeedback, receipt: Receipt) -> Response:
    """Send a form's browser to the page that thanks, with only scrubbed words in the address."""
    values = {
        "page": feedback.site.text + feedback.path.text,
        "lang": request.state["templates"].words.language(feedback.lang),
        "removed": removed_to_query(receipt.removed),
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return RedirectResponse(
        f"{request.scope.get('root_path', '')}/feedback/thanks?{query}", 303, {"Cache-Control": "no-store"}
    )
