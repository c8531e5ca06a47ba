"""A merged matter's own reporter is asked after its lead has ended: by the outbox, through the table of reactions."""

from __future__ import annotations

import datetime as dt

import pytest

from minqing.base import moments
from minqing.kernel.matters.actions import Acted, act
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.reading import history, read_one
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.tools.notice.jobs import send_waiting
from minqing.tools.notice.tests.conftest import MORNING, rows
from minqing.wiring.notices import BECOMES, put_notices_of
from minqing.wiring.reactions import REACTIONS

HOUR = dt.timedelta(hours=1)


def does(code: str, viewer: Viewer, command: Command, moment: dt.datetime, words: str = "演示") -> None:
    moments.shift_by(moments.shift() + moment - moments.now())
    done = act(code, command, viewer, words=words)
    assert isinstance(done, Acted), done


def stand(code: str):
    return read_one(HOUSE, code).matter


@pytest.fixture
def pair(county, sms) -> tuple[str, str]:
    """One that is merged into its lead; both reporters have their receipts."""
    county.gateway(sms)
    one, lead = (county.matter(people=people).matter for people in (3, 2))
    does(one.code, Viewer(991, one.holder, scope=HOUSE), Command("merge", code=lead.code), MORNING + HOUR)
    county.react(MORNING + HOUR)
    send_waiting(MORNING + HOUR)
    assert stand(one.code).end == "merged" and stand(lead.code).people == 5
    return one.code, lead.code


def kinds_of(code: str) -> list[str]:
    return [kind for (kind,) in rows("select kind from notice_message where unit = 0 and code = %s order by id", code)]


def test_once_the_lead_is_solved_and_ended_the_merged_one_s_reporter_is_asked_and_told_of_that_alone(county, pair):
    one, lead = pair
    holder, town = stand(lead).holder, county.unit("town")
    records = tuple(county.method.records)
    does(lead, Viewer(991, holder, scope=HOUSE), Command("settle", records=records), MORNING + 2 * HOUR)
    does(lead, Viewer(995, town, scope=HOUSE), Command("call_back", result="satisfied"), MORNING + 3 * HOUR)
    assert stand(lead).end == "satisfied" and stand(one).end == "merged"
    county.react(MORNING + 4 * HOUR)
    asked = stand(one)
    assert (asked.stage, asked.is_open, asked.links) == ("call-back", True, ())
    assert (stand(lead).links, stand(lead).people) == ((), 2)
    told = kinds_of(one)
    assert "settled" in told and "revived" not in told
    county.react(MORNING + 5 * HOUR)  # heard again: nothing more
    assert stand(one).position == asked.position
    for code in (one, lead):
        assert replay([line.event for line in history(HOUSE, code)]) == stand(code)


def test_where_the_lead_was_withdrawn_the_merged_one_goes_on_and_its_reporter_hears_with_whom(county, pair):
    one, lead = pair
    does(lead, reporter_of(lead), Command("withdraw"), MORNING + 2 * HOUR)
    county.react(MORNING + 4 * HOUR)
    assert stand(one).is_open and stand(one).stage_duty() is not None and stand(one).links == ()
    assert "revived" in kinds_of(one) and "settled" not in kinds_of(one)


def test_the_notices_are_wired_to_every_event_they_speak_of():
    assert {kind for kind, heard in REACTIONS.items() if put_notices_of in heard} == set(BECOMES)
