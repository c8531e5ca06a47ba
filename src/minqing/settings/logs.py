"""What the programs log: faults of ours, on stderr, with their traceback. Never a body, a query string or a header.

MINQING_LOG=json makes each a JSON object a line, and adds one for every request: its number, method, the template of
its route, status, milliseconds, process. What a refused request asked for is never logged: it may be a resident's word.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

JSON = os.environ.get("MINQING_LOG") == "json"


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how grave, who says it, and what; of a request its number, route, status, time."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. The message of an exception may hold a resident's words and is never among it."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
        }
        more = getattr(record, "told", None)
        told |= more if isinstance(more, dict) else {"said": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            told["kind"] = record.exc_info[0].__name__
        return json.dumps(told, ensure_ascii=False, default=str)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "minqing.settings.logs.JsonLines"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json" if JSON else "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},  # it names addresses
        "django.security": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},  # it repeats headers
        "axes": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},  # it repeats what was typed as name
        "minqing": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # A line a request where programs read the log; a person who reads it looks for faults.
        "minqing.requests": {"handlers": ["stderr"], "level": "INFO" if JSON else "ERROR", "propagate": False},
        "procrastinate": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # A lost database is told in a sentence by who lost it (`minqing work`, /readyz).
        "procrastinate.utils": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
        "psycopg.pool": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # What they find odd in an uploaded file they tell with bytes of it; who sent it is told in a sentence.
        "pypdf": {"handlers": ["nowhere"], "propagate": False},
        "PIL": {"handlers": ["nowhere"], "propagate": False},
    },
}
