"""Writes to places: divisions the public list lacks, grids that change or close, points on the map.

Nothing is removed: matters, posters and the journal may name a place for years. A closed grid stays known and takes in
what is still brought to it (its village serves it, as where a post is vacant); it is only offered no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass

from django.db.models import Q

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict
from minqing.registers.regions import events
from minqing.registers.regions.journal import hash_of, note, register_held
from minqing.registers.regions.models import Division, Grid, Post, Spot, Unit
from minqing.registers.regions.queries import known_places
from minqing.registers.regions.rules import (
    GRID_KINDS,
    LEVELS,
    Region,
    check_spot,
    code_of,
    known,
    level_of,
    no_such_division,
    one_line,
    parent,
    quoted,
)


@dataclass(frozen=True)
class DivisionPlan:
    """A town or village to open, wider ones first."""

    key: Region
    name: str


@dataclass(frozen=True)
class GridChange:
    """A grid as it is to be."""

    key: Region
    name: str
    kind: str
    households: int | None


def open_divisions(plans: Sequence[DivisionPlan]) -> None:
    """Opens towns and villages that the public list does not have yet; the list may rename them later."""
    with register_held():
        for plan in plans:
            up, level = parent(plan.key), level_of(plan.key)
            if level not in ("town", "village"):
                raise BadInput(
                    f"{code_of(plan.key)} 不是乡镇或村的代码：请写 9 位或 12 位"
                    f"（{code_of(plan.key)} is no code of a town or village: write 9 or 12 digits）"
                )
            if Division.objects.filter(code=plan.key).exists():
                raise Conflict(
                    f"已有代码为 {code_of(plan.key)} 的区划：请核对代码"
                    f"（there is a place {code_of(plan.key)} already: check the code）"
                )
            if up is None or not Division.objects.filter(code=up).exists():
                raise BadInput(no_such_division(code_of(up or plan.key)))
            name = one_line(plan.name, "区划名称")
            Division.objects.create(code=plan.key, name=name, level=LEVELS.index(level), parent_id=up)
        if plans:
            note(events.DivisionsOpened(tuple(plan.key for plan in plans)))


def change_grids(changes: Sequence[GridChange]) -> None:
    """Gives grids another name, kind or number of households; a unit that was called like its grid goes with it."""
    with register_held():
        found, renamed = _grids([one.key for one in changes]), list[tuple[Region, str, str]]()
        for one in changes:
            name, before = one_line(one.name, "网格名称"), found[one.key].name
            if name != before:
                renamed.append((one.key, before, name))
            if one.households is not None and not 0 <= one.households < 10**6:
                raise BadInput(
                    f"网格{quoted(one.name)}的户数不能是 {one.households}"
                    f"（no grid has {one.households} households: write 0 to 999999）"
                )
            kind = known(one.kind, GRID_KINDS, "网格")
            Grid.objects.filter(key=one.key).update(name=name, kind=kind, households=one.households)
            Unit.objects.filter(region=one.key, kind="territory", name=before).update(name=name)
        if changes:
            told = [list(astuple(one)) for one in changes]
            note(events.GridsChanged(tuple(one.key for one in changes), hash_of(told), tuple(renamed)))


def close_grids(keys: Collection[Region]) -> None:
    """Closes grids from today on. Where somebody serves or is to serve, their post is ended first."""
    with register_held():
        grids = _grids(keys)
        if staffed := staffed_grids(keys):
            first = grids[min(staffed)]
            raise BadInput(
                f"网格{quoted(first.name)}还有人任职：请先在“岗位”里结束任职，再停用"
                f"（somebody still serves in grid {code_of(first.key)}: end the posts first）"
            )
        Grid.objects.filter(key__in=keys, closed=None).update(closed=moments.today())
        if keys:
            note(events.GridsClosed(tuple(sorted(keys)), again=False))


def reopen_grids(keys: Collection[Region]) -> None:
    """Takes closed grids into service again."""
    with register_held():
        _grids(keys)
        Grid.objects.filter(key__in=keys).update(closed=None)
        if keys:
            note(events.GridsClosed(tuple(sorted(keys)), again=True))


def locate(points: Mapping[Region, tuple[float, float]]) -> None:
    """Puts places on the map: degrees north and east of each."""
    for lat, lon in points.values():
        check_spot(lat, lon)
    with register_held():
        if unknown := sorted(points.keys() - known_places(list(points)).keys()):
            raise BadInput(no_such_division(code_of(unknown[0])))
        Spot.objects.bulk_create(
            (Spot(place=key, lat=lat, lon=lon) for key, (lat, lon) in points.items()),
            update_conflicts=True, unique_fields=["place"], update_fields=["lat", "lon"],
        )  # fmt: skip
        if points:
            told = [[key, *point] for key, point in sorted(points.items())]
            note(events.PlacesLocated(tuple(sorted(points)), hash_of(told)))


def staffed_grids(keys: Collection[Region]) -> frozenset[Region]:
    """Those of the grids in whose unit somebody serves today or is to serve."""
    rows = Post.objects.filter(Q(ends=None) | Q(ends__gte=moments.today()), unit__region__in=keys)
    return frozenset(rows.values_list("unit__region", flat=True))


def _grids(keys: Collection[Region]) -> dict[Region, Grid]:
    wanted = list(keys)
    found = Grid.objects.in_bulk(wanted)
    if unknown := [key for key in wanted if key not in found]:
        raise BadInput(no_such_division(code_of(unknown[0])))
    return found
