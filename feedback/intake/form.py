"""The form and the thanks as pages of their own, for browsers without JavaScript."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Final

from starlette.responses import Response

from feedback.errors import Problem, Unavailable
from feedback.http.problems import problem_headers, problem_page, rule_sentence
from feedback.http.server import hold
from feedback.ids import new_id
from feedback.intake.keys import without_numbers
from feedback.intake.sites import parse_page
from feedback.intake.submission import FIELDS, read_id
from feedback.model import Removed, ScrubbedFeedback
from feedback.state import ServiceRequest
from feedback.words import Words

# Fields that a person sees and can mend; the others start anew when something was wrong.
SHOWN: Final = ("useful", "doing", "comment", "website")
_NO_STORE: Final = {"Cache-Control": "no-store"}


async def get_form(request: ServiceRequest) -> Response:
    """GET /feedback/form?page=URL&lang=cy."""
    values = _empty_form()
    values["page"] = scrubbed_page(request, request.query_params.get("page"))
    values["lang"] = request.state["templates"].language(request)
    return _form(request, values, [])


async def get_thanks(request: ServiceRequest) -> Response:
    """GET /feedback/thanks: what was removed, and a link back where the page is of a configured site."""
    templates = request.state["templates"]
    lang = templates.language(request)
    t = templates.words.translate(lang)
    removed = _removed_from_query(request.query_params.get("removed", ""), templates.words)
    return templates.page(
        request,
        "visitor/thanks.html",
        {
            "removed": [t(f"kind.{kind}", n=count) for kind, count in removed.items()],
            "page": _known_page(request, request.query_params.get("page")),
        },
        lang=lang,
        headers=_NO_STORE,
    )


def form_with_faults(request: ServiceRequest, fields: Mapping[str, object], problem: Problem) -> Response:
    """The form again, with what was wrong and the visitor's words, scrubbed even on the way back."""
    if problem.retry_after is not None:
        hold(request.scope)
    state = request.state
    lang = state["templates"].words.language(
        str(fields.get("lang", "")), request.headers.get("accept-language")
    )
    feedback: ScrubbedFeedback | None = request.scope.get("feedback")
    if feedback and isinstance(problem, Unavailable):
        return _form_again(request, _scrubbed_values(feedback, lang), problem)
    typed = {name: value for name, value in fields.items() if name in SHOWN and isinstance(value, str)}
    # Twice the limit is what a person still shortens; more is not worth the time that scrubbing takes.
    longest = 2 * state["settings"].max_text
    kept = {name: value for name, value in typed.items() if len(value) <= longest}
    if len(kept) < len(typed) and not problem.faults:  # then the form would say that all words are there
        return problem_page(request, state["templates"], problem)
    # The same id again is the same submission; anything but an id is not repeated.
    sent_id = read_id(fields.get("id")) or str(new_id())
    try:
        values = _empty_form() | {name: state["scrubber"].scrub(value).text for name, value in kept.items()}
        values["id"] = without_numbers(sent_id, state["scrubber"])
    except Exception:  # noqa: BLE001  # unscrubbed words are not sent anywhere, not even back
        return problem_page(request, state["templates"], Unavailable())
    values["page"] = scrubbed_page(request, str(fields.get("page", "")))
    values["lang"] = lang
    return _form_again(request, values, problem)


def _scrubbed_values(feedback: ScrubbedFeedback, lang: str) -> dict[str, str]:
    """What the scrubber made of the words, where only storing them failed."""
    return _empty_form() | {
        # The same id again is the same submission.
        "id": feedback.id,
        "page": feedback.site.text + feedback.path.text,
        "title": feedback.title.text if feedback.title else "",
        "lang": lang,
        "useful": feedback.useful or "",
        "doing": feedback.doing.text if feedback.doing else "",
        "comment": feedback.comment.text if feedback.comment else "",
    }


def _form_again(request: ServiceRequest, values: Mapping[str, str], problem: Problem) -> Response:
    """The form with these values, and what was wrong: by field, or when to send it again."""
    t = request.state["templates"].words.translate(values["lang"])
    errors = [{"field": fault.field, "rule": rule_sentence(t, fault)} for fault in problem.faults]
    if not errors:
        minutes = ceil((problem.retry_after or 0) / 60)
        errors = [{"field": "", "rule": t(f"form.{problem.name}", n=minutes)}]
    return _form(request, values, errors, status=problem.status, headers=problem_headers(problem))


def removed_to_query(removed: Iterable[Removed]) -> str:
    """Kinds and counts for the address of the thanks: `UK_NINO:1,CREDIT_CARD:2`."""
    counts: Counter[str] = Counter()
    for one in removed:
        counts[one.kind] += one.count
    return ",".join(f"{kind}:{count}" for kind, count in counts.items())


def _removed_from_query(text: str, words: Words) -> dict[str, int]:
    pairs = [pair.partition(":") for pair in text[:1000].split(",")]
    return {
        kind: int(count)
        for kind, _, count in pairs
        if words.has(f"kind.{kind}") and count.isascii() and count.isdecimal() and len(count) <= 4
    }


def _empty_form() -> dict[str, str]:
    return dict.fromkeys(FIELDS, "") | {"id": str(new_id())}


def _form(
    request: ServiceRequest,
    values: Mapping[str, str],
    errors: list[dict[str, str]],
    *,
    status: int = 200,
    headers: Mapping[str, str] = _NO_STORE,
) -> Response:
    return request.state["templates"].page(
        request,
        "visitor/form.html",
        {
            "values": values,
            "errors": errors,
            "max_text": request.state["settings"].max_text,
            "page": _known_page(request, values["page"]),
        },
        lang=values["lang"],
        status=status,
        headers=headers,
    )


def scrubbed_page(request: ServiceRequest, url: str | None) -> str:
    """The page's address without query, fragment and numbers; empty where it is not an address."""
    address = parse_page(url) if url else None
    if address is None:
        return ""
    try:
        return request.state["scrubber"].scrub(address.site + address.path).text
    except Exception:  # noqa: BLE001  # the form then asks for the page
        return ""


def _known_page(request: ServiceRequest, url: str | None) -> str | None:
    """The page's address, only where it is of a configured site: nobody else is linked to."""
    scrubbed = scrubbed_page(request, url)
    address = parse_page(scrubbed)
    return scrubbed if address and request.state["sites"].allow(address.site) else None
