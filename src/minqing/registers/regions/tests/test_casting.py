"""Casts from units, without a database."""

from __future__ import annotations

from minqing.registers.regions.casting import Casting, UnitRow
from minqing.registers.regions.rules import parse_code

COUNTY, TOWN, VILLAGE = parse_code("330727"), parse_code("330727001"), parse_code("330727001002")
GRID = VILLAGE + 7
UNITS = [
    UnitRow(1, "u1", "县中心", "territory", "county", COUNTY, None, []),
    UnitRow(2, "u2", "安文街道", "territory", "town", TOWN, 1, []),
    UnitRow(3, "u3", "五指村", "territory", "village", VILLAGE, 2, []),
    UnitRow(4, "u4", "第七网格", "territory", "grid", GRID, 3, []),
    UnitRow(5, "u5", "水利局", "department", "county", COUNTY, 1, ["water", "flood"]),
    UnitRow(6, "u6", "综合科", "department", "county", COUNTY, 1, ["*"]),
    UnitRow(7, "u7", "安文水管站", "department", "town", TOWN, 5, ["water"]),
    UnitRow(8, "u8", "县法院", "court", "county", COUNTY, None, []),
    UnitRow(9, "u9", "二号水利局", "department", "county", COUNTY, 1, ["flood"]),
    UnitRow(10, "u10", "无分工部门", "department", "county", COUNTY, 1, []),
]
HOURS = {2: ((510, 720), (840, 1050))}


def cast_at(place: int, units: list[UnitRow] = UNITS):
    return Casting(units, HOURS, "7").cast(place)


def test_a_grid_has_the_whole_ladder() -> None:
    cast = cast_at(GRID)
    ladder = {role: unit for role, unit in cast.units.items() if ":" not in role}
    assert ladder == {"grid": 4, "village": 3, "town": 2, "county": 1, "department": 6, "court": 8}
    assert (cast.place, cast.version) == (GRID, "7")
    assert cast.level[4] == "grid" and cast.names[2] == "安文街道" and cast.hours == HOURS
    assert cast.above[4] == 3 and 1 not in cast.above


def test_a_place_known_only_to_the_town_gets_no_invented_village_or_grid() -> None:
    assert {"village", "grid"}.isdisjoint(cast_at(TOWN).units)
    plain = {role for role in cast_at(COUNTY).units if not role.startswith("unit:")}
    assert plain == {"county", "department", "department:water", "department:flood", "court"}


def test_a_grid_without_a_unit_of_its_own_has_that_of_its_village() -> None:
    cast = cast_at(GRID + 1)
    assert "grid" not in cast.units and cast.units["village"] == 3


def test_the_nearest_department_answers_and_of_two_alike_the_first_opened() -> None:
    assert cast_at(GRID).units["department:water"] == 7
    assert cast_at(parse_code("330727002")).units["department:water"] == 5
    assert cast_at(GRID).units["department:flood"] == 5


def test_what_stands_beside_the_ladder_is_also_asked_by_its_own_name() -> None:
    units = cast_at(GRID).units
    assert (units["unit:u10"], units["unit:u8"], "unit:u1" in units) == (10, 8, False)


def test_every_unit_named_is_known_with_all_above_it() -> None:
    cast = cast_at(GRID)
    for unit in cast.units.values():
        while unit is not None:
            assert unit in cast.names and unit in cast.level
            unit = cast.above.get(unit)


def test_what_a_nearer_place_has_does_not_leak_to_its_neighbours() -> None:
    casting = Casting(UNITS, HOURS, "7")
    casting.cast(GRID)
    assert "town" not in casting.cast(parse_code("330727002")).units
    assert casting.cast(parse_code("330728")).units == {}
