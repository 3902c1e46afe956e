"""The widget's script, as a fixed version and as the newest, and the hash that pages pin it with."""

import gzip
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha384
from importlib.resources import files
from typing import Final

import brotli
from starlette.responses import PlainTextResponse, Response

from feedback.settings import Settings
from feedback.state import ServiceRequest

IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "public, max-age=0, must-revalidate"
PATHS: Final[tuple[str, ...]] = ("/widget.js", "/widget/v1.js")
WIDGET_MAX_TEXT: Final = 1200  # what the script counts to where its element names no other limit


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """The script as it is sent: by content coding, compressed once, and its hash (Subresource Integrity)."""

    codings: dict[str, bytes]  # best first; `identity` is the script as it was written
    integrity: str

    @classmethod
    def load(cls, version: str) -> "WidgetFile":
        """Read one version of the script from the package."""
        plain = (files("feedback") / "static" / "widget" / f"{version}.js").read_bytes()
        digest = b64encode(sha384(plain).digest()).decode("ascii")
        codings = {
            "br": brotli.compress(plain, mode=brotli.MODE_TEXT),
            "gzip": gzip.compress(plain, 9, mtime=0),
            "identity": plain,
        }
        return cls(codings, f"sha384-{digest}")

    def best(self, accepted: str) -> str:
        """The shortest coding that the header Accept-Encoding takes."""
        return next(coding for coding in self.codings if coding == "identity" or _takes(accepted, coding))


V1: Final = WidgetFile.load("v1")
NEWEST: Final = V1


async def get_widget(request: ServiceRequest) -> Response:
    """GET /widget.js: the newest version, asked for again each time."""
    return _answer(request, NEWEST, REVALIDATE)


async def get_widget_v1(request: ServiceRequest) -> Response:
    """GET /widget/v1.js, or whatever FEEDBACK_WIDGET_PATH calls it: this version for ever."""
    return _answer(request, V1, IMMUTABLE)


async def get_integrity(request: ServiceRequest) -> Response:  # noqa: ARG001  # every endpoint takes one
    """GET /widget/integrity: the hash of /widget/v1.js for the `integrity` attribute."""
    return PlainTextResponse(V1.integrity, headers=_shared(REVALIDATE))


def snippet(settings: Settings) -> str:
    """What a web editor pastes into a page, on one line."""
    server = settings.public_url
    limit = "" if settings.max_text == WIDGET_MAX_TEXT else f' max="{settings.max_text}"'
    return (
        f'<script src="{server}{settings.widget_path}" integrity="{V1.integrity}" '
        'crossorigin="anonymous" defer></script>'
        f'<page-feedback server="{server}"{limit}>'
        f'<a href="{server}/feedback/form">Help us improve this page</a></page-feedback>'
    )


def _takes(accepted: str, coding: str) -> bool:
    # Named, and not with a quality of nothing.
    return re.search(rf"\b{coding}\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted) is not None


def _answer(request: ServiceRequest, widget: WidgetFile, cache: str) -> Response:
    # Weak, since the file shares it with its compressed copies.
    etag = f'W/"{widget.integrity[-24:]}"'
    headers = _shared(cache) | {"ETag": etag, "Vary": "Accept-Encoding"}
    if etag.removeprefix("W/") in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    coding = widget.best(request.headers.get("accept-encoding", ""))
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(widget.codings[coding], 200, headers, "text/javascript")


def _shared(cache: str) -> dict[str, str]:
    # Any page may load the script: `crossorigin` with `integrity` asks for this.
    return {
        "Cache-Control": cache,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
