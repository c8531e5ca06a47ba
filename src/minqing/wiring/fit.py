"""`python -m minqing.wiring.fit`: whether this program could serve this instance now. Asked before a restart.

Exit code 0, or 1 and what is missing, a line each.
"""

from __future__ import annotations

import sys

from django.db import DatabaseError

from minqing.doors.counter.readiness import keys_missing, tables_missing
from minqing.wiring.asgi import application


def missing() -> list[str]:
    """Sentences; the application has been loaded by then."""
    assert application is not None
    try:
        return [*tables_missing(), *keys_missing()]
    except DatabaseError:
        return ["数据库连不上：请查看数据库是否在运行（the database does not answer）"]


if __name__ == "__main__":
    found = missing()
    print("\n".join(found))
    sys.exit(1 if found else 0)
