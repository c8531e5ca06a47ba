"""What residents say, and where it goes: a table per method that a clerk can read (`triage/*.md`), against the machine.

The way of a real report: the reader without a trained model, the emergency spotted, `decide`. Expectations come from
the method file. A known gap is counted and bounded, and is never an emergency.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.commands import Command, Decision, Refusal, Report
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.events import Told
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.surroundings import units_against
from minqing.kernel.matters.testing import CAST, COUNTY, GRID, POLICE, TOWN, VILLAGE, WATER, Trial, worker
from minqing.kernel.methods.loader import load_folder
from minqing.registers.accounts.rules import REPORTER
from minqing.tools.text.reader import TextReader
from minqing.wiring.vocabulary import VOCABULARY

HERE = Path(__file__).parent
METHODS = load_folder(HERE.parents[1] / "methods", VOCABULARY)
TABLES = sorted((HERE / "triage").glob("*.md"))
MOST_GAPS = 4
KNOWN_GAPS = {"panan-three-feelings": 0, "wushan-three-rests": 1, "shengzhou-people-diary": 0}
ANY = "不论"

SCHOOLS = 8
COUNTY_CAST = replace(
    CAST,
    units={**CAST.units, "department:education": SCHOOLS},
    above={**CAST.above, SCHOOLS: COUNTY},
    level={**CAST.level, SCHOOLS: "county"},
    names={**CAST.names, SCHOOLS: "演示教育局"},
)
UNITS = {"网格": GRID, "村": VILLAGE, "镇": TOWN, "公安局": POLICE, "水利局": WATER, "教育局": SCHOOLS}


@dataclass(frozen=True)
class Expected:
    """One row of a table: what was said, and what the file wants done with it."""

    method: str
    number: int
    said: str
    people: int
    category: str
    kind: str
    stage: str
    level: str
    emergency: str
    never: str
    gap: str


@cache
def _rows(path: Path) -> tuple[Expected, ...]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    found = []
    for line in lines[1:]:
        number, said, people, *rest = (cell.strip() for cell in line.strip().strip("|").split("|"))
        found.append(Expected(path.stem, int(number), said, int(people), *rest))
    return tuple(found)


ROWS = [row for path in TABLES for row in _rows(path)]
each_table = pytest.mark.parametrize("path", TABLES, ids=[path.stem for path in TABLES])
each_row = pytest.mark.parametrize("row", ROWS, ids=[f"{row.method}-{row.number}" for row in ROWS])


@cache
def _reader() -> TextReader:
    return TextReader()


def _taken(row: Expected) -> Decision:
    """The way of a report, as `actions.report` goes it; the concern is all in its title."""
    method, read = METHODS[row.method], _reader().read(row.said, "")
    report = Report(
        code="K7M29QXF",
        place=COUNTY_CAST.place,
        channel="web",
        category=read.category,
        tags=read.tags,
        people=row.people,
        against=units_against(read.against, COUNTY_CAST),
        emergency=spot_emergency(method, row.said, read.tags),
    )
    answer = decide(method, None, report, Trial(method, cast=COUNTY_CAST).context(REPORTER))
    assert isinstance(answer, Decision), answer
    return answer


def _found(row: Expected, matter: Matter) -> dict[str, tuple[str, str]]:
    """Expected and found, where they differ."""
    category = matter.category if "/" in row.category else matter.category.split("/")[0]
    pairs = {
        "category": (row.category, category),
        "kind": (row.kind, matter.kind),
        "stage": (row.stage, matter.stage),
        "level": (row.level, matter.level),
        "emergency": (row.emergency, matter.emergency),
        "against": (str(UNITS.get(row.never, "")), ",".join(map(str, matter.against))),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and pair[0] != ANY}


@each_row
def test_a_sentence_goes_where_the_file_sends_it(row: Expected) -> None:
    wrong = _found(row, _taken(row).matter)
    if row.gap:
        assert wrong, f"“{row.said}” is read right now: take the gap off row {row.number}"
    else:
        assert not wrong, f"“{row.said}”: expected and found differ in {wrong}"


@each_row
def test_an_emergency_is_never_missed_and_calls_people_at_once(row: Expected) -> None:
    decision = _taken(row)
    if not row.emergency:
        return
    assert decision.matter.emergency == row.emergency, row.said
    assert any(isinstance(event, Told) and event.urgent and event.units for event in decision.events)


@pytest.mark.parametrize("row", [row for row in ROWS if row.never], ids=lambda row: f"{row.method}-{row.number}")
def test_the_one_complained_of_gets_no_part_of_it(row: Expected) -> None:
    method, decision, unit = METHODS[row.method], _taken(row), UNITS[row.never]
    matter = decision.matter
    told = {unit for event in decision.events if isinstance(event, Told) for unit in event.units}
    reached = {matter.holder, *told, *(duty.owed_by for duty in matter.duties)}
    assert not [one for one in reached if one and barred(one, matter, COUNTY_CAST)]
    holds_it = replace(matter, stage="county" if "county" in method.stages else "supervised", holder=COUNTY)
    context = Trial(method, cast=COUNTY_CAST).context(worker(COUNTY))
    if row.never.endswith("局"):
        answer = decide(method, holds_it, Command("whistle", to="department", unit=unit), context)
        assert isinstance(answer, Refusal)
        assert answer.reason == "against"


@each_table
def test_a_table_has_forty_sentences_of_every_sort(path: Path) -> None:
    rows = _rows(path)
    assert path.stem in METHODS
    assert [row.number for row in rows] == list(range(1, 41))
    assert len({row.said for row in rows}) == 40
    assert sum(bool(row.emergency) for row in rows) >= 8
    assert {row.emergency for row in rows if row.emergency} == {e.slug for e in METHODS[path.stem].emergencies}
    assert sum(bool(row.never) for row in rows) >= 4
    assert {row.kind for row in rows} - {ANY} == set(METHODS[path.stem].kinds)


@each_table
def test_known_gaps_are_few_and_never_an_emergency(path: Path) -> None:
    gaps = [row for row in _rows(path) if row.gap]
    assert len(gaps) == KNOWN_GAPS[path.stem] <= MOST_GAPS
    assert not [row.number for row in gaps if row.emergency]


def test_every_method_file_has_its_table() -> None:
    assert {path.stem for path in TABLES} == set(METHODS)
