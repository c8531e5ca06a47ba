"""What the programs log: faults of ours, on stderr, with their traceback. Never a body, a query string or a header.

Refused requests are the caller's business and are answered, not logged: what they ask for may be a resident's word.
"""

from __future__ import annotations

from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},  # it names addresses
        "django.security": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},  # it repeats headers
        "axes": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},  # it repeats what was typed as name
        "minqing": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "procrastinate": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # A lost database is told in a sentence by who lost it (`minqing work`, /readyz).
        "procrastinate.utils": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
        "psycopg.pool": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # What they find odd in an uploaded file they tell with bytes of it; who sent it is told in a sentence.
        "pypdf": {"handlers": ["nowhere"], "propagate": False},
        "PIL": {"handlers": ["nowhere"], "propagate": False},
    },
}
