"""The sites whose pages may embed the widget: whether each is one that visitors can be on."""

import socket
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from feedback.check.finding import Finding, ok, warning
from feedback.check.page import is_loopback
from feedback.intake.sites import Sites
from feedback.settings import Settings

SUBJECT: Final = "sites"


def check_sites(settings: Settings, *, network: bool) -> Iterator[Finding]:
    """What is odd about each of FEEDBACK_SITES; the settings are known to be read without fault."""
    for site in settings.sites or ():
        host = urlsplit(site).hostname or ""
        if site.startswith("http:") and not is_loopback(host):
            yield warning(
                SUBJECT,
                f"{site} is http, so anybody on the way can change its pages and the widget in them: "
                f"serve it under https and write https:{site[5:]}.",
            )
        elif host.startswith("*."):
            yield ok(SUBJECT, f"{site} is every name below {host[2:]}, and not {host[2:]} itself.")
        elif network and not _resolves(host):
            yield warning(SUBJECT, f"{site} is not in the DNS as this machine sees it: is it spelt right?")
        else:
            yield ok(SUBJECT, f"{site} may embed the widget.")


def exact_sites(settings: Settings) -> list[str]:
    """The sites that are one origin each, in its normal form."""
    return sorted(Sites.from_settings(settings.sites, settings.public_url).origins)


def _resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return False
    return True
