"""Ground of the matrix: two counties, people in every kind of post, matters at every distance from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

import psycopg

from minqing.base import moments
from minqing.base.moments import CHINA
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.trial_county import COUNTY, open_trial_county
from minqing.kernel.matters.trial_staff import Person, program_token, seat_people, slug_of
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.regions.codes import lineage, parse_code
from minqing.wiring.vocabulary import VOCABULARY

METHOD = Path(__file__).parents[2] / "methods" / "panan-three-feelings.yaml"
OTHER_COUNTY = "330726"
#: Caps of docs/decisions/0006, told again so that a changed table is noticed.
CAPS = {
    "grid_worker": 0, "village": 0, "town_centre": 1, "county_centre": 2, "leader": 1, "auditor": 2, "machine": 0,
}  # fmt: skip
#: Where each role looks on: its own place, or the whole county; those not named see only what they have a part in.
LOOKS_ON = {
    "grid_worker": "own", "village": "own", "town_centre": "own", "county_centre": "county", "leader": "own",
    "auditor": "county", "machine": "county",
}  # fmt: skip
TAKES_PART = {"grid_worker", "village", "town_centre", "county_centre", "leader", "department", "volunteer"}


@dataclass(frozen=True)
class Told:
    """One matter: where, how sensitive, against which units; who has or had a part follows from its journal."""

    code: str
    place: int
    sensitivity: int
    against: tuple[int, ...]
    word: str
    parts: frozenset[int]


@dataclass
class Ground:
    """Everything the matrix is made of. `units`: slug → number; `region`: unit → its place; `above`: unit → units."""

    people: list[Person] = field(default_factory=list)
    matters: list[Told] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)
    region: dict[int, int] = field(default_factory=dict)
    above: dict[int, tuple[int, ...]] = field(default_factory=dict)
    inspection: int = 0

    def sees(self, person: Person, matter: Told) -> bool:
        """The rule of sight in plain words, by nothing of the product but the numbers of units."""
        unit = self.units.get(person.unit, 0)
        over = () if unit == self.inspection else self.above.get(unit, ())
        if {unit, *over} & set(matter.against) or person.role == "administrator":
            return False
        if person.role in TAKES_PART and unit in matter.parts:
            return True
        area = {"own": self.region.get(unit, 0), "county": int(COUNTY + "000000000")}.get(LOOKS_ON.get(person.role, ""))
        if unit and LOOKS_ON.get(person.role) == "county":
            area = max(p for p in lineage(self.region[unit]) if str(p).endswith("000000000"))
        return area in lineage(matter.place) and matter.sensitivity <= CAPS[person.role]


def lay_ground(folder: Path, owner_url: str) -> Ground:
    """Opens both counties, seats the people, reports the matters."""
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    grids = open_trial_county(folder / "one", towns=2, villages=2, grids=2)
    others = open_trial_county(folder / "two", towns=1, villages=1, grids=1, county=OTHER_COUNTY, departments=())
    publish(load_method(METHOD, VOCABULARY))
    ground = Ground(people=_people(grids, others))
    with psycopg.connect(owner_url) as owner:
        rows = owner.execute("select id, slug, region, above_id, kind from regions_unit").fetchall()
        up = {number: above for number, _, _, above, _ in rows}
        ground.units = {slug: number for number, slug, _, _, _ in rows}
        ground.region = {number: region for number, _, region, _, _ in rows}
        ground.above = {number: tuple(_over(number, up)) for number in up}
        ground.inspection = next(number for number, _, _, _, kind in rows if kind == "inspection")
        ground.matters = list(_matters(grids, others, ground.units, owner))
    return ground


def _over(unit: int, up: dict[int, int | None]) -> Iterator[int]:
    step = up[unit]
    while step is not None:
        yield step
        step = up[step]


def _people(grids: Sequence[int], others: Sequence[int]) -> list[Person]:
    grid = grids[0]
    village, town = lineage(grid)[1], lineage(grid)[2]
    own = [
        (slug_of(grid), "grid", "grid_worker"), (slug_of(village), "village", "village"),
        (slug_of(town), "town", "town_centre"), (slug_of(town), "town", "leader"),
        (slug_of(lineage(grid)[3]), "county", "county_centre"), (slug_of(lineage(grid)[3]), "county", "auditor"),
        (slug_of(lineage(grid)[3]), "county", "administrator"), ("trial-water", "county", "department"),
        ("trial-office", "county", "department"), ("trial-inspection", "county", "department"),
        (slug_of(village), "village", "volunteer"),
        (slug_of(others[0]), "grid", "grid_worker"), (slug_of(lineage(others[0])[2]), "town", "town_centre"),
        (slug_of(lineage(others[0])[3]), "county", "county_centre"),
    ]  # fmt: skip
    people = seat_people([(slug, level, role, number) for number, (slug, level, role) in enumerate(own)])
    return [*people, Person("", "", "machine", 0, program_token("hotline"))]


def _matters(
    grids: Sequence[int], others: Sequence[int], units: dict[str, int], owner: psycopg.Connection
) -> Iterator[Told]:
    grid = grids[0]
    places = {
        "own grid": grid, "next grid": grids[1], "next village": grids[2], "next town": grids[-1],
        "village": lineage(grid)[1], "town": lineage(grid)[2], "county": parse_code(COUNTY), "other county": others[0],
    }  # fmt: skip
    nobody, village, town = (), (units[slug_of(lineage(grid)[1])],), (units[slug_of(lineage(grid)[2])],)
    water, county = (units["trial-water"],), (units[slug_of(lineage(grid)[3])],)
    method = load_method(METHOD, VOCABULARY)
    for number, (name, place) in enumerate(places.items()):
        for sensitivity in (0, 1, 2):
            for against in (nobody, village, town, water, county) if name in ("own grid", "town") else (nobody,):
                word = f"qz{number}{sensitivity}x{'y'.join(map(str, against)) or 'n'}q"
                concern = Concern(
                    place=place, channel="web", title=f"水管漏水 {word}", text=f"水管漏水没人修 {word}",
                    sensitivity=sensitivity, against=against, category="utilities/water",
                )  # fmt: skip
                (answer,) = report([concern], method)
                assert answer.outcome == "written", answer
                yield _told(answer.code, place, max(sensitivity, 2 if against else 0), against, word, owner)


def _told(
    code: str, place: int, sensitivity: int, against: tuple[int, ...], word: str, owner: psycopg.Connection
) -> Told:
    rows = owner.execute(
        "select l.data from ledger_line l join matters_matter m on m.id = l.subject and l.stream = 1 where m.code = %s",
        [code],
    ).fetchall()
    found = {data.get(name) for (data,) in rows for name in ("holder", "owed_by")} - {None, 0}
    return Told(code, place, sensitivity, against, word, frozenset(found))


def take_in_at_windows(ground: Ground, owner_url: str) -> None:
    """What desks took in today themselves, the half of it against whoever took it in: their own list must not show it
    to them. And everything ends today."""
    method = load_method(METHOD, VOCABULARY)
    desks = [person for person in ground.people if person.role in ("village", "town_centre", "county_centre")]
    with psycopg.connect(owner_url) as owner:
        for number, person in enumerate(desks):
            for against in ((), (ground.units[person.unit],)):
                word, place = f"qw{number}x{len(against)}q", ground.region[ground.units[person.unit]]
                concern = Concern(
                    place=place, channel="window", title=f"水管漏水 {word}", text=f"水管漏水没人修 {word}",
                    against=against, category="utilities/water", actor=viewer_in(person.post),
                )  # fmt: skip
                (answer,) = report([concern], method)
                assert answer.outcome == "written", answer
                ground.matters.append(_told(answer.code, place, 2 if against else 0, against, word, owner))
        midnight = datetime.combine(moments.today(), time(), CHINA) + timedelta(days=1)
        owner.execute("update matters_duty set due = %s, late = false where main and state = 0", [midnight])
