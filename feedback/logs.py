"""Logs as JSON lines on standard error; what uvicorn says goes the same way, without its access log."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """Send every log line, ours and the libraries', through one JSON formatter."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_traceback],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # Presidio logs what it loads; aiosqlite logs statements at DEBUG.
    for name in ("presidio-analyzer", "aiosqlite", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _without_traceback(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop exceptions of libraries but for their type: a message or a frame may hold what a visitor typed."""
    record = event["_record"]
    if record.exc_info and record.exc_info[0]:
        event["fault"] = record.exc_info[0].__name__
        record.exc_info = record.exc_text = None
    event.pop("exc_info", None)
    return event
