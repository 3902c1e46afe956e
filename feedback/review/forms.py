"""The web team's forms: their fields, bounded, and the page again with what is to be put right."""

from collections.abc import Collection, Mapping
from typing import Final

from starlette.responses import Response

from feedback.errors import Invalid
from feedback.http.body import media_type, read_body
from feedback.http.decode import FORM, decode_form
from feedback.http.problems import rule_sentence
from feedback.model import Person
from feedback.state import ServiceRequest

BODY_LIMIT: Final = 16_384  # bytes


async def read_form(request: ServiceRequest, known: Collection[str]) -> dict[str, str]:
    """The known fields of a posted form; those that are missing are empty."""
    media_type(request, FORM)
    fields = decode_form(await read_body(request, BODY_LIMIT), known)
    return {name: str(fields.get(name, "")) for name in known}


def form_page(
    request: ServiceRequest,
    name: str,
    person: Person | None,
    values: Mapping[str, object],
    *,
    fields: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
    status: int = 200,
) -> Response:
    """A page with a form: empty, or with what was typed and the rule that each wrong field breaks."""
    templates = request.state["templates"]
    lang = templates.language(request)
    t = templates.words.translate(lang)
    faults = {fault.field: rule_sentence(t, fault) for fault in problem.faults} if problem else {}
    who = {} if person is None else {"person": person}
    return templates.page(
        request,
        name,
        {**who, "fields": fields or {}, "faults": faults, **values},
        lang=lang,
        status=problem.status if problem else status,
    )


def path(request: ServiceRequest, address: str) -> str:
    """An address of ours, under whatever path this app is mounted."""
    return f"{request.scope.get('root_path', '')}{address}"
