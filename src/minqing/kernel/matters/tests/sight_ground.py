"""Ground of the tests of sight: matters of every place, sensitivity and party, and the rule in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from django.db import connection

from minqing.kernel.matters import ports
from minqing.kernel.matters.commands import Decision, Report
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.journal import append, entry
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.reading import history
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.posts import ROLES, scope_of
from minqing.registers.accounts.rules import HOUSE, REPORTER, Scope, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import county_of, town_of, village_of
from minqing.registers.regions.models import Unit
from minqing.wiring.vocabulary import VOCABULARY

PERSON = 77
PARTS = (False, True)
ALL = 4 * 3 * 2 * 6
OF_MATTERS = ("matters_matter", "matters_duty", "ledger_line", "vault_key")
HOUSE_ONLY = ("matters_outbox", "matters_search")


def count(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: int = cursor.fetchone()[0]
        return found


def lines(statement: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def column(statement: str) -> set[object]:
    return set(lines(statement))


@dataclass(frozen=True)
class Kept:
    """A stored matter as far as sight goes."""

    code: str
    id: int
    place: int
    sensitivity: int
    units: frozenset[int]
    owing: frozenset[int]
    hidden_from: frozenset[int]

    def seen(self, scope: Scope) -> bool:
        """The rule once more, in plain words."""
        if scope.house:
            return True
        there = any(low <= self.place < high for low, high in scope.areas) and self.sensitivity <= scope.sensitivity
        return (there or bool(self.units & set(scope.units))) and not self.hidden_from & set(scope.barred)


@dataclass(frozen=True)
class Ground:
    places: list[int]
    units: dict[tuple[str, int], int]
    above: dict[int, int]
    matters: list[Kept]

    def unit(self, level: str, region: int) -> int:
        return self.units[level, region]

    def over(self, unit: int) -> list[int]:
        found = []
        while unit := self.above.get(unit) or 0:
            found.append(unit)
        return found

    def scope(self, role: str, level: str, region: int, unit: int) -> Scope:
        return scope_of(role, level, region, unit, self.over(unit), PERSON)

    def viewers(self) -> Iterator[tuple[str, Viewer]]:
        """Every role in its place, in the first town's first village and grid."""
        place = self.places[0]
        of_level = {
            "grid": place, "village": village_of(place), "town": town_of(place), "county": county_of(place),
        }  # fmt: skip
        water = self.unit("department", county_of(place))
        desk = {"grid_worker": "grid", "village": "village", "town_centre": "town", "county_centre": "county"}
        for role in ROLES:
            levels = [desk[role]] if role in desk else ["grid", "town", "county"]
            for level in levels if role not in ("department", "machine") else ["county"]:
                region = of_level[level]
                unit = {"department": water, "machine": 0}.get(role) or (role != "machine" and self.unit(level, region))
                scope = self.scope(role, level, region, unit or 0)
                yield f"{role} {level}", Viewer(PERSON, unit or 0, scope=scope, role=role, rights=ROLES[role].rights)


def lay(method, folder) -> Ground:
    """Matters of four places, every sensitivity, with and without a part of a department, against nobody, a grid, a
    town, the department, the county, a person."""
    ports.bind(vocabulary=VOCABULARY)
    publish(method, moment=MONDAY)
    grids = open_trial_county(folder, towns=2, villages=2, grids=2)
    places = [grids[0], grids[1], grids[2], grids[4]]  # own, own village, own town, another town
    units, above = {}, {}
    for unit in Unit.objects.all():
        level = "department" if unit.slug == "trial-water" else unit.level
        if unit.kind == "territory" or level == "department":
            units[level, unit.region] = unit.pk
        above[unit.pk] = unit.above_id
    county = county_of(places[0])
    grid, town = units["grid", places[0]], units["town", town_of(places[0])]
    water, top = units["department", county], units["county", county]
    surroundings = around(places)
    entries = []
    against_whom = ((), (grid,), (town,), (water,), (top,), (-PERSON,))
    for number, (place, sensitivity, part, against) in enumerate(product(places, (0, 1, 2), PARTS, against_whom)):
        asked = Report(code=f"AAAA-{number:04}", place=place, channel="web", source="演示", external_id=str(number))
        decided = decide(method, None, asked, surroundings.context(place, MONDAY, REPORTER, {}))
        assert isinstance(decided, Decision), decided
        matter = replace(
            decided.matter,
            against=tuple(one for one in against if one > 0),
            against_people=tuple(-one for one in against if one < 0),
            duties=(*decided.matter.duties, *_over(decided.matter, water)) if part else decided.matter.duties,
        )
        entries.append(entry(matter, decided.events, MONDAY, method, sensitivity=sensitivity, title=f"井盖 {number}"))
    written = append(entries, recorded=MONDAY)
    with seen_by(HOUSE), connection.cursor() as cursor:  # what is against somebody is never of low sensitivity
        cursor.execute("select code, sensitivity from matters_matter")
        sensitivity_of = dict(cursor.fetchall())
    return Ground(
        places, units, above,
        [
            Kept(
                w.code, w.id, e.after.place, sensitivity_of[w.code],
                frozenset({d.owed_by for d in e.after.duties} | {e.after.holder}),
                frozenset(d.owed_by for d in e.after.duties),
                frozenset({*e.after.against, *(-one for one in e.after.against_people)}),
            )
            for w, e in zip(written, entries, strict=True)
        ],
    )  # fmt: skip


def _over(matter: Matter, unit: int) -> tuple[Duty, ...]:
    """A duty that a unit owed and has done: it keeps its sight of what it worked on."""
    first = matter.duties[0]
    return (replace(first, id=len(matter.duties) + 1, kind="report-in", owed_by=unit, state="done"),)


def any_event(code: str):
    return [line.event for line in history(HOUSE, code)][-1:]
