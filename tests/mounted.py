"""Other people's apps that hold ours under a path, and a real server that runs them."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from feedback.running import started
from feedback.settings import Settings, load_settings
from tests.service import ADMIN_TOKEN, free_port, wait_until

SITE = "https://www.example.gov.uk"


def feedback_at(path: str, folder: Path, **more: Any) -> Settings:
    """The settings of an app that is mounted at a path."""
    own = {
        "database_url": f"sqlite:///{folder}{path}.db",
        "admin_token": ADMIN_TOKEN,
        "sites": (SITE,),
        "rate": None,
        "public_url": f"http://feedback.test{path}",
    }
    return load_settings(**(own | more))


def lives_with(*apps: Starlette) -> Callable[[Any], AbstractAsyncContextManager[dict[str, str]]]:
    """The lifespan of an outer app that has a state of its own."""

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[dict[str, str]]:
        async with started(*apps):
            yield {"settings": "of the outer app", "store": "of the outer app"}

    return lifespan


def in_starlette(*apps: tuple[str, Starlette]) -> Starlette:
    """An app of Starlette."""

    async def fails(_: object) -> PlainTextResponse:
        raise LookupError("the outer app's own fault")

    mounts = [Mount(path, app) for path, app in apps]
    lifespan = lives_with(*(app for _, app in apps))
    return Starlette(routes=[Route("/fails", fails), *mounts], lifespan=lifespan)


def in_fastapi(*apps: tuple[str, Starlette]) -> FastAPI:
    """An app of FastAPI with middleware of its own."""
    outer = FastAPI(lifespan=lives_with(*(app for _, app in apps)))

    @outer.get("/fails")
    async def fails() -> None:
        raise LookupError("the outer app's own fault")

    @outer.middleware("http")
    async def note(request: Request, go_on: Callable[..., Any]) -> Any:
        request.state.seen = "by the outer app"
        answer = await go_on(request)
        answer.headers["x-outer"] = f"{request.state.seen}, {request.state.store}"
        return answer

    for path, app in apps:
        outer.mount(path, app)
    return outer


@contextmanager
def running(outer: Any, port: int = 0) -> Iterator[str]:
    """A real server that runs an outer app as its developer would; gives its origin."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(outer, port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        assert server.started
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
