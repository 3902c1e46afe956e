"""GET /metrics: figures for Prometheus, to this machine itself or to an admin."""

import ipaddress
from contextlib import suppress
from typing import Final

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from feedback.errors import Unavailable
from feedback.model import Person, Role
from feedback.review.guard import needs
from feedback.state import ServiceRequest

# What proxies add: behind one on this machine every client's connection comes from this machine.
_FORWARDED: Final = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
)


async def get_metrics(request: ServiceRequest) -> Response:
    """The figures; a token or a session is asked of everybody who comes from elsewhere."""
    return await _figures(request) if from_this_machine(request) else await _to_admin(request)


def from_this_machine(request: ServiceRequest) -> bool:
    """Whether the connection comes from this machine, and from no proxy on it."""
    client = request.scope.get("client")
    if client is None or any(name in request.headers for name in _FORWARDED):
        return False
    with suppress(ValueError):
        return ipaddress.ip_address(client[0]).is_loopback
    return False


@needs(Role.ADMIN, all_sites=True)
async def _to_admin(request: ServiceRequest, person: Person) -> Response:
    return await _figures(request)


async def _figures(request: ServiceRequest) -> Response:
    metrics = request.state["metrics"]
    # Without the database the other figures are wanted the most; its size stays as it was.
    with suppress(Unavailable):
        metrics.database_size(await request.state["store"].size())
    return Response(
        metrics.text(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}
    )
