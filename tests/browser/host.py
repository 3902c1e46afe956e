"""A made-up library's web server: pages of another origin that embed the widget."""

import mimetypes
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.service import Service


class Host:
    """Serves one page, which `show` sets, under every address that starts with /library, and given files."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.html = ""
        self.policy = ""
        self.headers: dict[str, str] = {}  # of the page, besides
        self.files: dict[str, bytes] = {}  # by path
        self.reports: list[bytes] = []  # of violations, where a policy names /reports
        self.answer: tuple[int, dict[str, str]] = (503, {})  # to submissions sent here and not to the service
        self.answering = threading.Event()  # cleared: that answer waits
        self.answering.set()
        self.posts = 0
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                page = host.html.encode() if path.startswith("/library") else None
                body = host.files.get(f"{path}index.html" if path.endswith("/") else path, page)
                self.send_response(404 if body is None else 200)
                kind = mimetypes.guess_type(path)[0] if path in host.files else None
                self.send_header("Content-Type", kind or "text/html; charset=utf-8")
                if host.policy:
                    self.send_header("Content-Security-Policy", host.policy)
                for name, value in host.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/reports":
                    host.reports.append(body)
                else:
                    host.posts += 1
                    host.answering.wait()
                status, headers = host.answer
                self.send_response(status)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Access-Control-Expose-Headers", "Retry-After")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(BrokenPipeError):
                    self.wfile.write(b"{}")

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

    def publish(self, folder: Path) -> None:
        """Serve every file of a folder."""
        for file in folder.rglob("*"):
            if file.is_file():
                self.files[f"/{file.relative_to(folder).as_posix()}"] = file.read_bytes()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answering.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
