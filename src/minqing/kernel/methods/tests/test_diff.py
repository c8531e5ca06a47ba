"""Two versions compared: each kind of change is told once, in both tongues, and what it means for open matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from minqing.kernel.clock.budgets import DUE, Budget
from minqing.kernel.methods.contents import PARTS
from minqing.kernel.methods.diff import diff
from minqing.kernel.methods.model import CALL_BACK, Field, Kind, Level, Limit, Measure, Method, Role, RungThen, Then
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Vocabulary


def with_stage(method: Method, slug: str, **changes: object) -> Method:
    return replace(method, stages={**method.stages, slug: replace(method.stages[slug], **changes)})


def without(method: Method, part: str, slug: str) -> Method:
    return replace(method, **{part: {name: each for name, each in getattr(method, part).items() if name != slug}})


def without_move(method: Method, slug: str, verb: str) -> Method:
    left = {name: each for name, each in method.stages[slug].moves.items() if name != verb}
    return with_stage(method, slug, moves=left)


PLANNED = Level("plain", Title("一般"), plan="甲预案")
CHANGES: list[tuple[str, str, Callable[[Method], Method], str, str]] = [
    (
        "stages",
        "removed",
        lambda one: without(one, "stages", "county"),
        "删去环节“县级统筹”。",
        "Removed stage county.",
    ),
    (
        "stages",
        "changed",
        lambda one: with_stage(one, "grid", holder="village"),
        "修改环节“网格先办”：原为由网格员办理；现为由村（社区）办理。",
        "Changed stage grid.",
    ),
    (
        "moves",
        "removed",
        lambda one: without_move(one, "grid", "accept"),
        "删去环节“网格先办”的操作“签收”。",
        "Removed the move accept of stage grid.",
    ),
    (
        "moves",
        "removed",
        lambda one: without(one, "anywhere", "withdraw"),
        "删去任何环节的操作“撤回”。",
        "Removed the move withdraw of any stage.",
    ),
    (
        "limits",
        "changed",
        lambda one: with_stage(one, "village", limit=Limit(Budget(5, "wd"))),
        "修改环节“村（社区）办理”的时限：原为60日（法定时限，依据《信访工作条例》第34条）；现为5个工作日。",
        "Changed the limit of stage village: was 60d, is 5wd.",
    ),
    (
        "rungs",
        "changed",
        lambda one: with_stage(one, "county", rungs=(RungThen(DUE, Then(tell=("city",))),)),
        "修改环节“县级统筹”在“到期仍未办完的”的处理：原为告知县（市、区）；现为告知市。",
        "Changed the rung due of stage county.",
    ),
    (
        "rungs",
        "removed",
        lambda one: with_stage(one, "county", rungs=()),
        "删去环节“县级统筹”在“到期仍未办完的”的处理。",
        "Removed the rung due of stage county.",
    ),
    (
        "kinds",
        "added",
        lambda one: replace(one, kinds={**one.kinds, "new": Kind("new", Title("新类"))}),
        "新增事项类别“新类”。",
        "Added the kind new.",
    ),
    (
        "form",
        "added",
        lambda one: replace(one, form={**one.form, "note": Field("note", Title("备注"))}),
        "新增表单项“备注”：登记时可以填写“备注”。",
        "Added the field note.",
    ),
    (
        "kinds",
        "changed",
        lambda one: replace(one, kinds={**one.kinds, "plea": Kind("plea", Title("诉求", "appeal"))}),
        "修改事项类别“诉求”：英文名为“appeal”。",
        "Changed the kind plea: called “appeal” in English.",
    ),
    (
        "head",
        "changed",
        lambda one: replace(one, said={"triage.0.because": Title("先由网格办", "the grid first")}),
        "修改理由的英文：原为0处；现为1处。",
        "Changed the English of reasons: was 0 of them, is 1 of them.",
    ),
    ("levels", "removed", lambda one: without(one, "levels", "plain"), "删去等级“一般”。", "Removed the level plain."),
    (
        "levels",
        "changed",
        lambda one: replace(one, levels=dict(reversed(one.levels.items()))),
        "修改等级的轻重次序。",
        "Changed the order of the levels.",
    ),
    (
        "levels",
        "changed",
        lambda one: replace(one, levels={**one.levels, "plain": PLANNED}),
        "修改等级“一般”：增加“定为本级后，启动甲预案”。",
        "Changed the level plain.",
    ),
    (
        "triage",
        "removed",
        lambda one: replace(one, triage=one.triage[1:]),
        "删去分流规则（“起因”是“邻里”或“物业”，并且未填写“联系电话”）。",
        "Removed the triage rule “form.cause in ['邻里', '物业'] && !has.phone”.",
    ),
    (
        "triage",
        "changed",
        lambda one: replace(one, triage=one.triage[::-1]),
        "修改分流规则的先后次序。",
        "Changed the order of the triage rules.",
    ),
    (
        "emergencies",
        "removed",
        lambda one: replace(one, emergencies=()),
        "删去紧急情形“有人动手”。",
        "Removed the emergency violence.",
    ),
    (
        "roles",
        "added",
        lambda one: replace(one, roles={**one.roles, "board": Role("board", Title("调委会"))}),
        "新增角色“调委会”：“调委会”按事发地确定。",
        "Added the role board.",
    ),
    (
        "records",
        "removed",
        lambda one: without(one, "records", "minutes"),
        "删去材料“议事记录”。",
        "Removed the record minutes.",
    ),
    (
        "duties",
        "removed",
        lambda one: without(one, "duties", "answer"),
        "删去任务“向网格反馈”。",
        "Removed the duty answer.",
    ),
    (
        "letters",
        "removed",
        lambda one: without(one, "letters", "supervision"),
        "删去文书“督办单”。",
        "Removed the letter supervision.",
    ),
    ("blocks", "removed", lambda one: replace(one, whistle=None), "删去吹哨报到。", "Removed the block whistle."),
    (
        "blocks",
        "changed",
        lambda one: replace(one, refusal=replace(one.refusal, at_most=1)),
        "修改退单：原为认为不属于本单位职责的，可以写明理由退单，由县（市、区）在1个工作日内裁定归谁办，每件最多退2次；"
        "现为认为不属于本单位职责的，可以写明理由退单，由县（市、区）在1个工作日内裁定归谁办，每件最多退1次。",
        "Changed the block refusal.",
    ),
    ("pauses", "removed", lambda one: replace(one, pauses={}), "删去暂停情形“等鉴定”。", "Removed the pause expert."),
    (
        "measures",
        "changed",
        lambda one: replace(one, measures=(Measure("on_time", "99%"), *one.measures[1:])),
        "修改指标“按时办结率”：原为按时办结率（目标96%）；现为按时办结率（目标99%）。",
        "Changed the measure on_time.",
    ),
    (
        "sections",
        "added",
        lambda one: replace(one, sections={"diary": {"coverage": "all"}}),
        "新增专用部分“diary”。",
        "Added the section diary.",
    ),
    (
        "head",
        "changed",
        lambda one: replace(one, place="330728"),
        "修改适用地方：原为330727；现为330728。",
        "Changed the place: was 330727, is 330728.",
    ),
]


@pytest.mark.parametrize(("part", "how", "change", "zh", "en"), CHANGES)
def test_one_change_is_told_in_one_sentence(
    little: Method, vocabulary: Vocabulary, part: str, how: str, change: Callable[[Method], Method], zh: str, en: str
) -> None:
    found = [(each.part, each.how, each.zh, each.en) for each in diff(little, change(little), vocabulary).changes]
    assert (part, how, zh, en) in found
    assert len([each for each in found if each[0] == part]) == 1


def test_every_part_has_a_change_in_the_table_above() -> None:
    assert {each[0] for each in CHANGES} == set(PARTS)


def test_a_method_does_not_differ_from_itself(little: Method, vocabulary: Vocabulary) -> None:
    assert diff(little, replace(little, version="v2", text="# a comment"), vocabulary).changes == ()


def test_a_stage_that_goes_does_not_list_its_moves(little: Method, vocabulary: Vocabulary) -> None:
    assert len(diff(little, without(little, "stages", "county"), vocabulary).changes) == 1


@pytest.mark.parametrize(
    ("limit", "effect"),
    [
        (Limit(Budget(30, "d")), "shorter"),
        (Limit(Budget(90, "d")), "longer"),
        (Limit(Budget(60, "d")), "changed"),
        (Limit(by_level={"plain": Budget(3, "d"), "red": Budget(90, "d")}), "other_time"),
        (Limit(by_level={"plain": Budget(3, "d"), "red": Budget(60, "d")}), "shorter"),
    ],
)
def test_open_matters_hear_whether_their_time_gets_shorter_or_longer(
    little: Method, vocabulary: Vocabulary, limit: Limit, effect: str
) -> None:
    found = diff(little, with_stage(little, "village", limit=limit), vocabulary).affects_open(["village", "grid"])
    assert [each.effect for each in found] == [effect, "unchanged"]


def test_open_matters_hear_that_their_stage_is_gone_or_became_an_end(little: Method, vocabulary: Vocabulary) -> None:
    new = with_stage(without(little, "stages", "county"), "grid", end="guided")
    county, grid = diff(little, new, vocabulary).affects_open(["county", "grid"])
    assert county.effect == "gone" and "已不存在" in county.zh and "is gone" in county.en
    assert grid.effect == "ended" and "成为结束" in grid.zh
    named = with_stage(little, "county", title=Title("县级统筹", "with the county"))
    (county,) = diff(named, new, vocabulary).affects_open(["county"])
    assert county.zh.startswith("“县级统筹”") and county.en.startswith("“with the county” is gone")


def test_a_changed_move_touches_the_matters_of_its_stage_only(little: Method, vocabulary: Vocabulary) -> None:
    found = diff(little, without_move(little, "grid", "accept"), vocabulary)
    affected = found.affects_open(["grid", "village", CALL_BACK])
    assert [each.effect for each in affected] == ["changed", "unchanged", "unchanged"]


def test_a_changed_call_back_touches_the_matters_that_wait_for_it(little: Method, vocabulary: Vocabulary) -> None:
    new = replace(little, call_back=replace(little.call_back, tries=5))
    assert diff(little, new, vocabulary).affects_open([CALL_BACK])[0].effect == "changed"


def test_an_english_name_alone_is_told_and_changes_nothing_for_open_matters(
    little: Method, vocabulary: Vocabulary
) -> None:
    named = with_stage(little, "grid", title=Title("网格先办", "with the grid"))
    found = diff(little, named, vocabulary)
    assert [each.path for each in found.changes] == ["stages.grid"]
    assert found.affects_open(["grid"])[0].effect == "unchanged"
    held = with_stage(little, "grid", title=Title("网格先办", "with the grid"), holder="village")
    assert diff(little, held, vocabulary).affects_open(["grid"])[0].effect == "changed"
    said = with_stage(little, "grid", title=Title("网格办", ""))
    assert diff(little, said, vocabulary).affects_open(["grid"])[0].effect == "changed"
