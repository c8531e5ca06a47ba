"""A journal read in plain words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.reasons import in_english
from minqing.kernel.matters.telling import _SENTENCES, Teller, shown
from minqing.kernel.matters.testing import CAST, COUNTY, GRID, MONDAY, POLICE, TOWN, VILLAGE, VOLUNTEER, Trial, worker
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.titles import Title
from minqing.registers.accounts.rules import MACHINE, REPORTER
from minqing.wiring.vocabulary import VOCABULARY

METHOD = load_method(Path(__file__).resolve().parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)


def told(lang: str) -> list[str]:
    trial = Trial(METHOD)
    trial.report("邻里漏水")
    trial.wait(dt.timedelta(days=5))
    trial.act(worker(TOWN), "whistle", to="department", unit=POLICE)
    trial.wait(dt.timedelta(days=2))
    trial.act(worker(POLICE), "arrive")
    trial.act(worker(TOWN), "arrive")
    trial.act(worker(POLICE), "answer")
    trial.act(worker(TOWN), "settle", records=("opinion",))
    teller = Teller(METHOD, CAST.names, lang)
    return [teller.tell(event) for event in trial.history]


def test_the_journal_in_chinese_holds_no_slug_and_no_number_of_a_unit() -> None:
    text = "\n".join(told("zh"))
    assert "收到反映，平台受理，时限起算" in text
    assert "进入“村（社区）调处”，由演示村承办：网格3日内无法化解，转村（社区）" in text
    assert "演示网格须在 2026-06-04 24:00 前完成“网格调处”" in text
    assert "向演示公安局发出督办函" in text
    assert not re.search(r"[a-z]", text), re.findall(r".*[a-z].*", text)


def test_the_journal_in_english_holds_no_chinese_but_the_names_of_units() -> None:
    lines = told("en")
    assert lines[0] == "reported and taken in; the clock runs"
    assert any(line.startswith("the clock: the time limit at “with the grid” is reached") for line in lines)
    text = "\n".join(lines)
    assert "not settled by the grid within 3 days; on to the village" in text
    for name in CAST.names.values():
        text = text.replace(name, "")
    assert re.findall("[\u4e00-\u9fff]+", text) == []


def test_a_county_that_gave_no_english_is_told_in_its_own_words() -> None:
    plain = dataclasses.replace(METHOD.stages["grid"], title=Title("网格调处"))
    method = dataclasses.replace(METHOD, stages={**METHOD.stages, "grid": plain}, said={})
    line = Teller(method, CAST.names, "en").tell(ev.Entered("grid", GRID, because="网格先办"))
    assert line == "entered “网格调处”, held by 演示网格: 网格先办"


def test_every_sentence_that_the_kernel_gives_as_a_reason_has_its_english() -> None:
    """Found in the source: a because=, or the last word of what tells, enters or hands over, in Chinese."""
    room = Path(__file__).parents[1]
    given = re.compile(r"""(?:because=|(?:tell|enter|hand_to|Entered)\([^\n]*?, )f?"([^"]*[\u4e00-\u9fff][^"{]*)""")
    found = {words for path in room.glob("*.py") for words in given.findall(path.read_text("utf-8"))}
    assert len(found) >= 21
    assert [words for words in found if re.search("[\u4e00-\u9fff]", in_english(words, {}))] == []


def test_a_reason_that_names_something_names_it_in_english_too() -> None:
    of_file = {"等鉴定": "waiting for an appraisal"}
    assert in_english("暂停计时：等鉴定", of_file) == "clock stopped: waiting for an appraisal"
    assert in_english("这里没有单位可以承担“等鉴定”", of_file) == "no unit here can take on “waiting for an appraisal”"


def test_every_event_has_a_sentence() -> None:
    assert set(_SENTENCES) == set(ev.EVENTS)


@pytest.mark.parametrize(("hour", "text"), [(0, "2026-05-31 24:00"), (9, "2026-06-01 09:00")])
def test_midnight_is_shown_as_the_end_of_the_day(hour: int, text: str) -> None:
    assert shown(MONDAY.replace(hour=hour)) == text


def test_a_grid_is_told_by_its_name() -> None:
    assert "演示网格" in Teller(METHOD, CAST.names).tell(ev.Entered("grid", GRID))


def says(event: ev.Event, lang: str = "zh") -> str:
    return Teller(METHOD, CAST.names, lang).tell(event)


def test_what_reached_nobody_is_not_shown_as_told_to_the_reporter() -> None:
    assert says(ev.Told(("above",), ())) == "告知无（这里没有可告知的单位）"
    assert "reporter" not in says(ev.Told(("above",), ()), "en")
    assert says(ev.LetterSent("supervision", ())) == "督办函没有可送的单位"
    assert "sent to" not in says(ev.LetterSent("supervision", ()), "en")


def test_who_was_told_along_with_a_unit_is_named_with_it() -> None:
    assert says(ev.Told(("holder", "reporter"), (TOWN,))) == "告知演示镇、反映人"
    assert says(ev.Told(("reporter",), ())) == "告知反映人"
    assert says(ev.Told(("holder", "reporter"), (TOWN,)), "en") == "told: 演示镇, the reporter"


def test_the_kernel_s_own_reasons_are_told_in_words() -> None:
    """Unsatisfied, reopened, stepped aside, taken out, the lead ended or solved: no slug among the sentences."""
    one, lead = Trial(METHOD), Trial(METHOD)
    one.report("邻里漏水")
    lead.report("邻里漏水", code="QQQQ2222")
    one.other = lead.matter
    one.act(worker(VILLAGE), "merge", code="QQQQ2222", body="m" * 64)
    one.act(REPORTER, "unmerge")
    for end in ("withdrawn", "satisfied"):
        one.act(worker(VILLAGE), "merge", code="QQQQ2222", body="m" * 64)
        one.other = dataclasses.replace(lead.matter, end=end, settled_by=(TOWN, 31))
        one.act(MACHINE, "follow_lead", code="QQQQ2222")
        one.other = lead.matter
    one.act(VOLUNTEER, "call_back", result="unsatisfied")
    one.act(REPORTER, "correct", against=(VILLAGE,))
    again = Trial(METHOD)
    again.report("邻里漏水")
    again.act(worker(GRID), "settle", records=tuple(METHOD.records))
    again.act(VOLUNTEER, "call_back", result="satisfied")
    again.act(REPORTER, "reopen")
    told = [sentence for trial in (one, again) for sentence in map(Teller(METHOD, CAST.names).tell, trial.history)]
    text = "\n".join(told).replace("QQQQ2222", "")
    assert not re.search(r"[a-z]", text), re.findall(r".*[a-z].*", text)
    for said in ("撤销并案", "主案已结束", "主案已办好", "反映人不满意", "原承办单位回避", "重新办理"):
        assert said in text, said
    teller = Teller(METHOD, CAST.names, "en")
    assert "taken out again" in "\n".join(teller.tell(event) for event in one.history)


@pytest.mark.parametrize(("role", "who"), [("volunteer", "志愿者"), ("", "演示村")])
def test_a_volunteer_is_told_as_one_and_never_by_their_unit(role: str, who: str) -> None:
    teller = Teller(METHOD, CAST.names)
    said = [
        teller.tell(ev.Acted("call_back", "satisfied", 901, VILLAGE, role)),
        teller.tell(ev.CalledBack("satisfied", 901, VILLAGE, MONDAY, True)),
    ]
    assert said == [f"{who}：回访", f"{who}回访：满意"]


PANAN = load_method(Path(__file__).resolve().parents[5] / "methods" / "panan-three-feelings.yaml", VOCABULARY)


def test_in_english_a_stage_is_where_a_matter_stands_and_nothing_that_somebody_owes() -> None:
    teller = Teller(METHOD, CAST.names, "en")
    due = MONDAY + dt.timedelta(days=1)
    assert teller.tell(added(1, "@grid", GRID, due)) == "演示网格 has it until 2026-06-02 10:00"
    assert teller.tell(added(2, "report-in", TOWN, due)) == "演示镇 owes “reporting in” by 2026-06-02 10:00"
    limit = "the time limit at “with the grid”"
    assert teller.tell(ev.RungFired(1, 0, "50%", MONDAY)) == f"the clock: 50% of {limit} is used"
    assert teller.tell(ev.RungFired(1, 1, "+2d", MONDAY)) == f"the clock: {limit} is over"
    assert teller.tell(ev.DutyMoved(1, TOWN)) == "演示镇 has it now"
    assert teller.tell(ev.DutyMissed(1)) == f"{limit} was missed"
    assert teller.tell(ev.DutyDone(1, False)) == "the step “with the grid” is done"
    assert teller.tell(ev.DutyDone(2, False)) == "“reporting in” done"


def added(number: int, kind: str, unit: int, due: dt.datetime) -> ev.DutyAdded:
    return ev.DutyAdded(number, kind, "grid", unit, MONDAY, due)


@pytest.mark.parametrize(
    ("lang", "until", "over"),
    [("zh", "暂停最晚到 ", "时钟：暂停期满"), ("en", "the pause ends by ", "the clock: the time of the pause is over")],
)
def test_a_pause_is_told_as_a_pause_and_not_as_something_to_be_done(lang: str, until: str, over: str) -> None:
    trial = Trial(PANAN)
    trial.report(kind="complex")
    trial.act(worker(COUNTY), "suspend", result="appraisal", records=("entrust",), body="p" * 64)
    trial.wait(dt.timedelta(days=20))
    teller = Teller(PANAN, CAST.names, lang)
    lines = [teller.tell(event) for event in trial.history]
    assert over in lines and any(line.startswith(until) for line in lines)
    assert not [line for line in lines if "“暂停计时" in line or "“clock stopped" in line]
