"""How much of a county the register knows: a new instance, or one that lost its list, is told by its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Known:
    """Divisions of the national list, grids of the county, units."""

    divisions: int
    grids: int
    units: int


def count_known() -> Known:
    """What is there now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from regions_division), (select count(*) from regions_grid),"
            " (select count(*) from regions_unit)"
        )
        return Known(*cursor.fetchone())
