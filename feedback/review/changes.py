"""What somebody asks to change of submissions, read from JSON or a form: status, assignee, tags."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from feedback.errors import Fault, Invalid, Unavailable
from feedback.model import Person, Role, Status
from feedback.model.desk import MAX_TAGS, Change
from feedback.review.filters import NOBODY
from feedback.state import ServiceRequest
from feedback.store import Store
from scrubbers import Scrubber

# As filters and changes say it: whoever asks.
ME: Final = "me"
MAX_TAG: Final = 40  # characters
# Words, with what may stand between two: "opening hours", "bin-day", "w3.org".
_TAG: Final = re.compile(r"\w+(?:[ .&'/-]\w+)*")
_NAMES: Final = frozenset(("status", "assignee", "tags", "add_tag", "remove_tag"))


def parse_status(value: object) -> Status:
    """A status by its name; raises Invalid for anything else."""
    if not isinstance(value, str) or value not in list(Status):
        raise Invalid(Fault("status", "not_choice"))
    return Status(value)


def parse_tag(field: str, value: object, scrubber: Scrubber) -> str:
    """A tag in lower case. Raises Invalid, also where the scrubber finds something in it, and Unavailable."""
    tag = " ".join(value.lower().split()) if isinstance(value, str) else ""
    if len(tag) > MAX_TAG or not _TAG.fullmatch(tag):
        raise Invalid(Fault(field, "not_tag", MAX_TAG))
    findings = None
    with suppress(Exception):  # whatever went wrong: what was typed must not get past this line
        # In capitals as well, since some kinds are written so.
        findings = (*scrubber.scrub(tag).findings, *scrubber.scrub(tag.upper()).findings)
    if findings is None:
        raise Unavailable
    if findings:
        raise Invalid(Fault(field, "personal"))
    return tag


async def parse_assignee(value: object, person: Person, store: Store) -> str:
    """The id of who is to deal with it, by id, email address or `me`; "" for nobody. Raises Invalid.

    Only who may change submissions, and is still here, can be given any.
    """
    if value is None or value in ("", NOBODY):
        return ""
    if not isinstance(value, str):
        raise Invalid(Fault("assignee", "wrong_type"))
    key = person.id if value == ME else value
    account = await (store.people.find_by_email(key) if "@" in key else store.people.find(key))
    if account is None or account.disabled_at is not None or not account.role.includes(Role.REVIEWER):
        raise Invalid(Fault("assignee", "not_reviewer"))
    return account.id


async def parse_change(request: ServiceRequest, person: Person, asked: Mapping[str, object]) -> Change:
    """The change that `asked` names; raises Invalid for one that is wrong or changes nothing."""
    if not asked.keys() <= _NAMES:
        raise Invalid(Fault("body", "unknown_field"))
    if not asked:
        raise Invalid(Fault("body", "no_change"))
    scrubber, store = request.state["scrubber"], request.state["store"]
    tags = None
    if "tags" in asked:
        given = asked["tags"]
        if not isinstance(given, list) or len(given) > MAX_TAGS:
            raise Invalid(Fault("tags", "too_many_tags", MAX_TAGS))
        tags = tuple(sorted({parse_tag("tags", each, scrubber) for each in given}))
    one = {
        name: parse_tag(name, asked[name], scrubber) for name in ("add_tag", "remove_tag") if name in asked
    }
    return Change(
        status=parse_status(asked["status"]) if "status" in asked else None,
        assignee=await parse_assignee(asked["assignee"], person, store) if "assignee" in asked else None,
        tags=tags,
        **one,
    )
