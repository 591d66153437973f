"""Structured logs: one JSON object a line, and no secret in any of them."""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import orjson
import structlog

from bot.kernel.text.scrubber import Scrubber
from bot.ops.logs.tracebacks import formatted

MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
QUIET = (
    *("httpx", "httpx2", "httpcore", "httpcore2", "telegram", "openai", "stripe"),
    *("notion_client", "apscheduler", "alembic", "procrastinate"),
)


def _line(scrub: Scrubber) -> Any:
    def render(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
        try:
            written = orjson.dumps(event, default=str).decode()
        except TypeError:  # half of a surrogate pair: no line is lost for what somebody sent us
            written = json.dumps(event, default=str)
        return MAIL_ADDRESS.sub("[mail]", scrub(written))

    return render


class _ExceptionInWords:
    """Puts a traceback in place of an exception, without what people wrote."""

    def __init__(self, scrub: Scrubber) -> None:
        self._scrub = scrub

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        given = event.pop("exc_info", None)
        error = given if isinstance(given, BaseException) else None
        if error is None and given:
            error = given[1] if isinstance(given, tuple) else sys.exc_info()[1]
        if error is not None:
            event["exception"] = formatted(error, self._scrub)
        return event


def catch_all() -> None:
    """Have what nobody caught end up in the log as well, from whichever thread."""
    log = structlog.get_logger("bot")

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: Any) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("a fault that nobody caught; please report it", exc_info=error)

    sys.excepthook = uncaught
    threading.excepthook = lambda seen: uncaught(seen.exc_type, seen.exc_value, seen.exc_traceback)
    sys.unraisablehook = lambda seen: uncaught(seen.exc_type, seen.exc_value, seen.exc_traceback)
    logging.captureWarnings(capture=True)


def configure(level: str, secrets: Iterable[str], stream: TextIO = sys.stderr) -> None:
    """Send every log line of the process, libraries' too, to `stream` as NDJSON."""
    scrub = Scrubber(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _ExceptionInWords(scrub),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _line(scrub)],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # They log every request with its address, and Telegram's holds the token.
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
