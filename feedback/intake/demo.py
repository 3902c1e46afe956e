"""GET /demo: a council's news page that embeds the widget from another origin, as a real page would."""

from typing import Final

from starlette.responses import RedirectResponse, Response

from feedback.intake.form import scrubbed_page
from feedback.intake.widget import V1
from feedback.state import ServiceRequest

# The same server under its other loopback name is another origin to a browser.
_OTHER_NAME: Final = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


async def get_demo(request: ServiceRequest) -> Response:
    """The demo page, under the strictest policy that a page with the widget can have."""
    settings = request.state["settings"]
    server = _server(request)
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        # Without the slash a policy means this path alone, and not what is under it.
        f"script-src {server}/; connect-src {server}/; form-action {server}/; "
        "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return request.state["templates"].page(
        request,
        "visitor/demo.html",
        {
            "server": server,
            "script": server + settings.widget_path,
            "integrity": V1.integrity,
            "max_text": settings.max_text,
            "page": scrubbed_page(request, str(request.url)),
        },
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"},
    )


async def get_root(request: ServiceRequest) -> Response:
    """GET /: whoever tries the bare address is shown the service at work."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/demo", 303)


def _server(request: ServiceRequest) -> str:
    host, port = request.url.hostname, request.url.port
    root = request.scope.get("root_path", "")
    if host in _OTHER_NAME:
        return f"{request.url.scheme}://{_OTHER_NAME[host]}{f':{port}' if port else ''}{root}"
    return request.state["settings"].public_url
