"""What the client would rather have: a page or JSON."""

from typing import Any

from starlette.requests import Request


def wants_html(request: Request[Any]) -> bool:
    """Whether the Accept header ranks HTML above JSON, as browsers that show a page do."""
    quality: dict[str, float] = {}
    for part in request.headers.get("accept", "").lower().split(","):
        kind, _, parameters = part.partition(";")
        quality[kind.strip()] = _quality(parameters)
    json = max(quality.get("application/json", 0.0), quality.get("application/problem+json", 0.0))
    return quality.get("text/html", 0.0) > json


def _quality(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
