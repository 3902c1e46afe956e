"""Whether the process lives, and whether it can take submissions."""

from typing import Final

from starlette.responses import JSONResponse, Response

from feedback.state import ServiceRequest

_HEADERS: Final = {"Cache-Control": "no-store"}


async def get_live(request: ServiceRequest) -> Response:  # noqa: ARG001  # every endpoint takes one
    """GET /health/live: 200 as long as the process answers at all."""
    return JSONResponse({"status": "ok"}, headers=_HEADERS)


async def get_ready(request: ServiceRequest) -> Response:
    """GET /health/ready: 200 when a submission would be stored, else 503."""
    await request.state["store"].check()
    return JSONResponse({"status": "ok"}, headers=_HEADERS)
