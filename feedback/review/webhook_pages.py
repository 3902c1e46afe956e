"""Where other programs and Slack are told of what comes in; for admins."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.errors import Fault, Invalid, NotFound
from feedback.ids import new_id
from feedback.model import Person, Role
from feedback.model.audit import Action
from feedback.model.subscription import Every, Subscription, Way
from feedback.review.audited import entry
from feedback.review.forms import form_page, path, read_form
from feedback.review.guard import needs
from feedback.review.outside import parse_target
from feedback.review.secrets import now
from feedback.review.webhooks import new_signing_secret
from feedback.state import ServiceRequest

_WAYS: Final = (Way.WEBHOOK, Way.SLACK)
_SLACK: Final = ("hooks.slack.com", "hooks.slack-gov.com")


@needs(Role.ADMIN, all_sites=True)
async def get_webhooks(request: ServiceRequest, person: Person) -> Response:
    """GET /admin/webhooks: who is told, and a form to add one."""
    return await _page(request, person)


@needs(Role.ADMIN, all_sites=True)
async def post_webhooks(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/webhooks: add one, and show what its messages are signed with, once."""
    fields = await read_form(request, ("way", "url"))
    try:
        way = _way(fields)
        _check_url(way, fields["url"].strip())
    except Invalid as problem:
        return await _page(request, person, fields, problem)
    key, moment = str(new_id()), now()
    secret = new_signing_secret() if way is Way.WEBHOOK else ""
    lang = request.state["templates"].language(request)
    one = Subscription(
        key,
        way,
        Every.MINUTE,
        moment,
        target=fields["url"].strip(),
        secret=secret,
        lang=lang,
        next_at=moment,
    )
    added = entry(request, person, Action.SUBSCRIPTION_CHANGED, key, told=way)
    await request.state["store"].subscriptions.put(one, added)
    if not secret:
        return _back(request)
    return form_page(request, "review/webhook_added.html", person, {"secret": secret})


@needs(Role.ADMIN, all_sites=True)
async def post_webhook_removed(request: ServiceRequest, person: Person) -> Response:
    """POST /admin/webhooks/{id}/remove."""
    store, key = request.state["store"].subscriptions, request.path_params["id"]
    one = await store.find(key)
    if one is None or one.way not in _WAYS:
        raise NotFound
    await store.remove(key, entry(request, person, Action.SUBSCRIPTION_CHANGED, key, told="never"))
    return _back(request)


async def _page(
    request: ServiceRequest,
    person: Person,
    fields: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response:
    everybody = await request.state["store"].subscriptions.all()
    return form_page(
        request,
        "review/webhooks.html",
        person,
        {
            "ways": _WAYS,
            # The rest of such an address is often a secret.
            "webhooks": [
                (one, (parse_target(one.target) or parse_target("https://?")).hostname)  # type: ignore[union-attr]
                for one in everybody
                if one.way in _WAYS
            ],
        },
        fields=fields,
        problem=problem,
    )


def _way(fields: Mapping[str, str]) -> Way:
    if fields["way"] not in _WAYS:
        raise Invalid(Fault("way", "not_choice"))
    return Way(fields["way"])


def _check_url(way: Way, url: str) -> None:
    target = parse_target(url)
    if target is None:
        raise Invalid(Fault("url", "not_https"))
    if way is Way.SLACK and target.hostname not in _SLACK:
        raise Invalid(Fault("url", "not_slack"))


def _back(request: ServiceRequest) -> Response:
    return RedirectResponse(path(request, "/admin/webhooks"), 303)
