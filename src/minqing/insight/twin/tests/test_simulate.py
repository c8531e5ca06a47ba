"""The twin keeps its promises: the seed decides, the journal replays, and more help or more work shows."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import pytest

from minqing.insight.twin.ground import Ground
from minqing.insight.twin.outcome import Outcome
from minqing.insight.twin.scenario import default_scenario
from minqing.insight.twin.settings import with_settings
from minqing.insight.twin.simulate import run
from minqing.insight.twin.whatif import with_limits
from minqing.insight.twin.world import Taken
from minqing.kernel.matters.commands import Tick
from minqing.kernel.matters.events import LetterSent
from minqing.kernel.matters.evolve import replay
from minqing.kernel.methods.model import CALL_BACK, SIX_ENDS, Method

START = dt.date(2026, 1, 5)


def simulated(method: Method, county: Ground, days: int = 30, seed: int = 3, **settings: str) -> Outcome:
    pairs = [(name.replace("__", "."), value) for name, value in {"arrivals": "20", **settings}.items()]
    return run(method, county, with_settings(default_scenario(method), pairs), days, seed, START)


def test_the_same_seed_gives_the_same_outcome(panan: Method, county: Ground) -> None:
    assert simulated(panan, county) == simulated(panan, county)


def test_another_seed_gives_another_run(panan: Method, county: Ground) -> None:
    assert simulated(panan, county).events != simulated(panan, county, seed=4).events


@pytest.mark.parametrize("name", ["panan", "wushan"])
def test_no_command_of_the_default_scenario_is_refused(
    name: str, county: Ground, request: pytest.FixtureRequest
) -> None:
    outcome = simulated(request.getfixturevalue(name), county, days=60)
    assert outcome.matters > 800
    assert outcome.refusals == {}


def test_the_events_of_every_matter_replay_to_the_matter(wushan: Method, county: Ground) -> None:
    lines, last = defaultdict(list), {}

    def keep(taken: Taken) -> None:
        lines[taken.code].extend(taken.events)
        last[taken.code] = taken.matter

    run(wushan, county, default_scenario(wushan), 40, 5, START, record=keep)
    assert len(last) > 1000
    for code, matter in last.items():
        assert replay(lines[code]) == matter


def test_rungs_fire_at_their_very_moment(panan: Method, county: Ground) -> None:
    ticks: list[Taken] = []

    def keep(taken: Taken) -> None:
        if isinstance(taken.command, Tick):
            ticks.append(taken)

    run(panan, county, default_scenario(panan), 40, 5, START, record=keep)
    assert len(ticks) > 100
    for taken in ticks:
        assert isinstance(taken.command, Tick) and taken.before is not None
        assert taken.context.moment == taken.before.duty(taken.command.duty).rungs[taken.command.rung]


def test_what_is_told_of_a_matter_never_goes_back_in_time(wushan: Method, county: Ground) -> None:
    seen: dict[str, dt.datetime] = {}

    def keep(taken: Taken) -> None:
        assert seen.get(taken.code, taken.context.moment) <= taken.context.moment
        seen[taken.code] = taken.context.moment

    run(wushan, county, default_scenario(wushan), 60, 2, START, record=keep)
    assert seen


def test_all_that_came_in_is_either_open_or_ended(panan: Method, county: Ground) -> None:
    outcome = simulated(panan, county, days=45)
    assert sum(outcome.ends.values()) + outcome.open_now == outcome.matters
    assert list(outcome.ends)[:6] == list(SIX_ENDS)
    assert sum(outcome.settled_by_stage.values()) == pytest.approx(1)
    assert CALL_BACK in outcome.on_time_by_stage


def test_slower_handling_is_less_on_time_and_climbs_higher(panan: Method, county: Ground) -> None:
    usual = simulated(panan, county, days=45)
    slow = simulated(panan, county, days=45, stages__village__hours="60")
    assert slow.on_time_by_stage["village"].rate < usual.on_time_by_stage["village"].rate - 0.2
    assert slow.settled_by_stage["village"] < usual.settled_by_stage["village"]


def test_too_few_people_make_a_queue(panan: Method, county: Ground) -> None:
    few = simulated(panan, county, days=40, staff__town__workers="1", staff__town__effort="6")
    usual = simulated(panan, county, days=40)
    assert few.queues["town"].longest > 4 * max(1, usual.queues["town"].longest)
    assert few.queues["town"].mean > usual.queues["town"].mean


def test_silent_helpers_bring_supervision_letters(panan: Method, county: Ground) -> None:
    def letters(silent: str) -> int:
        sent = Counter[str]()

        def keep(taken: Taken) -> None:
            """To those who were called: a holder who is late gets letters of its own."""
            letters = (event for event in taken.events if isinstance(event, LetterSent))
            sent.update(one.letter for one in letters if taken.matter.holder not in one.units)

        scenario = with_settings(default_scenario(panan), [("arrivals", "20"), ("silent", silent)])
        run(panan, county, scenario, 60, 3, START, record=keep)
        return sent["supervision"]

    assert letters("100%") > 1.5 * letters("0")


def test_a_shorter_limit_for_the_same_work_is_kept_less_often(panan: Method, county: Ground) -> None:
    from_file = default_scenario(panan)
    shorter = with_limits(panan, [("stages.town.limit", "24h")])
    before = run(panan, county, from_file, 60, 1, START).on_time_by_stage["town"].rate
    after = run(shorter, county, from_file, 60, 1, START).on_time_by_stage["town"].rate
    assert after < before - 0.1


def test_a_year_of_a_county_whose_grids_are_unknown_still_runs(panan: Method, county: Ground) -> None:
    outcome = simulated(panan, county, arrivals__known__grid="0")
    assert outcome.matters and outcome.refusals == {}
    assert outcome.settled_by_level.get("grid", 0.0) == 0.0
