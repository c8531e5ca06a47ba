"""Background jobs: procrastinate, in the same database. Jobs stand in one table, loaded when a worker starts."""

from __future__ import annotations

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # nothing is found by its file name
PROCRASTINATE_IMPORT_PATHS = ["minqing.wiring.jobs"]
