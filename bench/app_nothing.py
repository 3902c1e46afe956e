"""The most that this server and this framework can do, for comparison: parse the JSON and answer."""

import json
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def make() -> Starlette:
    """Keeps nothing."""

    async def post(request: Request) -> Response:
        json.loads(await request.body())
        return JSONResponse({"id": str(uuid4()), "removed": []}, 201)

    return Starlette(routes=[Route("/feedback", post, methods=["POST"])])
