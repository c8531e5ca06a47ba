"""S26, the three rests, from report to rest through pages alone: the story `satisfied` of tests/journeys/s26.py.

Seven people, each in a browser of their own; nobody asks the API, and only the clock is moved from outside. The trial
county stands where 巫山 would: its method is published for that place, so that a report by a place's page runs by it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import PHONE, ROOT, Instance
from tests.browser.loop_pages import PATIENCE, Desk, Resident

from minqing.base import moments
from minqing.kernel.matters.shifting import shift_clock
from minqing.kernel.matters.trial_staff import seat_people
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.wiring.vocabulary import VOCABULARY

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PANAN, WUSHAN = "330727", "500237"
PLACES = {"panan-three-feelings": WUSHAN, "wushan-three-rests": PANAN}  # each where the other stands
WORDS, PHONE_NUMBER = "楼上漏水，两家吵了几回", "13800000000"
FEEDBACK = "向村里反馈办理结果"


@pytest.fixture(scope="module")
def county(instance: Instance) -> Instance:
    """The county under 巫山's method, a volunteer in its village, ten in the morning of the next day."""
    instance.aside(lambda: _prepared(instance))
    return instance


def _prepared(instance: Instance) -> None:
    for name, place in PLACES.items():
        told = (ROOT / "methods" / f"{name}.yaml").read_text(encoding="utf-8")
        publish(load_method(re.sub(r'(?m)^place: "\d+"', f'place: "{place}"', told), VOCABULARY, name))
    village = instance.short["village"]
    instance.people += seat_people([(village, "village", "volunteer", 1)])
    instance.short["caller"] = f"{village}#volunteer"
    now = moments.now()
    shift_clock(moments.shift() + dt.datetime.combine(now.date() + DAY, dt.time(10), now.tzinfo) - now)


@pytest.fixture
def patience() -> Iterator[None]:
    """A busy machine answers late, which is not what is tried here."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def resident(browser_as: Callable[..., Page]) -> Resident:
    return Resident(browser_as("", PHONE), "resident")


@pytest.fixture
def desks(county: Instance, browser_as: Callable[..., Page]) -> dict[str, Desk]:
    """Everybody with a post, each in a session of their own; those who walk about have a phone."""
    phones, others = ("grid", "caller"), ("village", "town", "police", "county", "auditor")
    desks = {who: Desk(browser_as(who, PHONE), who) for who in phones}
    return desks | {who: Desk(browser_as(who), who) for who in others}


@pytest.mark.usefixtures("patience")
def test_a_report_goes_through_every_desk_until_the_reporter_is_satisfied(
    county: Instance, resident: Resident, desks: dict[str, Desk]
) -> None:
    resident.report(county.grids[0], WORDS, PHONE_NUMBER)
    resident.follows("网格调处", "演示1格", "收到您反映的事，时限从现在算起")
    _to_the_town(county, resident, desks)
    _whistle_and_settle(county, resident, desks)
    _back_and_then_a_level_higher(resident, desks)
    _rest(county, resident, desks)
    _looked_at_by_the_auditor(resident.code, desks["auditor"])
    for work in (("verify",), ("rebuild", "--compare")):
        assert "没有发现问题" in county.run("journal", *work)


def _to_the_town(county: Instance, resident: Resident, desks: dict[str, Desk]) -> None:
    """The grid accepts; what it cannot settle in time the clock takes to the village, then to the town."""
    grid, village, town = desks["grid"], desks["village"], desks["town"]
    grid.finds(resident.code)
    grid.sees("进入“网格调处”，由演示1格承办")
    grid.does("签收")
    county.pass_time(3 * DAY + 14 * HOUR)
    village.finds(resident.code)
    village.sees("演示1格：签收", "网格3日内无法化解，转村（社区）")
    village.does("签收")
    resident.follows("演示1格已经接手", "村（社区）调处", "演示201村")
    county.pass_time(DAY)
    town.finds(resident.code)
    town.sees("演示201村：签收", "村（社区）24小时未能解决，上报镇里")
    resident.follows("镇（街道）办理", "村（社区）24小时未能解决，上报镇里")


def _whistle_and_settle(county: Instance, resident: Resident, desks: dict[str, Desk]) -> None:
    """The town calls the police in; both come, the police answers, the town settles and tells the village."""
    town, police = desks["town"], desks["police"]
    assert PHONE_NUMBER in town.opens("联系电话", "约两家到场协商")
    town.does("吹哨", "演示公安局")
    _later(county, 2 * HOUR)
    police.finds(resident.code)
    police.sees("演示101镇：吹哨")
    expect(police.offered("答复")).to_have_count(0)  # who has not come has nothing to answer
    police.does("报到到场")
    town.finds(resident.code)
    town.sees("演示公安局：报到到场")
    town.does("报到到场")
    police.finds(resident.code)
    police.sees("演示101镇：报到到场")
    police.does("答复", say="已到场核实，双方情绪稳定")
    town.finds(resident.code)
    town.sees("演示公安局：答复")
    _settle(town, "水管已修好，两家签了分担费用的协议", resident.code)
    resident.follows("演示公安局已经到场", "演示公安局给出了意见", "演示101镇说办好了", "承办单位说办好了，是这样吗")


def _settle(town: Desk, words: str, code: str) -> None:
    """The town settles with its opinion and answers to the village; how it was is not for it to ask."""
    town.finds(code)
    town.does("办结", "办理意见", say=words)
    town.does(FEEDBACK, FEEDBACK)
    town.sees(f"“{FEEDBACK}”已完成")
    expect(town.offered("记一笔")).to_be_visible()
    expect(town.offered("回访")).to_have_count(0)


def _back_and_then_a_level_higher(resident: Resident, desks: dict[str, Desk]) -> None:
    """Unsatisfied: back to where it was settled; a second time: a level higher, and an alarm."""
    town, caller = desks["town"], desks["caller"]
    resident.answers("不满意，没办好", "昨天晚上又漏了")
    _calls_back(caller, resident.code, "不满意", "演示101镇：办结", "反映人在网上答复：不满意")
    resident.follows("镇（街道）办理", "您不满意")
    town.finds(resident.code)
    town.sees("回访：不满意", "由演示101镇承办：反映人不满意")
    _settle(town, "换了总管，再试水三天不漏", resident.code)
    _calls_back(caller, resident.code, "不满意", "演示101镇：办结")
    expect(caller.page.get_by_text("橙色预警").first).to_be_visible()
    resident.follows("县级统筹", "按“橙色预警”办理")


def _calls_back(caller: Desk, code: str, result: str, *before: str) -> None:
    """The volunteer finds on Today whom to call, opens the number for it, and enters what was answered."""
    caller.finds_call(code)
    caller.sees(*before)
    assert caller.dials() == PHONE_NUMBER
    caller.asked(f"打通了：{result}")
    caller.sees(f"志愿者回访：{result}")
    expect(caller.call).to_have_count(0)


def _rest(county: Instance, resident: Resident, desks: dict[str, Desk]) -> None:
    """The county settles; the reporter is satisfied, sees that it has ended, and says how it was."""
    centre = desks["county"]
    county.pass_time(5 * DAY)
    centre.finds(resident.code)
    centre.sees("进入“县级统筹”", "反映人不满意", "告知演示101镇、演示县社会治理中心")
    centre.does("办结", "办理意见", say="整栋楼换管，费用已落实")
    expect(centre.offered("回访")).to_have_count(0)
    _later(county, DAY)
    _calls_back(desks["caller"], resident.code, "满意", "演示县社会治理中心：办结")
    resident.follows("已办结", "息事办结（回访满意）", "演示县社会治理中心说办好了", "这件事办结了：回访满意")
    resident.rates("5 星")


def _looked_at_by_the_auditor(code: str, auditor: Desk) -> None:
    """The auditor reads all of it, moves nothing, opens nothing, and sees who opened what."""
    auditor.finds(code, "全部事项", 办没办结="办结的")
    auditor.sees("演示1格：签收", "演示公安局：答复", "演示县社会治理中心：办结", "办结：回访满意", "评价")
    expect(auditor.bar.get_by_role("link")).to_have_count(0)
    expect(auditor.page.get_by_role("region", name="封存的内容")).to_have_count(0)
    auditor.picture("matter")
    auditor.page.get_by_role("link", name="查阅记录").click()
    auditor.page.get_by_role("searchbox", name="事项编码").fill(code)
    auditor.page.get_by_role("button", name="查找").click()
    rows = auditor.page.get_by_role("row").filter(has_text=code)
    expect(rows.filter(has_text="办理中的说明").first).to_be_visible()  # the reporter read the answer
    opened = rows.filter(has_text="联系电话")
    expect(opened).to_have_count(4)  # the town's, and one a call-back
    for said in ("演示101镇", "查阅原文", "联系电话", "已写明"):
        expect(opened.last).to_contain_text(said)
    expect(opened.first).to_contain_text("志愿者")
    expect(auditor.main).not_to_contain_text("约两家到场协商")
    auditor.picture("accesses")


def _later(county: Instance, by: dt.timedelta) -> None:
    """Time passes in which the clock of the county has nothing to do."""
    county.aside(lambda: shift_clock(moments.shift() + by))
