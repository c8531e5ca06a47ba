"""A county cut to one grid: its ladder, a department, court and inspection, and a post with a user for whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from minqing.registers.accounts.actions import add_user, open_seat
from minqing.registers.regions.actions import GridPlan, open_grids
from minqing.registers.regions.county import DepartmentPlan, units_of_county
from minqing.registers.regions.loading import FILES, load_divisions
from minqing.registers.regions.queries import units_by_slug
from minqing.registers.regions.rules import parse_code

NEW_YEAR = dt.date(2026, 1, 1)
GRID, VILLAGE, TOWN = "grid-330727001002001", "village-330727001002", "town-330727001"
COUNTY, WATER, INSPECTION = "county-330727", "water", "inspection"

_LIST = {
    "province": 'code,name\n33,"浙江省"\n',
    "city": 'code,name,provinceCode\n3307,"金华市",33\n',
    "county": 'code,name,cityCode,provinceCode\n330727,"磐安县",3307,33\n',
    "town": 'code,name,areaCode,provinceCode,cityCode\n330727001,"安文街道",330727,33,3307\n',
    "village": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '330727001002,"五指居委会",330727001,33,3307,330727\n',
}

Seated = Callable[..., int]


@pytest.fixture
def county(tmp_path: Path) -> dict[str, int]:
    """The numbers of its units by their slugs."""
    for level, text in _LIST.items():
        (tmp_path / FILES[level]).write_text(text, encoding="utf-8")
    load_divisions(tmp_path)
    open_grids([GridPlan(parse_code("330727001002"), "一网格（演示）")])
    units_of_county("330727", [
        DepartmentPlan(WATER, "水利局", ("utilities",)),
        DepartmentPlan("court", "人民法院", kind="court"),
        DepartmentPlan(INSPECTION, "纪委监委", kind="inspection"),
    ])  # fmt: skip
    return units_by_slug([GRID, VILLAGE, TOWN, COUNTY, WATER, "court", INSPECTION])


@pytest.fixture
def seated(county: dict[str, int]) -> Seated:
    """Adds a user and opens a post for them; returns the post."""

    def seat(login: str, unit: str = GRID, title: str = "worker", role: str = "", **dates: dt.date) -> int:
        add_user(login, f"演示·{login}")
        return open_seat(login, unit, title, dates.get("starts", NEW_YEAR), dates.get("ends"), role)

    return seat
