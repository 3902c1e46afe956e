"""`feedback`: the commands of those who run the service."""

import asyncio
import sys
from contextlib import suppress
from socket import socket
from typing import Annotated, Final

import typer
import uvicorn

from feedback import __version__
from feedback.app import create_app
from feedback.errors import StartError
from feedback.intake.widget import snippet
from feedback.logs import configure_logs
from feedback.review.auth import make_link
from feedback.settings import Settings, load_settings
from feedback.store import Store

HOST: Final = "127.0.0.1"
PORT: Final = 8000

commands = typer.Typer(
    name="feedback",
    help="Page feedback that takes personal numbers out before anything is stored.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@commands.callback()
def common(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Page feedback that takes personal numbers out before anything is stored."""
    if version:
        print(__version__)  # noqa: T201  # a command's answer
        raise typer.Exit


@commands.command(epilog="Example: feedback serve --port 8080")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = PORT,
) -> None:
    """Run the service; prints where to try it, where to review, and what to paste into a page."""
    settings = load_settings()
    if "public_url" not in settings.model_fields_set:
        # Listening everywhere is no address to go to.
        name = {"0.0.0.0": HOST, "::": HOST}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        settings = settings.model_copy(update={"public_url": f"http://{name}:{port}"})
    configure_logs()
    app = create_app(settings)
    link = asyncio.run(_first_link(settings))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # X-Forwarded-For is believed only from configured proxies, never by uvicorn itself.
        proxy_headers=False,
        timeout_graceful_shutdown=8,
    )
    server = _AnnouncingServer(config, settings.public_url, link)
    # uvicorn exits by itself when it cannot listen; Ctrl-C is how people stop it.
    with suppress(SystemExit, KeyboardInterrupt):
        server.run()
    if not server.started:
        raise StartError(
            f"The service cannot listen on {host}:{port}; is the address right, and the port free?"
        )


class _AnnouncingServer(uvicorn.Server):
    """Says where things are once the service really answers there."""

    def __init__(self, config: uvicorn.Config, public_url: str, link: str) -> None:
        super().__init__(config)
        self.lines = (
            f"Demo page:   {public_url}/demo",
            f"Review page: {link}  (signs in once, within the hour)",
            f"Embed:       {snippet(public_url)}",
        )

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(*self.lines, sep="\n", flush=True)  # noqa: T201  # a command's answer


async def _first_link(settings: Settings) -> str:
    store = await Store.open(settings.database_url.get_secret_value())
    try:
        return await make_link(store, settings.public_url)
    finally:
        await store.close()


def main() -> None:
    """Run a command; what is wrong is one sentence and exit code 1."""
    try:
        commands()
    except StartError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command's answer
        sys.exit(1)
