"""What is logged, and how: one line for each request and each socket's end, as JSON or for people (FORUM_LOG).

No cookie, password, query string or text of a comment is ever logged: paths stand without their query, the secret of a
reset link is left out, and errors of the database come without their parameters and details.
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from forum.config import Settings

SECRET = ("/reset/", "/appeal/")
"""What follows these in a path sets a new password, or speaks for somebody who is banned."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, default=repr).encode
_DETAIL = re.compile(r"\n(?:DETAIL|CONTEXT|HINT|\[parameters):?[^\n]*")

log = structlog.get_logger("forum")


@dataclass(slots=True)
class _Lines:
    """Where lines of requests go straight as JSON: all that structlog does for one takes four times as long."""

    as_json: TextIO | None = None


_lines = _Lines()


def configure_logs(settings: Settings) -> None:
    """Set up our logs and those of the libraries, once, at a process's start."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    named: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp]
    shown: list[Processor] = [_tell_errors, _renderer(settings)]
    structlog.configure(
        processors=[*named, *shown],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _lines.as_json = sys.stderr if settings.log == "json" else None
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*named, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def log_request(
    *, method: str, path: str, status: int, seconds: float, size: int, account_id: int | None, request_id: str
) -> None:
    """One line for a request that has been answered; `size` in bytes of the body as it was sent."""
    said = {
        "method": method,
        "path": loggable_path(path),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "bytes": size,
        "account": account_id,
        "request": request_id,
    }
    if _lines.as_json is None:
        log.info("request", **said)
        return
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    _lines.as_json.write(_ENCODE(said | {"event": "request", "level": "info", "timestamp": at}) + "\n")


def log_socket(
    *, article_id: int, code: int, cause: str, seconds: float, account_id: int | None, messages: int
) -> None:
    """One line for a socket that has ended: the close code, who or what ended it, and how long it was open."""
    log.info(
        "socket",
        article=article_id,
        code=code,
        cause=cause,
        seconds=round(seconds, 1),
        account=account_id,
        messages=messages,
    )


def loggable_path(path: str) -> str:
    """A path without secrets, and without characters that would change how a terminal shows the line."""
    for beginning in SECRET:
        if path.startswith(beginning):
            return beginning + "…"
    return path if path.isprintable() else ascii(path)[1:-1]


def _renderer(settings: Settings) -> Processor:
    if settings.log == "json":
        return lambda _logger, _method, event: _ENCODE(event)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        exception_formatter=structlog.dev.plain_traceback,  # the other one shows the values of variables
    )


def _tell_errors(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write an error out, without the rows that databases put into what they say of it."""
    if event.get("exc_info"):
        event = structlog.processors.format_exc_info(logger, method, event)
    for name in ("exception", "error", "event"):
        if isinstance(text := event.get(name), str) and "\n" in text:
            event[name] = _DETAIL.sub("", text)
    return event
