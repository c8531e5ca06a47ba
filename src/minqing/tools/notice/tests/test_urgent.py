"""Of an open emergency units hear at once, each time; of an ended one nobody is called."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from minqing.kernel.matters.events import Entered, RungFired, Told
from minqing.kernel.matters.outbox import Happened
from minqing.kernel.matters.reading import history
from minqing.registers.accounts.rules import HOUSE
from minqing.tools.notice.jobs import send_waiting
from minqing.tools.notice.tests.conftest import MORNING, at, rows
from minqing.wiring.notices import Scene, notices_of

HOUR = dt.timedelta(hours=1)
PHONE_OF_TOWN = "13800000000"


def alarm(county, **told: object):
    return county.matter(text="有人要跳楼", emergency="life", kind="", **told)


def test_each_alarm_of_an_emergency_that_nobody_answers_leaves_at_once_in_the_night(county, sms):
    ((slug,),) = rows("select slug from regions_unit where id = %s", county.unit("town"))
    county.gateway(sms, f"staff: {{'{slug}': {{sms: '{PHONE_OF_TOWN}'}}}}\n")
    trial = alarm(county, moment=at(1))
    assert trial.matter.holder == county.unit("town")
    county.react(at(1, 1))
    send_waiting(at(1, 2))
    calls = [sum(asked.json["phone"] == PHONE_OF_TOWN for asked in sms.asked)]
    for _ in range(4):  # due, half an hour, two hours late; between them the clock has nothing to say
        trial.wait(HOUR)
        county.react(trial.moment)
        send_waiting(trial.moment)
        calls.append(sum(asked.json["phone"] == PHONE_OF_TOWN for asked in sms.asked))
    fired = sum(isinstance(line.event, RungFired) for line in history(HOUSE, trial.matter.code))
    assert fired >= 3 and calls == sorted(calls) and calls[-1] == calls[0] + fired
    late = rows("select urgent from notice_inbox where unit = %s and kind = 'late'", trial.matter.holder)
    assert late == [(True,)] * fired


def test_the_level_above_is_called_too_and_at_once(county):
    trial = alarm(county, moment=at(1))
    trial.wait(HOUR)
    county.react(trial.moment)
    told = rows("select urgent from notice_inbox where unit = %s", county.unit("county"))
    assert told and set(told) == {(True,)}


def scene_of(county, trial) -> Scene:
    return Scene(trial.matter, county.method, trial.cast)


def test_who_gets_an_emergency_next_is_called_once(county):
    trial = alarm(county)
    centre, code, scene = county.unit("county"), trial.matter.code, scene_of(county, trial)
    came = notices_of(Happened(code, 9, Entered("county", centre), MORNING), scene)
    assert [(one.to, one.kind, one.at_once) for one in came] == [(centre, "urgent", True)]
    assert notices_of(Happened(code, 10, Told(("holder",), (centre,), urgent=True), MORNING), scene) == []


def test_what_was_an_emergency_and_is_over_presses_nobody(county):
    trial = alarm(county)
    scene = replace(scene_of(county, trial), matter=replace(trial.matter, end="satisfied"))
    event = Told(("holder",), (county.unit("town"),))
    assert [one.at_once for one in notices_of(Happened(trial.matter.code, 9, event, MORNING), scene)] == [False]
