"""What each role sees and may do, line by line: a clerk can check it against the decision it comes from."""

from __future__ import annotations

import pytest

from minqing.base.errors import BadInput
from minqing.registers.accounts.posts import ROLES, check_rights, check_role, scope_of, usual_role
from minqing.registers.accounts.rules import Scope
from minqing.registers.regions.codes import parse_code, range_of

GRID, VILLAGE = parse_code("330727001002001"), parse_code("330727001002")
TOWN, COUNTY = parse_code("330727001"), parse_code("330727")
# The units of the table: grid 4 in village 3 in town 2 in county centre 1; department 5 and inspection 6 beside them.
PERSON = 77

#  role, its unit, level of the unit, region, units above | list, key, area, cap, part of units | not against
TABLE = [
    ("grid_worker", 4, "grid", GRID, (3, 2, 1), "region", GRID, GRID, 0, (4,), (4, 3, 2, 1, -77)),
    ("village", 3, "village", VILLAGE, (2, 1), "village", VILLAGE, VILLAGE, 0, (3,), (3, 2, 1, -77)),
    ("town_centre", 2, "town", TOWN, (1,), "town", TOWN, TOWN, 1, (2,), (2, 1, -77)),
    ("department", 5, "county", COUNTY, (1,), "unit", 5, None, 0, (5,), (5, 1, -77)),
    ("department", 5, "town", TOWN, (2, 1), "unit", 5, None, 0, (5,), (5, 2, 1, -77)),
    ("county_centre", 1, "county", COUNTY, (), "county", 0, COUNTY, 2, (1,), (1, -77)),
    ("leader", 1, "county", COUNTY, (), "county", 0, COUNTY, 1, (1,), (1, -77)),
    ("leader", 2, "town", TOWN, (1,), "town", TOWN, TOWN, 1, (2,), (2, 1, -77)),
    ("leader", 3, "village", VILLAGE, (2, 1), "village", VILLAGE, VILLAGE, 1, (3,), (3, 2, 1, -77)),
    ("administrator", 1, "county", COUNTY, (), "none", 0, None, 0, (), (1, -77)),
    ("auditor", 1, "county", COUNTY, (), "county", 0, COUNTY, 2, (), (1, -77)),
    ("auditor", 2, "town", TOWN, (1,), "county", 0, COUNTY, 2, (), (2, 1, -77)),
    ("volunteer", 3, "village", VILLAGE, (2, 1), "unit", 3, None, 0, (3,), (3, 2, 1, -77)),
    ("machine", 0, "county", COUNTY, (), "county", 0, COUNTY, 0, (), (-77,)),
]

RIGHTS = {
    "grid_worker": "report read act reveal",
    "village": "report read act reveal",
    "town_centre": "report read act reveal",
    "department": "report read act reveal",
    "county_centre": "report read act reveal",
    "leader": "read act reveal",
    "administrator": "",
    "auditor": "read",
    "volunteer": "read act reveal",
    "machine": "report read",
}


@pytest.mark.parametrize("line", TABLE, ids=[f"{line[0]} in a {line[2]}" for line in TABLE])
def test_each_role_sees_what_the_table_says_and_no_more(line) -> None:
    role, unit, level, region, above, its_list, key, area, cap, part, against = line
    areas = () if area is None else (range_of(area),)
    scope = scope_of(role, level, region, unit, above, PERSON)
    looks_into_access = role == "auditor"
    assert scope == Scope(its_list, key, areas, cap, part, against, access=looks_into_access)


def test_each_role_may_do_what_the_table_says_and_no_more() -> None:
    assert {slug: role.rights for slug, role in ROLES.items()} == {
        slug: frozenset(words.split()) for slug, words in RIGHTS.items()
    }


def test_who_looks_on_or_lends_a_hand_opens_what_is_sealed_for_a_call_back_alone() -> None:
    assert {slug for slug, role in ROLES.items() if role.to_call} == {"leader", "volunteer"}


def test_discipline_inspection_takes_up_what_is_said_of_those_above_it_but_not_of_itself() -> None:
    scope = scope_of("department", "county", COUNTY, 6, (1,), PERSON, inspection=True)
    assert scope.barred == (6, -PERSON)


def test_no_role_sees_the_whole_house() -> None:
    for role, one in ROLES.items():
        for level in one.levels:
            assert not scope_of(role, level, COUNTY, 1, (), PERSON).house


def test_a_city_without_counties_is_its_own_county() -> None:
    city, town = parse_code("4419"), parse_code("441900003")
    assert scope_of("county_centre", "county", city, 1, (), PERSON).areas == (range_of(city),)
    assert scope_of("auditor", "town", town, 1, (), PERSON).areas == (range_of(city),)


@pytest.mark.parametrize(
    ("kind", "level", "role"),
    [
        ("territory", "grid", "grid_worker"),
        ("territory", "village", "village"),
        ("territory", "town", "town_centre"),
        ("territory", "county", "county_centre"),
        ("territory", "city", "county_centre"),
        ("department", "town", "department"),
        ("court", "county", "department"),
        ("inspection", "county", "department"),
    ],
)
def test_a_post_has_the_usual_role_of_its_unit_and_may_have_it(kind: str, level: str, role: str) -> None:
    assert usual_role(kind, level) == role
    assert check_role(role, kind, level, "某单位") == role


@pytest.mark.parametrize(
    ("role", "kind", "level"),
    [
        ("county_centre", "territory", "town"),
        ("town_centre", "territory", "village"),
        ("leader", "department", "county"),  # a department's head sees what the department has a part in
        ("grid_worker", "territory", "county"),
        ("machine", "territory", "county"),
        ("emperor", "territory", "county"),
    ],
)
def test_a_role_is_not_given_in_a_unit_whose_area_it_would_outgrow(role: str, kind: str, level: str) -> None:
    with pytest.raises(BadInput, match="可用的有"):
        check_role(role, kind, level, "某单位")


def test_rights_are_those_asked_for_if_the_role_has_them() -> None:
    assert check_rights((), "village") == ("report", "read", "act", "reveal")
    assert check_rights(("act", "read"), "village") == ("read", "act")
    with pytest.raises(BadInput, match=r"领导没有“report”.*read、act"):
        check_rights(("read", "report"), "leader")
    with pytest.raises(BadInput, match="不需要令牌"):
        check_rights((), "administrator")
