"""Every refusal the service gives, with its HTTP status; no message holds a word of the input."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: the field it is about, the rule's name and, where it has one, the rule's limit.

    The rule's sentence stands in the locale files under `rule.NAME`, so that no sentence can be
    built from what somebody sent.
    """

    field: str
    rule: str
    limit: int | None = None


class Problem(Exception):
    """A request that is answered by a status and fixed sentences (RFC 9457)."""

    status: ClassVar[int] = 500
    name: ClassVar[str] = "internal"
    retry_after: int | None = None  # seconds

    def __init__(self, *faults: Fault) -> None:
        super().__init__(self.name)
        self.faults = faults


class NotReadable(Problem):
    """The body is not in the format or the encoding that it claims."""

    status = 400
    name = "not_readable"


class NotSignedIn(Problem):
    """No valid token or session came with the request."""

    status = 401
    name = "not_signed_in"


class NotAllowed(Problem):
    """The origin, the page or the person may not do this."""

    status = 403
    name = "not_allowed"


class NotFound(Problem):
    """Nothing is at that address."""

    status = 404
    name = "not_found"


class WrongMethod(Problem):
    """The address exists but does not answer this method."""

    status = 405
    name = "method"


class Conflict(Problem):
    """What was asked for no longer fits what is there."""

    status = 409
    name = "conflict"


class TooLarge(Problem):
    """The body is larger than any honest submission."""

    status = 413
    name = "too_large"


class UnknownHost(Problem):
    """The request asks for a host that this server does not answer for."""

    status = 421
    name = "unknown_host"


class WrongMediaType(Problem):
    """The body is of a type, charset or encoding that is not taken."""

    status = 415
    name = "media_type"


class Invalid(Problem):
    """The body was understood but breaks the rules of its fields."""

    status = 422
    name = "invalid"


class InvalidQuery(Invalid):
    """The address asks for something that the rules of its query do not know."""

    name = "invalid_query"


class TooMany(Problem):
    """More submissions than a client, a site or the whole service may send in a while."""

    status = 429
    name = "too_many"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.retry_after = max(1, ceil(seconds))


class TooManyTries(Problem):
    """Too many tries to sign in, for this account or from this address."""

    status = 429
    name = "too_many_tries"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.retry_after = max(1, ceil(seconds))


class SsoFailed(Exception):
    """The identity provider did not sign somebody in who may come in here; which of it is not told."""


class Unavailable(Problem):
    """The service cannot scrub or store just now; nothing of the request was kept."""

    status = 503
    name = "unavailable"
    retry_after = 5


class StartError(Exception):
    """The service must not start; the message is one sentence for the operator, without secrets."""
