"""A journal as its reporter is told it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.telling_reporter import _OWN, _SILENT, _THEIRS, ReporterTeller
from minqing.kernel.matters.testing import CAST, MONDAY, POLICE, TOWN, Trial, worker
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS
from minqing.wiring.vocabulary import VOCABULARY

METHOD = load_method(Path(__file__).resolve().parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
#: Words of the office: none of them is said to a resident.
OFFICE = ("签收", "吹哨", "报到", "承办", "受理", "化解", "退单", "裁定", "并案", "主案", "用去", "反映人", "完成“")


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
    teller = ReporterTeller(METHOD, CAST.names, lang)
    return [said for event in trial.history if (said := teller.tell(event))]


def test_a_resident_is_told_in_plain_words_without_slugs_and_words_of_the_office() -> None:
    lines = told("zh")
    text = "\n".join(lines)
    assert lines[0] == "收到您反映的事，时限从现在算起"
    assert "演示公安局已经到场" in lines and "演示公安局给出了意见" in lines
    assert any(line.endswith("说办好了，接下来问您满意不满意") for line in lines)
    assert not re.search(r"[a-z]", text), re.findall(r".*[a-z].*", text)
    ours = re.sub("：[^\n]*|“[^”]*”|（[^）]*）|督办函", "", text)  # what stands there is the county's own
    assert [word for word in OFFICE if word in ours] == []


def test_in_english_too() -> None:
    lines = told("en")
    assert lines[0] == "what you told us was received; the time limit runs from now"
    assert any("gave its opinion" in line for line in lines) and not any(" owes " in line for line in lines)


def test_what_a_clerk_alone_has_to_know_is_not_told() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "zh")
    teller.tell(ev.DutyAdded(1, "@grid", "grid", TOWN, MONDAY, MONDAY))
    assert teller.tell(ev.RungFired(1, 0, "50%", MONDAY)) == ""
    assert teller.tell(ev.RungFired(1, 1, "due", MONDAY)).endswith("到时限了")
    assert teller.tell(ev.Acted("settle", unit=TOWN, role="town")) == "", "that it is said to be solved follows"


def test_the_reporter_is_you() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "zh")
    assert teller.tell(ev.Acted("remind", role="reporter")) == "您催了一次"
    assert teller.tell(ev.Acted("note", role="reporter", to="unsatisfied")) == "您答复：不满意"
    assert teller.tell(ev.Rated(4)) == "您的评价：4 星"
    assert teller.because("unsatisfied") == "：您不满意" and teller.because("reopened") == "：重新办理"


@pytest.mark.parametrize("verb", [*KERNEL_VERBS, *STANDING_VERBS])
def test_every_verb_of_ours_has_words_for_a_resident_or_is_known_to_need_none(verb: str) -> None:
    assert verb in {*_OWN, *_THEIRS, *_SILENT}, "say it to a resident in telling_reporter"
