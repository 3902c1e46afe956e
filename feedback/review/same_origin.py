"""Refuses what another site makes a signed-in browser send."""

from typing import Final

from feedback.errors import NotAllowed
from feedback.state import ServiceRequest

SAFE_METHODS: Final = ("GET", "HEAD")


def comes_from_elsewhere(request: ServiceRequest) -> bool:
    """Whether a page of another site led or made the browser come here, as far as the browser says."""
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def check_same_origin(request: ServiceRequest) -> None:
    """Raise NotAllowed where another site made the browser send this (Fetch Metadata, then Origin)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "")
    own = origin != "" and origin.partition("://")[2] == request.headers.get("host")
    if not (site == "same-origin" if site else own):
        raise NotAllowed
