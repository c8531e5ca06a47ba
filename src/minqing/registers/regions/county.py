"""Opens the ladder of one county in sets: its centre, a unit for each town, village and grid, its departments.

Run again after grids were added, it opens what is missing and touches nothing that exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minqing.base.errors import BadInput
from minqing.registers.regions import events
from minqing.registers.regions.journal import note, register_held
from minqing.registers.regions.models import Unit
from minqing.registers.regions.queries import Place, divisions_in, grids_in, require_place, units_by_slug
from minqing.registers.regions.rules import (
    UNIT_KINDS,
    Region,
    check_slug,
    code_of,
    known,
    level_of,
    one_line,
    parent,
    parse_code,
    range_of,
)


@dataclass(frozen=True)
class DepartmentPlan:
    """A department, court or inspection body of the county; `categories`: what it answers for, '*' the rest."""

    slug: str
    name: str
    categories: tuple[str, ...] = ()
    kind: str = "department"
    name_en: str = ""


def units_of_county(code: str, departments: Sequence[DepartmentPlan] = ()) -> int:
    """Opens what the county lacks, each unit under the one above it; returns how many units were opened."""
    area = parse_code(code)
    with register_held():
        county = require_place(area)
        if level_of(area) != "county" and divisions_in(area, "county"):
            raise BadInput(
                f"{code_of(area)} {county.name}下面还有县：请写其中一个县的代码"
                f"（{code_of(area)} has counties below it: write the code of one of them）"
            )
        if level_of(area) not in ("county", "city"):
            raise BadInput(
                f"{code_of(area)} {county.name}不是县级区划：请写 6 位的县级代码"
                f"（{code_of(area)} is no county: write the 6 digits of one）"
            )
        opened, centre = _open_ladder(county)
        opened += _open_departments(departments, area, centre)
        if opened:
            note(events.UnitsOpened(tuple(unit.slug for unit in opened)))
    return len(opened)


def _open_ladder(county: Place) -> tuple[list[Unit], int]:
    low, high = range_of(county.key)
    standing = Unit.objects.filter(kind="territory", region__gte=low, region__lt=high).exclude(level="city")
    ids: dict[Region, int] = dict(standing.values_list("region", "id"))
    opened: list[Unit] = []
    for level, places in (
        ("county", [Place(county.key, f"{county.name}社会治理中心", county.level)]),
        ("town", divisions_in(county.key, "town")),
        ("village", divisions_in(county.key, "village")),
        ("grid", grids_in(county.key)),
    ):
        units = Unit.objects.bulk_create(
            (
                Unit(
                    slug=f"{level}-{code_of(place.key)}", name=place.name, level=level, region=place.key,
                    above_id=None if level == "county" else ids[parent(place.key) or 0],
                )
                for place in places
                if place.key not in ids
            ),
            batch_size=5000,
        )  # fmt: skip
        ids |= {unit.region: unit.id for unit in units}
        opened += units
    return opened, ids[county.key]


def _open_departments(plans: Sequence[DepartmentPlan], area: Region, centre: int) -> list[Unit]:
    standing = units_by_slug(plan.slug for plan in plans)
    return Unit.objects.bulk_create(
        Unit(
            slug=check_slug(plan.slug), name=one_line(plan.name, "单位名称"), name_en=plan.name_en, level="county",
            kind=known(plan.kind, UNIT_KINDS, "单位"), region=area, above_id=centre,
            categories=[one_line(slug, "类别") for slug in plan.categories],
        )
        for plan in plans
        if plan.slug not in standing
    )  # fmt: skip
