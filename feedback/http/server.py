"""The server's protocol: uvicorn's, with a cap on headers and a deadline for all that a client must do.

uvicorn waits for ever for a client that sends nothing, and its parser takes headers of any size.
"""

import asyncio
import socket
import struct
from functools import lru_cache
from http import HTTPStatus
from math import inf
from typing import Any, Final

from starlette.types import Scope
from uvicorn import Config
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from feedback.http.headers import RawHeaders, headers_for
from feedback.settings import Settings
from feedback.watching.metrics import Metrics

MAX_HEADERS: Final = 16_384  # bytes of the request line and all headers
# Bytes around a body: sizes of chunks and what may stand between and after them.
_MAX_FRAMING: Final = 1_048_576
# Requests that a client may send ahead of their answers; browsers and proxies send none.
_MAX_AHEAD: Final = 8
# Seconds between two looks at a connection's deadline: one timer a connection, none a request.
_LOOK_EVERY: Final = 1.0
# Seconds in which a client must begin to read its answer, or read on.
_READ_SECONDS: Final = 6.0
# Seconds in which what a client still sends is dropped, so that it sees why it was refused.
_LINGER_SECONDS: Final = 2.0
# Bytes that the kernel keeps of answers that a client does not read; by itself it would keep megabytes.
_KERNEL_BUFFER: Final = 131_072
_RESET: Final = struct.pack("ii", 1, 0)  # linger for no time, see socket(7)
# Seconds for which a client that came too early or too often is not read from: refusing it again and again
# would take the time of those who are taken. A proxy's connection carries anybody's requests and is read on.
_HOLD_SECONDS: Final = 0.5
_HOLD: Final = "feedback.hold"
_OF_BODY: Final = (b"content-length", b"transfer-encoding")
# Seconds for which a server that stops waits for a body.
_STOP_SECONDS: Final = 2.0


class Protocol(HttpToolsProtocol):
    """One connection, which always knows by when its client must have done the next thing.

    That is to send the headers, the body or the next request, or to read the answer; while the service itself
    is at work there is no deadline.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        settings: Settings = app_state["settings"]
        self._metrics: Metrics = app_state["metrics"]
        self._header_seconds = settings.header_seconds
        self._body_seconds = settings.body_seconds
        self._headers = headers_for(settings.public_url)
        self._deadline = inf
        self._read_deadline = inf  # of a client that does not read; what it sends meanwhile does not move it
        self._in_headers = True
        self._in_body = False
        self._finished = False
        self._answering: RequestResponseCycle | None = None  # uvicorn's `cycle` is the newest, which may wait
        self._framing = 0  # bytes since the request began that are not of its body
        self._timer: asyncio.TimerHandle | None = None

    # What uvicorn calls when something happens on the connection.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """A client that connects must begin its headers at once."""
        super().connection_made(transport)
        self._option(socket.SO_SNDBUF, _KERNEL_BUFFER)
        self._deadline = self.loop.time() + self._header_seconds
        self._timer = self.loop.call_later(_LOOK_EVERY, self._look_at_deadline)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._answer_nothing_more()
        if self._timer:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse what came; headers that do not end within the cap are refused."""
        if self._finished or self.transport.is_closing():
            return
        self._framing += len(data)
        super().data_received(data)
        if self._in_headers and self._framing > MAX_HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._framing > _MAX_FRAMING:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        if not self._in_headers:
            self._in_headers = True
            self._framing = 0
            self._deadline = self.loop.time() + self._header_seconds

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; those after a body in chunks would join the others, behind the back of every check."""
        if self._in_headers:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The headers are there; the body has a deadline of its own."""
        if sum(map(_size, self.headers)) + len(self.url) > MAX_HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            raise _RefusedError
        if self.parser.should_upgrade() and any(name in _OF_BODY for name, _ in self.headers):
            # The parser leaves such a body to the other protocol, and then takes it for the next request.
            self._refuse(HTTPStatus.BAD_REQUEST)
            raise _RefusedError
        self._in_headers = False
        self._in_body = True
        self._deadline = self.loop.time() + self._body_seconds
        super().on_headers_complete()
        # The app's answers close through us, see `close`.
        self.cycle.transport = self  # type: ignore[assignment]  # all that it calls is here
        if len(self.pipeline) > _MAX_AHEAD:
            self._refuse(HTTPStatus.BAD_REQUEST)
            raise _RefusedError

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._framing -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of the request is there: now it is for the service to act."""
        super().on_message_complete()
        self._in_body = False
        self._deadline = self._idle_deadline() if self.cycle.response_complete else inf

    def on_response_complete(self) -> None:
        """The answer is given; uvicorn would set a timer here, for each request."""
        self.server_state.total_requests += 1
        if self._finished:
            return
        if self.transport.is_closing():
            self._deadline = self.loop.time() + _READ_SECONDS
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._in_headers:
            self._deadline = self._idle_deadline()
            if _HOLD in self.cycle.scope:
                self._hold()

    def pause_writing(self) -> None:
        """The client reads more slowly than we answer."""
        super().pause_writing()
        self._read_deadline = self.loop.time() + _READ_SECONDS

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        self._read_deadline = inf

    def shutdown(self) -> None:
        """The server stops: what is being answered is finished, and nobody else is waited for long."""
        super().shutdown()
        if self._in_body or self.transport.is_closing():
            self._deadline = min(self._deadline, self.loop.time() + _STOP_SECONDS)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # ours is one for everybody
        """What came is not HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: whoever asks for another protocol is answered in this one."""

    # What an answer of the app calls.

    def write(self, data: bytes) -> None:
        """Send a part of the answer."""
        self.transport.write(data)

    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self._finished or self.transport.is_closing()

    def close(self) -> None:
        """End the connection after the answer, gently where the client has not sent everything yet."""
        if self._in_body:
            self._finish()
        else:
            self.transport.close()

    # What we do about clients.

    def _idle_deadline(self) -> float:
        return self.loop.time() + self.timeout_keep_alive

    def _look_at_deadline(self) -> None:
        if self.loop.time() >= min(self._deadline, self._read_deadline):
            self._give_up()
        self._timer = self.loop.call_later(_LOOK_EVERY, self._look_at_deadline)

    def _give_up(self) -> None:
        begun = self._framing if self._in_headers else self._in_body and not self.cycle.response_complete
        if self._finished or self.transport.is_closing() or self.transport.get_write_buffer_size():
            self._reset()
        elif begun:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _reset(self) -> None:
        """Close without waiting until the client has read; the kernel drops what it holds for it, too."""
        self._option(socket.SO_LINGER, _RESET)
        self.transport.abort()

    def _option(self, name: int, value: int | bytes) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, name, value)

    def _hold(self) -> None:
        """Do not read on for a while: whoever was told to come back later may send again at once."""
        self.flow.pause_reading()
        self._deadline += _HOLD_SECONDS
        self.loop.call_later(_HOLD_SECONDS, self._read_on)

    def _read_on(self) -> None:
        if not self.transport.is_closing():
            self.flow.resume_reading()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer what never becomes a whole request, and end the connection."""
        if self._finished or self.transport.is_closing():
            return
        self._metrics.unread(status)
        # In the middle of another answer these bytes would be taken for a part of it.
        answering = self._answering
        if answering is None or answering.response_complete or not answering.response_started:
            date = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
            self.transport.write(_answer(status, self._headers) % date)
        self._finish()

    def _finish(self) -> None:
        """Send nothing more, and drop what still comes: closing at once would lose the answer on its way."""
        self._finished = True
        self._deadline = self.loop.time() + _LINGER_SECONDS
        self.transport.write_eof()
        self._answer_nothing_more()
        self.flow.resume_reading()

    def _answer_nothing_more(self) -> None:
        """Tell the service that whoever asked is gone, and forget the requests behind it."""
        self.pipeline.clear()
        if self._answering and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()


def hold(scope: Scope) -> None:
    """Have the connection of a request not read from for a while after its answer."""
    if not scope["state"]["client_address"].is_proxy(scope):
        scope[_HOLD] = True


class _RefusedError(Exception):
    """Stops the parser."""


def _size(header: tuple[bytes, bytes]) -> int:
    return len(header[0]) + len(header[1]) + 4  # a colon, a space and the end of the line


@lru_cache
def _answer(status: HTTPStatus, security: RawHeaders) -> bytes:
    """A whole answer, with a place for the date."""
    body = (
        f'{{"type":"about:blank","title":"{status.phrase}","status":{status.value},'
        f'"detail":"The server could not read the request.","errors":[]}}'
    ).encode("ascii")
    headers = (
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *security,
    )
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return b"HTTP/1.1 %d %b\r\n%%b%b\r\n%b" % (status.value, status.phrase.encode("ascii"), lines, body)
