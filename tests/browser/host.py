"""A made-up library's web server: pages of another origin that embed the widget."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.service import Service


class Host:
    """Serves one page, which `show` sets, under every address that starts with /library."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.html = ""
        self.policy = ""
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path.startswith("/library")
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if host.policy:
                    self.send_header("Content-Security-Policy", host.policy)
                self.end_headers()
                self.wfile.write(host.html.encode() if found else b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def show(self, body: str, *, policy: str = "", lang: str = "en") -> str:
        """Put `body` into the page; gives an address whose query and fragment must never be sent."""
        self.policy = policy
        self.html = (
            f'<!doctype html><html lang="{lang}"><head><title>Library opening hours</title>'
            f'<script src="{self.service.origin}/widget.js" crossorigin="anonymous" defer></script></head>'
            f"<body><main><h1>Library opening hours</h1>{body}</main></body></html>"
        )
        return f"{self.origin}/library?session=secret#top"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
