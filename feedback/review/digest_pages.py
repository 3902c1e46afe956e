"""Who gets the digest: everybody for themselves, and an admin for addresses without an account."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotAllowed, NotFound
from feedback.ids import new_id
from feedback.model import Person, Role
from feedback.model.audit import Action
from feedback.model.subscription import Every, Subscription, Way
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.review.people import parse_email
from feedback.review.secrets import now
from feedback.state import ServiceRequest

_EVERY: Final = (Every.DAY, Every.WEEK)


@needs(Role.VIEWER)
async def get_digest(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/digest: how often it comes, and to which addresses an admin has it sent."""
    return await _page(request, person)


@needs(Role.VIEWER)
async def post_digest(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/digest: how often the one who asks gets it, or never."""
    if not person.has_account:
        raise NotAllowed
    fields = await read_form(request, ("every", "plain"))
    key, store = _key(person), request.state["store"].subscriptions
    if fields["every"] == "never":
        await store.remove(
            key, entry(request, person, Action.SUBSCRIPTION_CHANGED, person.id, digest="never")
        )
        return _back(request)
    every = _every(fields)
    changed = entry(request, person, Action.SUBSCRIPTION_CHANGED, person.id, digest=every)
    before = await store.find(key)
    one = _subscription(request, key, every, plain=fields["plain"] == "yes", person=person.id)
    if before:
        # What has been told stays told when somebody changes their mind about how often.
        one = replace(one, sent_until=before.sent_until)
    await store.put(one, changed)
    return _back(request)


@needs(Role.ADMIN, all_sites=True)
async def post_address(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/digest/addresses: send it to an address without an account, too."""
    fields = await read_form(request, ("email", "every", "plain"))
    try:
        every, email = _every(fields), parse_email(fields)
        if not email.isascii() or any(character in email for character in '<>()[]:;,\\"'):
            raise Invalid(Fault("email", "not_email"))  # noqa: TRY301  # shown like every other
    except Invalid as problem:
        return await _page(request, person, fields, problem)
    key = str(new_id())
    one = _subscription(request, key, every, plain=fields["plain"] == "yes", target=email)
    added = entry(request, person, Action.SUBSCRIPTION_CHANGED, key, digest_address=every)
    await request.state["store"].subscriptions.put(one, added)
    return _back(request)


@needs(Role.ADMIN, all_sites=True)
async def post_address_removed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/digest/addresses/{id}/remove."""
    store, key = request.state["store"].subscriptions, request.path_params["id"]
    one = await store.find(key)
    if one is None or one.way is not Way.MAIL or one.person is not None:
        raise NotFound
    await store.remove(
        key, entry(request, person, Action.SUBSCRIPTION_CHANGED, key, digest_address="removed")
    )
    return _back(request)


async def _page(
    request: ServiceRequest,
    person: Person,
    fields: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response:
    manages = person.role.includes(Role.ADMIN) and person.scope.sites is None
    everybody = await request.state["store"].subscriptions.all()
    settings = request.state["settings"]
    return form_page(
        request,
        "review/digest.html",
        person,
        {
            "own": next((one for one in everybody if one.id == _key(person)), None),
            "choices": _EVERY,
            "manages": manages,
            "addresses": [one for one in everybody if manages and one.way is Way.MAIL and one.person is None],
            "mail_server": settings.smtp_url is not None,
        },
        fields=fields,
        problem=problem,
    )


def _key(person: Person) -> str:
    return f"digest-{person.id}"


def _every(fields: Mapping[str, str]) -> Every:
    if fields["every"] not in _EVERY:
        raise Invalid(Fault("every", "not_choice"))
    return Every(fields["every"])


def _subscription(
    request: ServiceRequest,
    key: str,
    every: Every,
    *,
    plain: bool,
    person: str | None = None,
    target: str = "",
) -> Subscription:
    moment = now()
    lang = request.state["templates"].language(request)
    one = Subscription(key, Way.MAIL, every, 0, person, target, plain=plain, lang=lang)
    return replace(one, sent_until=one.due_until(moment), next_at=one.next_due(moment))


def _back(request: ServiceRequest) -> Response:
    return RedirectResponse(path(request, "/admin/digest"), 303)
