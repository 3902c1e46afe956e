"""What the service lives on: opened when it starts, closed in turn, and handed to each request."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from feedback.errors import StartError
from feedback.http.client_address import ClientAddress
from feedback.http.templates import Templates
from feedback.intake.rate import Rate
from feedback.intake.scrubbing import SubmissionScrubber
from feedback.intake.sites import Sites
from feedback.intake.urgent import UrgentWords
from feedback.review.deliveries import Teller, deliveries
from feedback.review.mail import Mailer
from feedback.review.outside import Outside
from feedback.review.passwords import Passwords
from feedback.settings import Settings
from feedback.state import State
from feedback.store import Store
from feedback.upkeep.allowing import allowing
from feedback.upkeep.rescrub import Rescrubbing
from feedback.upkeep.retention import retention
from feedback.upkeep.settings_change import note_settings
from feedback.upkeep.urgent import marking_urgent
from feedback.watching.logs import drain_logs, get_logger
from feedback.watching.metrics import Metrics
from scrubbers import Scrubber

if TYPE_CHECKING:
    # Its libraries are an extra.
    from feedback.review.sso_provider import Provider

_NOT_STARTED: Final = (
    "The feedback app is mounted but was never started: the lifespan of the app that mounts it must hold "
    "`async with started(feedback): yield`; see docs/mount.md."
)

log = get_logger("feedback.running")


@asynccontextmanager
async def started(*apps: Starlette) -> AsyncIterator[None]:
    """Start apps of `create_app` that another app mounts, and close them at its end.

    Starlette and FastAPI run the lifespan of the outermost app only. Raises StartError where a database
    cannot be opened.
    """
    async with AsyncExitStack() as stack:
        for app in apps:
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield


@dataclass
class Lives:
    """Opens what one app lives on, and closes it in turn; `state` is None while it does not run."""

    settings: Settings
    scrubber: Scrubber
    sites: Sites
    templates: Templates
    client_address: ClientAddress
    metrics: Metrics
    provider: "Provider | None"
    state: State | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Read what is wrong before anything is opened."""
        self._mailer = Mailer.from_settings(self.settings)

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[State]:
        """As Starlette wants it: from the start of the app to its end."""
        settings = self.settings
        store = await Store.open(settings.database_url.get_secret_value(), self.metrics.batch)
        passwords = Passwords()
        urgent_words = UrgentWords(settings.urgent_words)
        teller = Teller(store, self.templates.words, settings.public_url, self._mailer, Outside())
        try:
            await note_settings(store, settings)
            async with (
                retention(store, settings.retention_days, settings.audit_days),
                allowing(store, self.scrubber),
                deliveries(teller),
                marking_urgent(store, urgent_words),
                Rescrubbing(store, self.scrubber) as rescrubbing,
                Rate.open(settings, store) as rate,
            ):
                self.state = State(
                    settings=settings,
                    scrubber=self.scrubber,
                    submissions=SubmissionScrubber(self.scrubber, urgent_words),
                    sites=self.sites,
                    store=store,
                    templates=self.templates,
                    client_address=self.client_address,
                    rate=rate,
                    metrics=self.metrics,
                    passwords=passwords,
                    sso=self.provider,
                    rescrubbing=rescrubbing,
                )
                yield self.state
        finally:
            self.state = None
            passwords.close()
            await store.close()
            drain_logs()


class OwnState:
    """Gives each request the state of this app, whatever app it came through, and leaves that one's alone."""

    def __init__(self, app: ASGIApp, lives: Lives) -> None:
        self.app = app
        self.lives = lives
        self.path = urlsplit(lives.settings.public_url).path
        self.told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request; raises StartError, for the outer app's log, where nobody started this one."""
        if scope["type"] == "http":
            state = self.lives.state
            if state is None:
                raise StartError(_NOT_STARTED)
            if "route" in scope or scope.get("state", {}).get("store") is not state["store"]:
                # A copy: the outer app's middleware still needs its own, and its route is none of ours.
                scope = {**scope, "state": {**state}}
                scope.pop("route", None)
            if not self.told and scope.get("root_path", "") != self.path:
                self.told = True
                log.warning(
                    "FEEDBACK_PUBLIC_URL does not end in the path under which this app is mounted: "
                    "links in mails and invitations lead nowhere"
                )
        await self.app(scope, receive, send)
