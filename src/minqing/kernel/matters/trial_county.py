"""A small made-up county in the register, and made-up matters in it by the thousand: ground for trials of the store.

Names are made up (演示…), the codes are those of 磐安县. Divisions come in by their own door, from files written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Decision, Report
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.journal import Entry, append, entry
from minqing.kernel.matters.surroundings import Surroundings, around
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import REPORTER
from minqing.registers.regions.actions import GridPlan, open_grids
from minqing.registers.regions.codes import Region, parse_code
from minqing.registers.regions.county import DepartmentPlan, units_of_county
from minqing.registers.regions.loading import load_divisions

COUNTY = "330727"
AT_ONCE = 5_000  # matters in one append
DEPARTMENTS = (
    DepartmentPlan("trial-police", "演示公安局", ("order", "safety")),
    DepartmentPlan("trial-water", "演示水利局", ("utilities",)),
    DepartmentPlan("trial-office", "演示信访局", ("*",)),
    DepartmentPlan("trial-inspection", "演示纪委", kind="inspection"),
)


def open_trial_county(
    folder: Path,
    towns: int = 3,
    villages: int = 3,
    grids: int = 4,
    county: str = COUNTY,
    departments: Sequence[DepartmentPlan] = DEPARTMENTS,
) -> list[Region]:
    """Opens the county with units on every level; `folder` is empty and keeps its lists. Returns the grids."""
    in_towns = [f"{county}{number:03}" for number in range(101, 101 + towns)]
    in_villages = [f"{town}{number:03}" for town in in_towns for number in range(201, 201 + villages)]
    _write(folder / "provinces.csv", "code,name", [("33", "演示省")])
    _write(folder / "cities.csv", "code,name,provinceCode", [("3307", "演示市", "33")])
    _write(folder / "areas.csv", "code,name,cityCode,provinceCode", [(county, "演示县", "3307", "33")])
    _write(folder / "streets.csv", "code,name,areaCode", [(code, f"演示{code[6:]}镇", county) for code in in_towns])
    _write(
        folder / "villages.csv", "code,name,streetCode", [(code, f"演示{code[9:]}村", code[:9]) for code in in_villages]
    )
    load_divisions(folder)
    keys = open_grids(
        [GridPlan(parse_code(village), f"演示{number + 1}格") for village in in_villages for number in range(grids)]
    )
    units_of_county(county, departments)
    return keys


def _write(path: Path, header: str, rows: Sequence[tuple[str, ...]]) -> None:
    quoted = [",".join((code, f'"{name}"', *rest)) for code, name, *rest in rows]
    path.write_text("\n".join([header, *quoted, ""]), encoding="utf-8")


def store_made_up(
    method: Method, places: Sequence[Region], reported: Sequence[dt.datetime], recorded: dt.datetime, people: int = 1
) -> int:
    """Stores one matter for each moment, place by place in turn, through `decide` and the journal; returns how many."""
    surroundings = around(set(places))
    stored = 0
    for first in range(0, len(reported), AT_ONCE):
        moments = reported[first : first + AT_ONCE]
        written = append(list(_entries(method, places, moments, surroundings, first, people)), recorded=recorded)
        stored += sum(one.outcome == "written" for one in written)
    return stored


def _entries(
    method: Method, places: Sequence[Region], moments: Sequence[dt.datetime], surroundings: Surroundings, first: int,
    people: int,
) -> Iterator[Entry]:  # fmt: skip
    for number, moment in enumerate(moments, first):
        place = places[number % len(places)]
        asked = Report(code=new_code(), place=place, channel="web", people=people)
        decision = decide(method, None, asked, surroundings.context(place, moment, REPORTER, {}))
        assert isinstance(decision, Decision), decision
        yield entry(decision.matter, decision.events, moment, method)
