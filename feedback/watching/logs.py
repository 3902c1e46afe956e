"""Logs as JSON lines on standard error; the libraries' go there too, without what they were given.

Inside another app nothing of this is set up: our lines go to the standard library, as that app wants it.
"""

import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from functools import partialmethod
from pathlib import PurePath
from typing import Final

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger

from feedback.watching.log_lines import LogLines

_STDERR: Final = 2

_lines: LogLines | None = None


def configure_logs(descriptor: int = _STDERR) -> None:
    """Send our lines past the standard library, which takes five times as long; the libraries' through it."""
    global _lines  # one for the process, as the standard library's root logger
    _lines = LogLines(descriptor)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                _without_values,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    # A line that cannot be formatted would be printed with all that it was given.
    logging.raiseExceptions = False
    # What nobody catches would be printed with its message, too.
    sys.unraisablehook = _uncaught
    threading.excepthook = _uncaught
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # Presidio logs what it loads.
    for name in ("presidio-analyzer", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger of ours; nobody's configuration of structlog changes it, and it changes nobody's."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        _Logger(name),
        processors=[_render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return logger


def drain_logs() -> None:
    """Wait for lines that are still to be written, at most a second."""
    if _lines:
        _lines.drain()


def fault_places(error: BaseException) -> list[str]:
    """Where in the code the fault rose, innermost last: file, line and function, no values."""
    return [
        f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-8:]
    ]


def _uncaught(fault: "sys.UnraisableHookArgs | threading.ExceptHookArgs") -> None:
    places = fault_places(fault.exc_value) if fault.exc_value else []
    get_logger("feedback").error("uncaught", fault=fault.exc_type.__name__, places=places)


class _Logger:
    """Takes lines to where the service writes its own, or to the logging of the app that we are part of."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._of_host = logging.getLogger(name)

    def _take(self, line: bytes, level: int) -> None:
        if _lines:
            _lines.write(line + b"\n")
        else:
            self._of_host.log(level, "%s", line.decode())

    info = partialmethod(_take, level=logging.INFO)
    warning = partialmethod(_take, level=logging.WARNING)
    error = partialmethod(_take, level=logging.ERROR)


def _render(logger: _Logger, level: str, event: EventDict) -> bytes:
    if _lines:  # else who reads these knows from the standard library
        event["level"] = level
        event["logger"] = logger.name
        event["timestamp"] = datetime.now(UTC)
    return orjson.dumps(event, default=_kind, option=orjson.OPT_UTC_Z)


def _kind(value: object) -> str:
    """What stands for a value that JSON has no word for: never the value itself."""
    return type(value).__name__


def _without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keep what a library's line always says: its values and its exception may be a visitor's words."""
    record = event["_record"]
    if record.exc_info and record.exc_info[0]:
        event["fault"] = record.exc_info[0].__name__
        record.exc_info = record.exc_text = None
    event.pop("exc_info", None)
    if not record.name.startswith("uvicorn"):  # uvicorn's values are addresses to listen on and processes
        said = str(record.msg).partition("\n")[0]
        # asyncio names a callback with what it was called with.
        event["event"] = said.partition("(")[0] if record.name == "asyncio" else said
    return event
