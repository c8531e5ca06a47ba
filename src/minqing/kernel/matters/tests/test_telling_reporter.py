"""A journal as its reporter is told it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.permits import REPORTER_WORD
from minqing.kernel.matters.reasons import _ENGLISH, BECAUSE
from minqing.kernel.matters.telling import shown
from minqing.kernel.matters.telling_reporter import ReporterTeller
from minqing.kernel.matters.telling_words import DUTIES, ENDINGS, OWN, REASONS, SILENT, THEIRS
from minqing.kernel.matters.testing import CAST, COUNTY, GRID, MONDAY, POLICE, TOWN, VILLAGE, Trial, worker
from minqing.kernel.matters.tests.test_offers import Client
from minqing.kernel.methods.loader import load_folder
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS
from minqing.kernel.methods.words import ENDS
from minqing.wiring.vocabulary import VOCABULARY

METHODS = load_folder(Path(__file__).resolve().parents[5] / "methods", VOCABULARY)
METHOD, PANAN = METHODS["wushan-three-rests"], METHODS["panan-three-feelings"]
#: Words of the office: none of them is said to a resident.
OFFICE = ("签收", "吹哨", "报到", "承办", "受理", "化解", "退单", "裁定", "并案", "主案", "用去", "反映人", "完成“",
          "来件", "暂停计时", "催办", "意愿")  # fmt: skip
WHY = {"body": "m" * 64}


def ours(text: str) -> str:
    """Without what is the county's own: names and reasons of the file, names of units."""
    own = {one.zh for method in METHODS.values() for one in method.said.values()}
    for words in sorted({*own, *CAST.names.values()}, key=len, reverse=True):
        text = text.replace(words, "…")
    return text


def read_by_reporter(trial: Trial, lang: str = "zh") -> list[str]:
    teller = ReporterTeller(trial.method, CAST.names, lang)
    return [said for event in trial.history if (said := teller.tell(event))]


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
    return read_by_reporter(trial, lang)


def test_a_resident_is_told_in_plain_words_without_slugs_and_words_of_the_office() -> None:
    lines = told("zh")
    text = "\n".join(lines)
    assert lines[0] == "收到您反映的事，时限从现在算起"
    assert "演示公安局已经到场" in lines and "演示公安局给出了意见" in lines
    assert any(line.endswith("说办好了，接下来问您满意不满意") for line in lines)
    assert not re.search(r"[a-z]", text), re.findall(r".*[a-z].*", text)
    assert [word for word in OFFICE if word in ours(text)] == []


def test_in_english_too() -> None:
    lines = told("en")
    assert lines[0] == "what you told us was received; the time limit runs from now"
    assert any("gave its opinion" in line for line in lines) and not any(" owes " in line for line in lines)


def test_what_a_clerk_alone_has_to_know_is_not_told() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "zh")
    teller.tell(ev.DutyAdded(1, "@grid", "grid", TOWN, MONDAY, MONDAY))
    assert teller.tell(ev.RungFired(1, 0, "50%", MONDAY)) == ""
    assert teller.tell(ev.RungFired(1, 1, "due", MONDAY)).endswith("的时限到了")
    assert teller.tell(ev.Acted("settle", unit=TOWN, role="town")) == "", "that it is said to be solved follows"


def test_the_reporter_is_you() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "zh")
    assert teller.tell(ev.Acted("remind", role="reporter")) == "您催了一次"
    assert teller.tell(ev.Acted("note", role="reporter", to="unsatisfied")) == "您答复：不满意"
    assert teller.tell(ev.Rated(4)) == "您的评价：4 星"
    assert teller.because("unsatisfied") == "：您不满意" and teller.because("reopened") == "：重新办理"
    assert teller.tell(ev.LetterSent("guidance", ())) == "向您发出法定途径告知书"
    assert teller.tell(ev.Told(("holder", "reporter"), (TOWN,))) == "已通知您、演示镇"


def test_a_clerk_who_withdraws_is_named_and_what_is_on_record_of_the_wish_is_told() -> None:
    trial = Trial(METHOD)
    trial.report("邻里漏水")
    trial.act(worker(GRID), "withdraw", records=(REPORTER_WORD,), **WHY)
    lines = read_by_reporter(trial)
    assert "演示网格替您撤回了这件事" in lines and "向您说明：记录里写的是您本人要撤回" in lines
    assert not [line for line in lines if "办好了" in line], "nobody solved anything"


def test_whoever_stops_a_clock_or_gives_more_time_is_named_and_of_a_pause_the_reason_told() -> None:
    trial = Trial(PANAN)
    trial.report(kind="complex")
    trial.act(worker(COUNTY), "suspend", result="appraisal", records=("entrust",), **WHY)
    trial.act(worker(COUNTY), "resume")
    trial.act(worker(COUNTY), "extend", **WHY)
    lines = read_by_reporter(trial)
    assert "演示县中心让时限先停下来" in lines and "演示县中心延长了时限" in lines
    assert [line for line in lines if "先停下来" in line and "等鉴定" in line]
    assert "演示县中心让时限接着算" in lines and "时限接着算" in lines
    assert [line for line in lines if "的时限改到" in line]


def test_a_merged_matter_is_not_told_as_ended_and_its_reporter_keeps_the_code() -> None:
    one, lead = Trial(METHOD), Trial(METHOD)
    one.report("邻里漏水")
    lead.report("邻里漏水", code="QQQQ2222")
    one.other = lead.matter
    one.act(worker(VILLAGE), "merge", code="QQQQ2222", **WHY)
    lines = read_by_reporter(one)
    assert "演示村把这件事并到另一件里一起办" in lines
    assert "向您说明：您的编码照样能查，办好以后单独给您结果" in lines
    assert not [line for line in lines if "办结" in line or "QQQQ2222" in line]


def test_whom_it_is_against_put_on_record_or_cleared_is_told_with_the_reason() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "zh")
    for because in ("登记了被反映的单位或个人", "澄清了被反映的单位或个人"):
        assert teller.tell(ev.Told(("reporter",), (), because=because)) == f"向您说明：{REASONS[because][0]}"
    assert teller.tell(ev.Told(("above",), ())) == "", "what reached nobody is nothing to tell"


@pytest.mark.parametrize("verb", ["refer", "withdraw"])
def test_leaving_a_stage_is_not_told_as_solved(verb: str) -> None:
    trial = Trial(METHOD)
    trial.report("邻里漏水")
    trial.act(worker(GRID), verb, **(WHY | ({"records": (REPORTER_WORD,)} if verb == "withdraw" else {})))
    assert any(isinstance(event, ev.DutyDone) for event in trial.history)
    assert [line for line in read_by_reporter(trial) if "办好了" in line] == []


def test_what_was_owed_besides_is_told_as_done() -> None:
    assert "“派人来”办好了" in told("zh") or "“派人来”办好了，超过了时限" in told("zh")


@pytest.mark.parametrize(
    ("wants", "said"), [(True, "演示网格说办好了，接下来问您满意不满意"), (False, "演示网格说办好了")]
)
def test_who_declined_to_be_asked_is_promised_no_question(wants: bool, said: str) -> None:
    trial = Trial(METHOD)
    trial.report("邻里漏水", wants_call_back=wants)
    trial.act(worker(GRID), "settle", records=tuple(METHOD.records))
    lines = read_by_reporter(trial)
    assert said in lines
    promised = [line for line in lines if "回访您" in line or "问您" in line]
    assert len(promised) == (2 if wants else 0), promised


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_time_of_whoever_passed_it_on_is_no_work_that_somebody_does(lang: str) -> None:
    teller = ReporterTeller(METHOD, CAST.names, lang)
    zh, en = "转来的单位要求最晚 2026-06-01 10:00 办好", "whoever passed it on wants it done by 2026-06-01 10:00"
    assert teller.tell(ev.DutyAdded(1, "outside", "holder", TOWN, MONDAY, MONDAY)) == {"zh": zh, "en": en}[lang]
    assert teller.tell(ev.RungFired(1, 1, "due", MONDAY)) == (
        "转来单位的时限到了" if lang == "zh" else "the sender's own time limit is reached"
    )
    assert teller.tell(ev.DutyDone(1, late=False)) == ""


def test_while_people_try_themselves_nobody_is_said_to_solve_it() -> None:
    teller = ReporterTeller(PANAN, CAST.names, "zh")
    said = teller.tell(ev.DutyAdded(1, "@own", "grid", TOWN, MONDAY, MONDAY))
    assert said == "到 2026-06-01 10:00 还没有解决，就转上一级办"


@pytest.mark.parametrize("verb", [*KERNEL_VERBS, *STANDING_VERBS])
def test_every_verb_of_ours_has_words_for_a_resident_or_is_known_to_need_none(verb: str) -> None:
    assert verb in {*OWN, *THEIRS, *SILENT}, "say it to a resident in telling_words"


@pytest.mark.parametrize("verb", ["withdraw", "suspend", "extend", "merge"])
def test_the_four_verbs_by_which_clocks_are_cheated_are_told_with_who_did_it(verb: str) -> None:
    for lang in ("zh", "en"):
        said = ReporterTeller(METHOD, CAST.names, lang).tell(ev.Acted(verb, by=31, unit=TOWN, role="town"))
        assert said.startswith("演示镇") and len(said) > len("演示镇")


def test_every_reason_duty_and_end_of_the_kernel_is_told_without_words_of_the_office() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "zh")
    said = [teller.because(reason) for reason in (*BECAUSE, *_ENGLISH) if not reason.startswith("暂停计时")]
    said += [ENDINGS[end][0] for end in ENDS] + [words for words, _ in DUTIES.values()]
    assert [(word, one) for one in said for word in OFFICE if word in one] == []
    assert not [one for one in said if re.search("[a-z]", one)]


@pytest.mark.parametrize("slug", sorted(METHODS))
def test_of_whatever_an_office_does_the_reporter_reads_a_sentence(slug: str) -> None:
    """Walks by what is offered: each step of a person is told, in words for a resident, whatever it was."""
    seen: set[str] = set()
    known: set[str] = set()
    for seed in range(WALKS):
        client = Client(METHODS[slug], f"told {seed}", known)
        for _ in range(25):
            client.step()
        for verb, sentences in steps_told(client.trial):
            assert sentences, f"{verb}: the reporter reads nothing"
            text = ours("\n".join(sentences))
            assert [word for word in OFFICE if word in text] == [], text
            seen.add(verb)
    assert {"merge", "refer", "settle", "call_back", "grade", "supervise", "waive"} <= seen


WALKS = 40


def steps_told(trial: Trial) -> list[tuple[str, list[str]]]:
    """What the reporter reads of each step that somebody took, by its verb."""
    teller = ReporterTeller(trial.method, CAST.names, "zh")
    found: list[tuple[str, list[str]]] = []
    acts = False
    for event in trial.history:
        said = teller.tell(event)
        if isinstance(event, ev.Acted):
            found.append((event.verb, []))
            acts = True
        elif isinstance(event, ev.RungFired | ev.Reported):
            acts = False
        if acts and said:
            found[-1][1].append(said)
    return found


def test_until_when_somebody_has_it_is_told_without_the_name_of_the_stage() -> None:
    added = [ev.DutyAdded(1, kind, kind, TOWN, MONDAY, MONDAY) for kind in ("@grid", "@call-back")]
    for lang, said in (
        ("zh", ["演示镇最晚 2026-06-01 10:00 办好", "演示镇最晚 2026-06-01 10:00 回访您"]),
        ("en", ["演示镇 has it until 2026-06-01 10:00", "演示镇 will ask you by 2026-06-01 10:00 how it went"]),
    ):
        teller = ReporterTeller(METHOD, CAST.names, lang)
        assert [teller.tell(one) for one in added] == said


def test_in_english_a_stage_is_where_it_stands_and_who_was_told_is_told_rightly() -> None:
    teller = ReporterTeller(METHOD, CAST.names, "en")
    assert teller.tell(ev.DutyAdded(1, "@grid", "grid", TOWN, MONDAY, MONDAY)) == "演示镇 has it until 2026-06-01 10:00"
    assert teller.tell(ev.RungFired(1, 1, "due", MONDAY)) == "the time limit at “with the grid” is reached"
    assert teller.tell(ev.RungFired(1, 2, "+2d", MONDAY)) == "the time limit at “with the grid” is over"
    assert teller.tell(ev.DutyMissed(1)) == "the time limit at “with the grid” was missed"
    assert teller.tell(ev.Told(("holder", "above"), (TOWN, POLICE))) == "told: 演示镇, 演示公安局"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pause_is_told_by_what_it_stops_and_never_as_something_to_be_done(lang: str) -> None:
    trial = Trial(PANAN)
    trial.report(kind="complex")
    trial.act(worker(COUNTY), "suspend", result="appraisal", records=("entrust",), body="p" * 64)
    trial.wait(dt.timedelta(days=20))
    teller = ReporterTeller(PANAN, CAST.names, lang)
    lines = [line for event in trial.history if (line := teller.tell(event))]
    (pause,) = [one for one in trial.history if isinstance(one, ev.DutyAdded) and one.kind.startswith("pause:")]
    until = {"zh": f"最晚 {shown(pause.due)} 接着算", "en": f"runs on by {shown(pause.due)} at the latest"}[lang]
    assert len([line for line in lines if until in line]) == 1
    assert not [line for line in lines if "“暂停计时" in line or "“clock stopped" in line]
    again = teller.tell(ev.DutyReckoned(pause.duty, MONDAY, (), "5d", "v", False, "calendar"))
    assert shown(MONDAY) in again and "“" not in again
    assert teller.tell(ev.DutyMoved(pause.duty, TOWN)) == ""
