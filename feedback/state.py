"""What the parts of a running service share; made in the lifespan, read from `request.state`."""

from typing import TYPE_CHECKING, TypedDict

from starlette.requests import Request

from feedback.http.client_address import ClientAddress
from feedback.http.templates import Templates
from feedback.intake.rate import Rate
from feedback.intake.scrubbing import SubmissionScrubber
from feedback.intake.sites import Sites
from feedback.review.passwords import Passwords
from feedback.settings import Settings
from feedback.store import Store
from feedback.upkeep.rescrub import Rescrubbing
from feedback.watching.metrics import Metrics
from scrubbers import Scrubber

if TYPE_CHECKING:
    # Its libraries are an extra.
    from feedback.review.sso_provider import Provider


class State(TypedDict):
    """One of each for the whole service."""

    settings: Settings
    scrubber: Scrubber
    submissions: SubmissionScrubber
    sites: Sites
    store: Store
    templates: Templates
    client_address: ClientAddress
    rate: Rate
    metrics: Metrics
    passwords: Passwords
    sso: "Provider | None"
    rescrubbing: Rescrubbing


ServiceRequest = Request[State]
