"""The settings: what stops the start, all of it at once, and what is allowed but rarely meant."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from feedback.check.finding import Finding, ok, problem, warning
from feedback.check.page import is_loopback
from feedback.errors import StartError
from feedback.settings import Settings

SUBJECT: Final = "settings"
# Where containers are given their secrets, readable by all who are in the container: by us alone.
_OF_CONTAINERS: Final = Path("/run/secrets")

# A part of the service, as it is made from the settings when it starts; raises StartError.
Part = Callable[[Settings], object]


def check_settings(
    settings: Settings | None, sentences: list[str], parts: Sequence[Part]
) -> Iterator[Finding]:
    """What reading the settings said, and what making each part of the service from them says."""
    if settings:
        sentences = [*sentences, *filter(None, (_refusal(part, settings) for part in parts))]
    yield from (problem(SUBJECT, sentence) for sentence in dict.fromkeys(sentences))
    yield from _open_files()
    if settings is None:
        yield warning(SUBJECT, "Nothing else that depends on the settings was looked at: mend them first.")
        return
    if not sentences:
        told = len(settings.model_fields_set)
        yield ok(SUBJECT, f"{told} of {len(Settings.model_fields)} settings are set, the others as shipped.")
    yield from _rarely_meant(settings)


def _refusal(part: Part, settings: Settings) -> str | None:
    try:
        part(settings)
    except StartError as error:
        return str(error)
    return None


def _open_files() -> Iterator[Finding]:
    """Files that hold secrets and are open to every user of the machine."""
    for name in Settings.model_fields:
        variable = f"FEEDBACK_{name.upper()}_FILE"
        path = Path(os.environ.get(variable, ""))
        try:
            readable = path.is_file() and path.stat().st_mode & stat.S_IROTH
        except OSError:
            continue
        if readable and _OF_CONTAINERS not in path.parents:
            yield warning(
                SUBJECT,
                f"Every user of this machine can read the file of {variable}: run `chmod o= {path}`.",
            )


def _rarely_meant(settings: Settings) -> Iterator[Finding]:
    own = urlsplit(settings.public_url)
    public = not is_loopback(own.hostname or "")
    if public and own.scheme == "http":
        yield warning(
            SUBJECT,
            "FEEDBACK_PUBLIC_URL is http, so words travel in the clear and no https page can use the widget: "
            f"put a proxy with a certificate in front and write https://{own.netloc}{own.path}.",
        )
    if public and settings.sites is None:
        yield warning(
            SUBJECT,
            "FEEDBACK_SITES is not set, so that only this server's own pages may embed the widget: "
            "name your sites, such as FEEDBACK_SITES=https://www.example.gov.uk.",
        )
    if settings.rate is None:
        yield warning(
            SUBJECT,
            "FEEDBACK_RATE is off, so one sender can fill the database: take it away, or write 5/minute.",
        )
    if settings.retention_days == 0:
        yield warning(
            SUBJECT,
            "FEEDBACK_RETENTION_DAYS is 0, so words are kept for ever: write a number of days that your "
            "privacy notice can name.",
        )
