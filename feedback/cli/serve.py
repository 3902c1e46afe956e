"""`feedback serve`: one process, or several workers on one port."""

import asyncio
import gc
import os
import sys
import tempfile
from contextlib import suppress
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer
import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from feedback.app import create_app
from feedback.errors import StartError
from feedback.http.server import Protocol
from feedback.intake.widget import snippet
from feedback.review.sessions import make_link
from feedback.settings import Settings, load_settings
from feedback.store import Store
from feedback.watching.logs import configure_logs
from feedback.watching.metrics import FOLDER_VARIABLE

if sys.platform != "win32":
    import resource

HOST: Final = "127.0.0.1"
PORT: Final = 8000
_OPEN_FILES: Final = 65_536
_WORKER_START_SECONDS: Final = 60.0


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = PORT,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes to run; more than one needs PostgreSQL.")
    ] = 1,
) -> None:
    """Run the service; prints where to try it, where to review, and what to paste into a page.

    SIGTERM finishes what has begun. With workers, SIGHUP replaces them one by one.
    """
    settings = load_settings()
    if workers > 1 and settings.database_url.get_secret_value().startswith("sqlite:"):
        raise StartError(
            "Several workers need FEEDBACK_DATABASE_URL=postgresql://...; SQLite takes one process."
        )
    if "public_url" not in settings.model_fields_set:
        # Listening everywhere is no address to go to.
        name = {"0.0.0.0": HOST, "::": HOST}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        settings = settings.model_copy(update={"public_url": f"http://{name}:{port}"})
    _check_free(host, port)
    configure_logs()
    _allow_many_files()
    if workers > 1:
        _serve_workers(settings, host, port, workers)
    else:
        _serve_one(settings, host, port)


def worker_app() -> Starlette:
    """The app of one worker, with the settings of the environment."""
    configure_logs()
    app = create_app()
    _leave_lasting_objects_alone()
    return app


def _leave_lasting_objects_alone() -> None:
    """Let the garbage collector look at what requests leave behind, not at all that was made for the start.

    With Python's own thresholds it takes a quarter of the time of a submission, and finds next to nothing:
    what a request makes holds no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _serve_one(settings: Settings, host: str, port: int) -> None:
    app = create_app(settings)
    lines = _announcement(settings)
    _leave_lasting_objects_alone()
    server = _AnnouncingServer(_config(settings, app, host, port), lines)
    # uvicorn exits by itself when it cannot listen; Ctrl-C is how people stop it.
    with suppress(SystemExit, KeyboardInterrupt):
        server.run()
    if server.started:
        return
    if server.lifespan.should_exit:
        raise StartError("The service did not start: the log line above says why.")
    raise _cannot_listen(host, port)


def _serve_workers(settings: Settings, host: str, port: int, workers: int) -> None:
    # Wrong settings and a database that is away are said here, once, and not by each worker.
    create_app(settings)
    lines = _announcement(settings)
    os.environ["FEEDBACK_PUBLIC_URL"] = settings.public_url
    config = _config(settings, f"{__name__}:{worker_app.__name__}", host, port, workers)
    try:
        listening = config.bind_socket()
    except SystemExit:
        raise _cannot_listen(host, port) from None
    # Each worker counts for itself, in files that one of them adds up when it is asked.
    with tempfile.TemporaryDirectory(prefix="feedback-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        _AnnouncingWorkers(config, [listening], lines).run()


def _allow_many_files() -> None:
    """A connection is an open file, and many systems allow 1,024 unless one asks for more."""
    if sys.platform == "win32":
        return
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _OPEN_FILES)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _config(
    settings: Settings, app: Starlette | str, host: str, port: int, workers: int = 1
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=host,
        port=port,
        workers=workers,
        # Where a proxy serves this under a path of a site, links begin with that path.
        root_path=urlsplit(settings.public_url).path,
        http=Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # X-Forwarded-For is believed only from configured proxies, never by uvicorn itself.
        proxy_headers=False,
        timeout_graceful_shutdown=8,
        timeout_worker_healthcheck=30,
    )


def _check_free(host: str, port: int) -> None:
    """Say at once that nobody can listen there; uvicorn would find out when all else has started."""
    with socket(AF_INET6 if ":" in host else AF_INET) as probe:
        probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise _cannot_listen(host, port) from None


def _cannot_listen(host: str, port: int) -> StartError:
    return StartError(f"The service cannot listen on {host}:{port}; is the address right, and the port free?")


def _announcement(settings: Settings) -> tuple[str, ...]:
    link = asyncio.run(_first_link(settings))
    return (
        f"Demo page:   {settings.public_url}/demo",
        f"Review page: {link}  (signs in once, within the hour)",
        f"Embed:       {snippet(settings)}",
    )


async def _first_link(settings: Settings) -> str:
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        return await make_link(store, settings.public_url)
    finally:
        await store.close()


class _AnnouncingServer(uvicorn.Server):
    """Says where things are once the service really answers there."""

    def __init__(self, config: uvicorn.Config, lines: tuple[str, ...]) -> None:
        super().__init__(config)
        self.lines = lines

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(*self.lines, sep="\n", flush=True)  # noqa: T201  # a command's answer


class _AnnouncingWorkers(Multiprocess):
    """Says where things are once every worker really answers there."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket], lines: tuple[str, ...]) -> None:
        super().__init__(config, sockets)
        self.lines = lines

    def init_processes(self) -> None:
        super().init_processes()
        if all(each.wait_until_ready(_WORKER_START_SECONDS, self.should_exit) for each in self.processes):
            print(*self.lines, sep="\n", flush=True)  # noqa: T201  # a command's answer
