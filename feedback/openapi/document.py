"""GET /openapi.json: the files beside this one as one document, with what every operation shares."""

from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import orjson
import yaml
from starlette.responses import Response

from feedback import __version__
from feedback.state import ServiceRequest

_PARTS: Final = ("visitors.yaml", "operators.yaml", "admin.yaml", "people.yaml")
# What any request may be answered with: headers that no honest client sends, a host that is not ours, a
# database that is away.
_ALWAYS: Final = (400, 421, 503)
_ADMIN: Final = (401, 403)
_PROBLEM: Final = {"$ref": "#/components/responses/Problem"}


async def get_openapi(request: ServiceRequest) -> Response:
    """The document, for this server's own address."""
    body = _text(request.state["settings"].public_url)
    return Response(body, headers={"Cache-Control": "public, max-age=3600"}, media_type="application/json")


@lru_cache(maxsize=8)  # apps in one process
def _text(public_url: str) -> bytes:
    return orjson.dumps(document(public_url))


def document(public_url: str) -> dict[str, Any]:
    """All operations.

    In the files an operation lists under `problems` the statuses of its refusals; those that it shares with
    all others are added here, and under /admin the token that it needs.
    """
    whole: dict[str, Any] = _read("base.yaml")
    whole["info"]["version"] = __version__
    whole["servers"] = [{"url": public_url}]
    whole["paths"] = {}
    for name in _PARTS:
        part = _read(name)
        whole["paths"] |= part["paths"]
        whole["components"]["schemas"] |= part.get("schemas", {})
    for path, operations in whole["paths"].items():
        for operation in (one for method, one in operations.items() if method != "parameters"):
            admin = path.startswith("/admin/")
            problems = {*operation.pop("problems", ()), *_ALWAYS, *(_ADMIN if admin else ())}
            # A new object: operations may share the one that the file gives them.
            operation["responses"] = operation["responses"] | {
                str(status): _PROBLEM for status in sorted(problems)
            }
            if admin:
                operation["security"] = [{"token": []}]
    return whole


def _read(name: str) -> dict[str, Any]:
    text = (files("feedback.openapi") / name).read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return read
