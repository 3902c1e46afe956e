"""Which proxies are believed about the addresses of visitors: too few, too many, or strangers."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from feedback.check.finding import Finding, ok, problem, warning
from feedback.settings import Settings

SUBJECT: Final = "proxies"
# A proxy of one's own has a few addresses, not a part of the internet.
_FEW: Final = 256


def check_proxies(settings: Settings) -> Iterator[Finding]:
    """What FEEDBACK_TRUSTED_PROXIES does; the settings are known to be read without fault."""
    proxies = settings.trusted_proxies or ()
    if not proxies and settings.public_url.startswith("https:"):
        yield _nobody_believed(settings)
    elif not proxies:
        yield ok(SUBJECT, "No proxy is believed; visitors are known by the address that connects.")
    for proxy in proxies:
        network = ip_network(proxy)
        if network.is_global and network.num_addresses > _FEW:
            yield warning(
                SUBJECT,
                f"FEEDBACK_TRUSTED_PROXIES: {network} is {network.num_addresses} public addresses, each of "
                "which may say who a visitor is: name the addresses of your proxies only.",
            )
        else:
            yield ok(SUBJECT, f"{network} is believed about who a visitor is.")


def _nobody_believed(settings: Settings) -> Finding:
    if settings.rate is None:
        return warning(
            SUBJECT,
            "FEEDBACK_TRUSTED_PROXIES is not set, but https needs a proxy in front, so that all visitors "
            "look like one: name its address, such as FEEDBACK_TRUSTED_PROXIES=127.0.0.1.",
        )
    return problem(
        SUBJECT,
        "FEEDBACK_TRUSTED_PROXIES is not set, but https needs a proxy in front, so that all visitors share "
        f"one limit of {settings.rate} and most are refused: name its address, such as "
        "FEEDBACK_TRUSTED_PROXIES=127.0.0.1 where it is on this machine.",
    )
