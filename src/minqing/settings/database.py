"""The two aliases of the one database; importing this starts and asks nothing.

`default` is the application's role, `owner` owns the tables and is for migrations only. The address is filled in by
`minqing.base.postgres.instance.open_instance`: DATABASE_URL and MINQING_OWNER_URL for a served PostgreSQL 15 or newer,
else the embedded one below MINQING_HOME.
"""

from __future__ import annotations

from typing import Any


def _alias() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "minqing",
        "HOST": "/open_instance() has not been called",  # what a connection made too early complains of
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES: dict[str, dict[str, Any]] = {"default": _alias(), "owner": _alias()}
