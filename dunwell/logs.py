"""Logs: one JSON object a line (or readable lines on a terminal), with the run's company, and never a secret."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_NAMES = re.compile(r"token|secret|password|authorization|code|state|sealed|cookie", re.IGNORECASE)
CHATTY = (
    "alembic",
    "requests_oauthlib",
    "oauthlib",
    "urllib3",
    "apscheduler",
    "procrastinate",
    "psycopg.pool",
    "quickbooks",
    "xero_python",
    "freshbooks",
    "mail.log",
)
"""At DEBUG some of these print tokens, headers and bodies: they stay at WARNING whatever is asked for."""


def set_up_logs(level: str = "INFO") -> None:
    logging.basicConfig(stream=sys.stderr, level=level, format="%(message)s")
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _hide_secrets,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: "hidden" if SECRET_NAMES.search(key) else value for key, value in event.items()}
