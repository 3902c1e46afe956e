"""The widget's file, as a fixed version and as the newest, and the hash that pages pin it with."""

import gzip
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha384
from importlib.resources import files
from typing import Final

from starlette.responses import PlainTextResponse, Response

from feedback.state import ServiceRequest

IMMUTABLE: Final = "public, max-age=31536000, immutable"
# Named, and not with a quality of nothing.
_GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
REVALIDATE: Final = "public, max-age=0, must-revalidate"


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """The script as it is sent: plain, compressed once, and its hash (Subresource Integrity)."""

    plain: bytes
    compressed: bytes
    integrity: str

    @classmethod
    def load(cls) -> "WidgetFile":
        """Read the script from the package."""
        plain = (files("feedback") / "static" / "widget.js").read_bytes()
        digest = b64encode(sha384(plain).digest()).decode("ascii")
        return cls(plain, gzip.compress(plain, 9, mtime=0), f"sha384-{digest}")


WIDGET: Final = WidgetFile.load()


async def get_widget(request: ServiceRequest) -> Response:
    """GET /widget.js: the newest version, asked for again each time."""
    return _answer(request, REVALIDATE)


async def get_widget_v1(request: ServiceRequest) -> Response:
    """GET /widget/v1.js: this version for ever."""
    return _answer(request, IMMUTABLE)


async def get_integrity(request: ServiceRequest) -> Response:  # noqa: ARG001  # every endpoint takes one
    """GET /widget/integrity: the hash of /widget/v1.js for the `integrity` attribute."""
    return PlainTextResponse(WIDGET.integrity, headers=_shared(REVALIDATE))


def snippet(server: str) -> str:
    """What a web editor pastes into a page, on one line."""
    return (
        f'<script src="{server}/widget/v1.js" integrity="{WIDGET.integrity}" '
        'crossorigin="anonymous" defer></script>'
        f'<page-feedback server="{server}"><a href="{server}/feedback/form">Help us improve this page</a>'
        "</page-feedback>"
    )


def _answer(request: ServiceRequest, cache: str) -> Response:
    # Weak, since the plain and the compressed file share it.
    etag = f'W/"{WIDGET.integrity[-24:]}"'
    headers = _shared(cache) | {"ETag": etag, "Vary": "Accept-Encoding"}
    if etag.removeprefix("W/") in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = WIDGET.plain
    if _GZIP.search(request.headers.get("accept-encoding", "")):
        body, headers["Content-Encoding"] = WIDGET.compressed, "gzip"
    return Response(body, 200, headers, "text/javascript")


def _shared(cache: str) -> dict[str, str]:
    # Any page may load the script: `crossorigin` with `integrity` asks for this.
    return {
        "Cache-Control": cache,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
