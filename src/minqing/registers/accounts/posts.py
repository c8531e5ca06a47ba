"""What each role sees and may do: the table of docs/decisions/0006-doors-and-locks.md. Pure.

A role is given to a seat (a user in a post); `machine` is that of programs, which sit nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from minqing.base.errors import BadInput
from minqing.registers.accounts.rules import Level, Range, Scope
from minqing.registers.regions.codes import Region, county_of, quoted, range_of
from minqing.registers.regions.rules import UNIT_KINDS, UNIT_LEVELS

READ, REPORT, ACT, REVEAL = "read", "report", "act", "reveal"
RIGHTS = (REPORT, READ, ACT, REVEAL)
MACHINE_ROLE = "machine"

#: The list of a viewer whose area is that of their unit, by the level of the unit.
_LISTS: dict[str, Level] = {
    "grid": "region", "village": "village", "town": "town", "county": "county", "city": "county",
}  # fmt: skip


@dataclass(frozen=True)
class Role:
    """One line of the table. `areas`: the unit's own area, its whole county, or none; `level` None is that of the unit.

    `part`: whether what their unit has or had a part in is seen too, whatever its sensitivity. `to_call`: they open
    what is sealed for nothing but a call-back (0008). `kinds` and `levels` are the units it can be given in.
    """

    zh: str
    en: str
    areas: Literal["unit", "county", "none"]
    cap: int
    level: Level | None
    rights: frozenset[str]
    part: bool = True
    to_call: bool = False
    kinds: tuple[str, ...] = tuple(UNIT_KINDS)
    levels: tuple[str, ...] = tuple(UNIT_LEVELS)


_DESK = frozenset({REPORT, READ, ACT, REVEAL})
_CALLS = frozenset({READ, ACT, REVEAL})
_LADDER, _BESIDE = ("territory",), ("department", "court", "inspection")

ROLES: dict[str, Role] = {
    "grid_worker": Role("网格员", "grid worker", "unit", 0, "region", _DESK, kinds=_LADDER, levels=("grid",)),
    "village": Role("村（社区）", "village", "unit", 0, "village", _DESK, kinds=_LADDER, levels=("village",)),
    "town_centre": Role("乡镇中心", "town centre", "unit", 1, "town", _DESK, kinds=_LADDER, levels=("town",)),
    "department": Role("部门", "department", "none", 0, "unit", _DESK, kinds=_BESIDE),
    "county_centre": Role(
        "县级中心", "county centre", "county", 2, "county", _DESK, kinds=_LADDER, levels=("county", "city")
    ),
    "leader": Role("领导", "leader", "unit", 1, None, _CALLS, kinds=_LADDER, to_call=True),
    "administrator": Role("管理员", "administrator", "none", 0, "none", frozenset(), part=False),
    "auditor": Role("审计", "auditor", "county", 2, "county", frozenset({READ}), part=False),
    "volunteer": Role("志愿者", "volunteer", "none", 0, "unit", _CALLS, to_call=True),
    MACHINE_ROLE: Role("程序", "program", "county", 0, "county", frozenset({REPORT, READ}), part=False, kinds=()),
}


def scope_of(
    role: str,
    level: str,
    region: Region,
    unit: int,
    above: Sequence[int],
    person: int,
    *,
    inspection: bool = False,
    besides: Sequence[int] = (),
) -> Scope:
    """What a person in that role of a unit sees; `above` are all units over it.

    Never what is against their own unit, one above it or themselves. Discipline inspection takes up what is said of
    those it stands under, so it is barred only from what is said of itself. `besides`: units of the person's other
    posts and all above those; what is against one of them is kept from the person in every post.
    """
    told = ROLES[role]
    own = told.level or _LISTS[level]
    units = (unit,) if unit and told.part else ()
    against = (unit,) if inspection else (unit, *above)
    return Scope(
        level=own,
        key={"unit": unit, "none": 0, "county": 0}.get(own, region),
        areas=_areas(told, region),
        sensitivity=told.cap,
        units=units,
        barred=tuple(number for number in dict.fromkeys((*against, *besides, -person)) if number),
        access=role == "auditor",
    )


def _areas(role: Role, region: Region) -> tuple[Range, ...]:
    if role.areas == "none":
        return ()
    return (range_of((county_of(region) or region) if role.areas == "county" else region),)


def usual_role(kind: str, level: str) -> str:
    """The role of a post when nothing else is said, by the unit it is in."""
    if kind != "territory":
        return "department"
    return {"grid": "grid_worker", "village": "village", "town": "town_centre"}.get(level, "county_centre")


def check_role(role: str, kind: str, level: str, unit: str) -> str:
    """The role, if it can be had in such a unit; else what can be."""
    told = ROLES.get(role)
    if told is not None and kind in told.kinds and level in told.levels:
        return role
    fit = "、".join(f"{slug}（{one.zh}）" for slug, one in ROLES.items() if kind in one.kinds and level in one.levels)
    raise BadInput(
        f"{quoted(unit)}里不能设{quoted(role)}这种角色：可用的有 {fit}（no such role there: choose one of these）"
    )


def check_rights(wanted: Sequence[str], role: str) -> tuple[str, ...]:
    """The rights asked for (all of the role, when none are), if the role has them."""
    has = tuple(right for right in RIGHTS if right in ROLES[role].rights)
    if not has:
        raise BadInput(f"{ROLES[role].zh}不经办事项，不需要令牌（this role does nothing with matters）")
    if beyond := [right for right in wanted if right not in has]:
        raise BadInput(
            f"{ROLES[role].zh}没有{quoted(beyond[0])}这项权限：可用的有 {'、'.join(has)}（choose one of these）"
        )
    return tuple(right for right in has if right in wanted) or has
