"""Who has signed in at a proxy of ours, as its header says; off unless set, and nobody else is believed."""

from feedback.errors import NotSignedIn
from feedback.model import Person
from feedback.state import ServiceRequest


async def person_of_proxy(request: ServiceRequest) -> Person | None:
    """The person whose address the header names; None where no proxy of ours says anything.

    Raises NotSignedIn where it names nobody whom we know, or more than one: no session stands in then.
    """
    header = request.state["settings"].sso_header
    if header is None or not request.state["client_address"].is_proxy(request.scope):
        return None
    named = request.headers.getlist(header)
    if not named:
        return None
    email = named[0].strip()
    if len(named) > 1 or not email.isprintable():
        raise NotSignedIn
    account = await request.state["store"].people.find_by_email(email)
    if account is None or account.disabled_at is not None:
        raise NotSignedIn
    return account.person
