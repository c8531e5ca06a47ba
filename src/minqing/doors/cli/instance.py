"""Opening the instance for a command: the database attached, its tables there, its clock as shifted."""

from __future__ import annotations

from django.db import connection

from minqing.base.errors import NotReady
from minqing.base.postgres.instance import open_instance


def instance() -> None:
    """Opens the instance of this folder (MINQING_HOME) or of DATABASE_URL; says what to do when it is not set up."""
    open_instance()
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('matters_matter') is not null")
        ready = cursor.fetchone()[0]
    if not ready:
        raise NotReady("本实例还没有建库，请先运行 minqing init（this instance has no tables yet: run `minqing init`）")
