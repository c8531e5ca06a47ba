"""`minqing demo`: 磐安县 with its real towns and villages, and everything else made up: a list of calls.

Grids, points on the map, staff, residents' concerns and twelve months of work are invented and marked （演示）; the
results come out of the twin. A second call finds the first one's matters and loads nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from itertools import cycle, islice

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from minqing.base import moments
from minqing.base.postgres.instance import migrate_and_grant, open_instance
from minqing.doors.cli.county import DEPARTMENTS, prepare_county
from minqing.doors.cli.demo_people import people_to_try
from minqing.doors.cli.demo_places import made_up_points
from minqing.doors.cli.demo_staff import staff_the_county
from minqing.doors.cli.init import make_keys
from minqing.doors.cli.simulate import show
from minqing.doors.cli.tour import show_around
from minqing.doors.counter.trial import mark_trial
from minqing.insight.twin.actions import SOURCE, Made, write_year
from minqing.insight.twin.ground import BESIDE, ground_from
from minqing.insight.twin.scenario import Scenario, default_scenario
from minqing.insight.twin.texts import categories
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.matters.reading import codes_of
from minqing.kernel.matters.surroundings import calendar_of
from minqing.kernel.matters.versions import current_method
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.queries import users
from minqing.registers.regions.actions import GridPlan, open_grids, set_hours
from minqing.registers.regions.county import units_of_county
from minqing.registers.regions.grids import locate
from minqing.registers.regions.places import places_in
from minqing.registers.regions.queries import casts, divisions_in, grids_in, units_by_slug
from minqing.registers.regions.rules import Region, code_of, level_of, parse_code

COUNTY = "330727"
METHOD = "panan-three-feelings"
KNOWN = {"grid": 0.85, "village": 0.11, "town": 0.03, "county": 0.01}  # how exactly the place is told
TOUCHED = {"0": 70, "1": 27, "2": 2, "3": 1}  # how many departments a concern touches
GRIDS = 348  # as many as the source counts
DAYS = 365
SEED = 330727
#: Concerns a day, and of which kind: about 12,000 a year, most of them the village's own.
PER_DAY = 32.5
KINDS = {"private": 0.2, "village-affair": 0.7, "complex": 0.1}

OFFICES = ("town", "county", BESIDE)  # what keeps office hours

_STEPS = {"divisions": "载入区划", "simulate": "虚构一年", "write": "写入日志"}


@click.command(help="载入演示县（虚构一年）/ load the made-up county and its year")
@click.option("--days", type=click.IntRange(1, 366), default=DAYS, show_default=True, help="天数 / how many days")
@click.option("--seed", type=int, default=SEED, show_default=True, help="种子 / seed of the made-up year")
def demo(days: int, seed: int) -> None:
    """Loads once; says so when it is there."""
    began, console = time.monotonic(), Console()
    _ready()
    if codes_of([(SOURCE, "000001")]):
        console.print("演示县已经载入过：没有改动。 / The made-up county is there already: nothing was loaded.")
        show_around(console)
        return
    trial = not units_by_slug([f"county-{COUNTY}"]) and not users()  # whatever was here before is somebody's work
    with _bar() as bar:
        progress = _Steps(bar)
        prepare_county(COUNTY, progress.divisions)
        open_made_up_grids()
        method, made = current_method(METHOD), made_up_staff(moments.today() - dt.timedelta(days))
        outcome = write_year(method, made, scenario_for(method), moments.today(), days, seed, progress.tell)
    if trial:
        mark_trial(people_to_try())
    show(outcome, method, console)
    console.print(f"演示县已载入，用时 {time.monotonic() - began:.1f} 秒。")
    console.print("乡镇和村是真实的；网格、地图上的位置、人员、来件和办理都是虚构的，标有（演示）。")
    if trial:
        console.print("打开登录页，点一个人就能进入，不用密码（仅限试用） / on the sign-in page, enter as one of them")
    console.print("以某个岗位的身份使用接口：minqing post list，再 minqing token new --post 岗位编号 --title 试用")
    show_around(console)


def _ready() -> None:
    """The database with its tables and the keys of this instance."""
    migrate_and_grant(open_instance())
    make_keys()


def open_made_up_grids() -> None:
    """So many grids over the villages, the first villages having one more; none where the county has its grids."""
    county = parse_code(COUNTY)
    if grids_in(county):
        return
    villages = divisions_in(county, "village")
    chosen = sorted(place.key for place in islice(cycle(villages), GRIDS))
    numbers: dict[Region, int] = {}
    plans = []
    for village in chosen:
        numbers[village] = number = numbers.get(village, 0) + 1
        plans.append(GridPlan(village, f"第{number}网格（演示）"))
    open_grids(plans)
    units_of_county(COUNTY, DEPARTMENTS)  # opens the units of the new grids
    locate(made_up_points(places_in(county)))


def made_up_staff(since: dt.date) -> Made:
    """Office hours, posts with made-up people, and all that the twin needs of the county."""
    county = parse_code(COUNTY)
    divisions = [place for level in ("county", "town", "village") for place in divisions_in(county, level)]
    places = [place.key for place in (*divisions, *grids_in(county))]
    slugs = [f"{level_of(key)}-{code_of(key)}" for key in places] + [plan.slug for plan in DEPARTMENTS]
    units = units_by_slug(slugs)
    desks = ground_from(casts(places).values()).desks
    set_hours([slug for slug, unit in units.items() if desks.get(unit, BESIDE) in OFFICES], str(STANDARD), since)
    ground = ground_from(casts(places).values())
    people = staff_the_county(units, ground.desks, since)
    return Made(ground, calendar_of(county), {place.key: place.name for place in divisions}, people)


def scenario_for(method: Method) -> Scenario:
    """The default scenario with the demo's own mix: most is the village's own, and desks are somewhat brisker."""
    plain = default_scenario(method)
    mix = replace(plain.arrivals, per_day=PER_DAY, kinds=KINDS, known=KNOWN, counts=TOUCHED, categories=categories())
    brisk = {slug: replace(one, hours=one.hours * 0.8, leaves=0.03) for slug, one in plain.stages.items()}
    settles = dict.fromkeys(method.kinds, 0.92)
    brisk["village"] = replace(brisk["village"], settles=settles)
    brisk["own"] = replace(brisk["own"], settles=dict.fromkeys(method.kinds, 0.75))
    staff = {level: replace(one, pickup=1.0) for level, one in plain.staff.items()}
    return replace(plain, arrivals=mix, stages=brisk, staff=staff)


class _Steps:
    """One bar a step."""

    def __init__(self, bar: Progress) -> None:
        self.bar, self.tasks = bar, dict[str, TaskID]()

    def divisions(self, done: int, total: int) -> None:
        """Bytes of the division list read."""
        self.tell("divisions", done, total)

    def tell(self, step: str, done: int, total: int) -> None:
        """How far a step is."""
        if step not in self.tasks:
            self.tasks[step] = self.bar.add_task(_STEPS[step], total=total)
        self.bar.update(self.tasks[step], completed=done)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
