"""Writing down what somebody on the web team's side did, with the id of the request that did it."""

from feedback.http.request_log import request_id
from feedback.model import Person
from feedback.model.audit import Action, AuditEntry
from feedback.state import ServiceRequest


def entry(
    request: ServiceRequest, person: Person, action: Action, thing: str | None = None, **detail: str | int
) -> AuditEntry:
    """The entry of what a request does, for a call of the store that changes something or `store.audit`.

    `thing` is an id of ours. The details are counts and names from our own lists: never a word of feedback,
    what somebody typed into a search or a sign-in, or an address of a visitor.
    """
    return AuditEntry.by(person, action, thing, request_id(request), **detail)
