"""Every move that a page shows works with the least that its form asks for; nothing else does anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction

from minqing.base import moments
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_matter import COUNTY, GRID, POLICE, TOWN, VILLAGE, html, position, reported, sent
from minqing.doors.web.tests.typing_in import FormSeen
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.reading import read_one
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS
from minqing.registers.accounts.rules import HOUSE

PEOPLE = (GRID, VILLAGE, TOWN, COUNTY, POLICE)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    before = moments.shift()
    yield
    moments.shift_by(before)


def everybody(pages: Pages) -> list[str]:
    """One of each unit, in the order in which they are seated."""
    return list(dict.fromkeys(person.unit for person in pages.people))


def wait(span: timedelta) -> None:
    moments.shift_by(moments.shift() + span)
    while sweep(moments.now(), by="story").fired:
        pass


def shown(pages: Pages, who: str, code: str) -> list[str]:
    """The moves of the bar, in order; [] for who does not see the matter."""
    answer = pages.as_(who).get(f"/matters/{code}")
    if answer.status_code == 404:
        return []
    assert answer.status_code == 200
    return re.findall(rf'<a class="btn[^"]*" href="/matters/{code}/moves/([a-z_-]+)"', answer.content.decode())


def make(pages: Pages, who: str, code: str, verb: str, other: str, choose: Random | None = None) -> list[str]:
    """Makes the move with the least its form asks for: one of its results, or (each taken back) all of them."""
    client, there = pages.as_(who), f"/matters/{code}/moves/{verb}"
    form = FormSeen(html(client, there))
    results = [choose.choice(form.results())] if choose else form.results()
    for result in results:
        with transaction.atomic():
            answer = client.post(there, form.least(result, other, pages.grids[0]))
            assert answer.status_code == 302, (
                who,
                verb,
                result,
                re.findall('<li><a class="alert-link".*|alert-heading mb-1.*', answer.content.decode()),
            )
            transaction.set_rollback(choose is None)
    return results


def nothing_else(pages: Pages, who: str, code: str, offered: list[str]) -> None:
    """Verbs that are not shown change nothing, however they are sent."""
    before = position(code)
    for verb in sorted({*KERNEL_VERBS, *STANDING_VERBS} - set(offered)):
        answer = pages.as_(who).post(
            f"/matters/{code}/moves/{verb}", {"position": before, "reason": "演示", "records": "result"}
        )
        assert answer.status_code in (404, 409, 422), (who, verb)
    assert position(code) == before


@pytest.mark.parametrize("method", ["wushan-three-rests", "panan-three-feelings"])
def test_every_move_that_is_shown_works_and_nothing_else_does(pages: Pages, method: str) -> None:
    chance = Random(method)
    other = reported(pages, "路灯也不亮", "另一盏路灯不亮", method=method)
    code = reported(pages, method=method)
    for turn in range(4):
        bars = {one: bar for one in everybody(pages) if (bar := shown(pages, one, code))}
        if not bars:  # it ended: nobody is offered anything, and nothing can be done
            nothing_else(pages, COUNTY, code, [])
            break
        who, offered = chance.choice(sorted(bars.items()))
        assert len(set(offered)) == len(offered)
        for verb in offered:
            make(pages, who, code, verb, other)
        nothing_else(pages, who, code, offered)
        if turn % 2:
            wait(4 * DAY)
        else:
            make(pages, who, code, chance.choice([*offered[:3]]), other, chance)
    assert turn


def test_a_refusal_is_ruled_on_through_the_bar(pages: Pages) -> None:
    code = reported(pages, method="panan-three-feelings")
    holder = next(who for who in everybody(pages) if "refuse" in shown(pages, who, code))
    assert sent(pages.as_(holder), code, "refuse", reason="不归这里管").status_code == 302
    ruler = next(who for who in everybody(pages) if "rule" in shown(pages, who, code))
    assert shown(pages, ruler, code)[0] == "rule"
    make(pages, ruler, code, "rule", "")
    assert sent(pages.as_(ruler), code, "rule", result="theirs", reason="由原单位办").status_code == 302
    assert "rule" not in shown(pages, ruler, code)


def test_a_whistle_is_answered_through_the_bar(pages: Pages) -> None:
    code = reported(pages)
    wait(4 * DAY)
    wait(2 * DAY)
    assert read_one(HOUSE, code).matter.stage == "town"
    form = html(pages.as_(TOWN), f"/matters/{code}/moves/whistle")
    units = re.findall(r'value="(\d+)"[^>]*>(?: <span class="form-check-label">)?([^<]+)<', form)
    police = next(number for number, name in units if "公安" in name)
    assert sent(pages.as_(TOWN), code, "whistle", unit=police).status_code == 302
    assert shown(pages, POLICE, code)[0] == "arrive"
    assert "谁协助" in html(pages.as_(TOWN), f"/matters/{code}/slip")
    assert "没有协助单位" not in html(pages.as_(TOWN), f"/matters/{code}/slip")
    assert sent(pages.as_(POLICE), code, "arrive").status_code == 302
    assert sent(pages.as_(TOWN), code, "arrive").status_code == 302
    assert shown(pages, POLICE, code)[0] == "answer"
    assert sent(pages.as_(POLICE), code, "answer", reason="已到场核实").status_code == 302
    assert "answer" not in shown(pages, POLICE, code)


def test_a_call_back_goes_through_the_bar_and_an_unhappy_one_needs_nothing_that_is_not_asked(pages: Pages) -> None:
    code = reported(pages)
    assert sent(pages.as_(GRID), code, "settle", records="result").status_code == 302
    caller = next(who for who in PEOPLE if "call_back" in shown(pages, who, code))
    assert caller != GRID  # who solved it does not ask
    assert shown(pages, caller, code)[0] == "call_back"
    assert set(make(pages, caller, code, "call_back", "")) >= {"satisfied", "unsatisfied"}
