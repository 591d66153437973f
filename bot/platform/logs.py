"""Structured logs: one JSON object a line, and no secret in any of them."""

import json
import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import orjson
import structlog

# Shapes of secrets that are not ours to know in advance: bot tokens, API keys, webhook secrets.
SHAPES = re.compile(r"\d{6,}:[\w-]{30,}|\b(?:sk|rk|whsec|secret|ntn)[-_][\w-]{8,}")
MASK = "[secret]"
QUIET = (
    *("httpx", "httpx2", "httpcore", "httpcore2", "telegram", "openai", "stripe"),
    *("notion_client", "apscheduler", "alembic", "procrastinate"),
)


class Scrubber:
    """Takes secrets out of finished log lines, whoever wrote them and however deep they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        plain = [secret for secret in secrets if len(secret) >= 6]
        escaped = [orjson.dumps(secret).decode()[1:-1] for secret in plain]
        known = sorted({re.escape(form) for form in (*plain, *escaped)}, key=len, reverse=True)
        self._pattern = re.compile("|".join([*known, SHAPES.pattern]))

    def __call__(self, line: str) -> str:
        return self._pattern.sub(MASK, line)


def _line(scrub: Scrubber) -> Any:
    def render(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
        try:
            written = orjson.dumps(event, default=str).decode()
        except TypeError:  # half of a surrogate pair: no line is lost for what somebody sent us
            written = json.dumps(event, default=str)
        return scrub(written)

    return render


def configure(level: str, secrets: Iterable[str], stream: TextIO = sys.stderr) -> None:
    """Send every log line of the process, libraries' too, to `stream` as NDJSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
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
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _line(Scrubber(secrets))],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # They log every request with its address, and Telegram's holds the token.
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
