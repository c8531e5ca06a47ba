# ruff: noqa: E501  (a page as it is written, sentences as they are said)
"""The loader: one page of text becomes a method, and each slip is said where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.clock.budgets import DUE, Budget, Rung
from minqing.kernel.clock.dates import DatedTime
from minqing.kernel.methods.emergencies import MUST_SEE
from minqing.kernel.methods.loader import check_file, load_folder, load_method
from minqing.kernel.methods.model import CALL_BACK, Method, Then
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Capability, FieldType, Verb, Vocabulary

PAGE = """method: page
title: {zh: 一页, en: Page}
place: "330727"
source: S00
kinds: {dispute: {is: 纠纷, takes: [order]}, plea: 诉求}
roles: {squad: {is: 处置队, level: town, found: by unit rapid-squad}}
form:
  cause: {is: 起因, type: choice, of: [邻里, 物业], required: [dispute]}
  day:   {is: 约定日, type: date, required: yes}
records: {result: 办理结果, photo: 照片, reasons: 理由, remedies: 途径}
levels:
  calm: {is: 平稳}
  red:  {is: 红色, when: people >= 10}
emergencies:
  all: {is: 急事, tags: [danger-to-life, violence-at-home, child-harmed, elder-harmed, crowd, leak], go: squad, call: town}
triage:
  - {when: kind == 'dispute', go: village, because: 纠纷先到村}
  - {otherwise: 其余到队里, go: squad}
stages:
  village:
    is: 村里办
    holder: village
    limit: {calm: 2d, red: 12h}
    ladder: climb
    above: squad
    moves:
      settle: {go: call-back, needs: [result, cause]}
      refer: squad
  squad:
    is: 队里办
    holder: squad
    limit: 1d before form.day
    longer_because: 约定日由双方定
    overdue: county
    above: county
    moves: {settle: call-back}
  county:
    is: 县里办
    holder: county
    limit: mediation.confirm_decide
    extend: {by: city, at_most: 10d}
    overdue: {tell: county}
    longer_because: 县里兜底
    moves: {settle: call-back}
  closed:    {is: 办结, end: satisfied}
  answered:  {is: 书面答复, end: answered}
  unreached: {is: 没联系上, end: not_reached}
  looked:    {is: 看过了, end: verified}
ladders:
  climb:
    50%: {tell: holder}
    due: {go: above, tell: [holder, above]}
call_back: {by: [town, volunteer], within: 7d, satisfied: closed, unreached: unreached, answered: answered, verified: looked, tries: 4, overdue: {tell: town}}
measures: [on_time, {satisfied: 99%}]
"""
VOCABULARY = Vocabulary({"text": Capability("text", "", facts={"text.repeats": "int"})})


def page(before: str = "", after: str = "", vocabulary: Vocabulary = VOCABULARY) -> Method:
    assert before in PAGE
    return load_method(PAGE.replace(before, after, 1) if before else PAGE, vocabulary, "page")


def complaints(before: str, after: str, vocabulary: Vocabulary = VOCABULARY) -> list[str]:
    with pytest.raises(DefinitionErrors) as refused:
        page(before, after, vocabulary)
    return [str(one) for one in refused.value.complaints]


def test_stages_have_their_times_rungs_and_moves() -> None:
    village = page().stages["village"]
    assert village.limit is not None
    assert (village.limit.at("calm"), village.limit.at("red")) == (Budget(2, "d"), Budget(12, "h"))
    assert [(step.rung, step.then) for step in village.rungs] == [
        (Rung(percent=50), Then(tell=("holder",))),
        (DUE, Then(go="above", tell=("holder", "above"))),
    ]
    assert village.moves["settle"].needs == ("result", "cause")
    assert village.moves["refer"].then == Then(go="squad")


def test_a_limit_may_be_a_date_or_a_law_and_a_word_alone_is_where_it_goes() -> None:
    stages = page().stages
    assert stages["squad"].limit and stages["squad"].limit.time == DatedTime("before", Budget(1, "d"), "form.day")
    assert stages["squad"].rungs[0].then == Then(go="county")
    county = stages["county"].limit
    assert county and county.law and (county.time, county.law.name) == (Budget(15, "d"), "mediation.confirm_decide")


def test_the_call_back_makes_a_stage_with_its_closed_list_of_results() -> None:
    method = page()
    stage = method.stages[CALL_BACK]
    assert (stage.title.zh, stage.holder, stage.limit and stage.limit.time) == ("回访", "town", Budget(7, "d"))
    results = {name: result.then.go for name, result in stage.moves["call_back"].results.items()}
    assert results == {"satisfied": "closed", "unsatisfied": "back", "not_reached": "unreached"}
    assert (stage.moves["verify"].needs, stage.moves["verify"].then.go) == (("photo",), "looked")
    assert method.call_back is not None
    assert (method.call_back.again, method.call_back.tries, method.call_back.answered) == ("above", 4, "answered")


def test_kinds_form_roles_levels_and_triage_are_typed() -> None:
    method = page()
    assert method.kinds["dispute"].takes == ("order",)
    assert (method.form["cause"].required_for, method.form["day"].required) == (("dispute",), True)
    assert method.roles["squad"].found == "by unit rapid-squad"
    assert method.levels["red"].when is not None and method.levels["red"].when.names == ("people",)
    assert method.triage[-1].then == Then(go="squad", because="其余到队里")


def test_what_is_said_may_stand_in_both_tongues_wherever_it_stands() -> None:
    method = page("plea: 诉求", "plea: {zh: 诉求, en: plea}")
    assert (method.kinds["plea"].title, method.kinds["dispute"].title) == (Title("诉求", "plea"), Title("纠纷"))
    method = page("is: 村里办", "is: {zh: 村里办, en: with the village}")
    assert method.stages["village"].title == Title("村里办", "with the village")
    method = page("because: 纠纷先到村", "because: {zh: 纠纷先到村, en: to the village first}")
    assert method.triage[0].then.because == "纠纷先到村"
    assert method.said["triage.0.because"] == Title("纠纷先到村", "to the village first")


def test_a_choice_is_kept_and_compared_by_its_chinese_word() -> None:
    field = page("of: [邻里, 物业]", "of: [{zh: 邻里, en: neighbours}, 物业]").form["cause"]
    assert field.choices == ("邻里", "物业")
    assert [one.said("en") for one in field.of] == ["neighbours", "物业"]


def test_a_title_without_english_is_read_in_chinese() -> None:
    assert (Title("村里办").said("en"), Title("村里办").said("zh"), str(Title("村里办", "village"))) == ("村里办",) * 3
    assert Title("村里办", "with the village").said("en") == "with the village"
    assert Title("村里办") != Title("村里办", "with the village")


def test_a_file_published_before_there_was_english_keeps_its_version() -> None:
    assert page().version == "b6a38cb64b3e0981"


def test_the_version_is_what_the_file_says_and_not_how_it_is_spaced() -> None:
    spaced = load_method("# a comment\n\n" + PAGE.replace("  - {when", "  -   {when"), VOCABULARY, "page")
    assert spaced.version == page().version
    assert len(page().version) == 16
    assert page("2d, red", "3d, red").version != page().version
    assert page("[town, volunteer]", "[volunteer, town]").version != page().version


def test_lines_lead_to_every_key() -> None:
    lines = page().lines
    text = PAGE.splitlines()
    assert text[lines["stages.village.limit"] - 1].strip() == "limit: {calm: 2d, red: 12h}"
    assert text[lines["triage.1"] - 1].startswith("  - {otherwise")
    assert text[lines["call_back"] - 1].startswith("call_back:")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("method: page", "method: leaf", 'page.yaml:1: the file is called "page", the method "leaf": give both the same name'),
        ("title: {zh: 一页, en: Page}", "title: 一页", "page.yaml:2: title needs both tongues: {zh: ..., en: ...}"),
        ('"330727"', "磐安", 'page.yaml:3: place is a division code of 6 digits in quotes, not "磐安"'),
        ("by unit rapid-squad", "by chance", 'page.yaml:6: found of role "squad" cannot be "by chance": by place, by '
         "category, by choice, by unit SLUG, by form.FIELD"),
        ("type: choice, of: [邻里, 物业], ", "type: choice, ",
         'page.yaml:8: field "cause" is a choice: say its choices with of: [...]'),
        ("type: date", "type: dat", 'page.yaml:9: no field type is called "dat". Did you mean "date"?'),
        ("{calm: 2d, red: 12h}", "{calm: 2d}",
         'page.yaml:23: limit of stage "village" names levels: give one for each, red'),
        ("ladder: climb", "ladder: clim", 'page.yaml:24: no ladder is called "clim". Did you mean "climb"?'),
        ("    ladder: climb\n", "    ladder: climb\n    overdue: squad\n",
         'page.yaml:25: stage "village" has two rungs due: one in its ladder and overdue; drop one'),
        ("refer: squad", "refr: squad", 'page.yaml:28: no move is called "refr" (stage "village"). Did you mean "refer"?'),
        ("refer: squad", "assign: squad", 'page.yaml:28: no move is called "assign" (stage "village"). '
         "It is always possible and is not written in a stage"),
        ("before form.day", "before form.cause", "page.yaml:32: a time hangs on a date of the form, "
         '"form.cause": it is a choice. Did you mean "form.day"?'),
        ("limit: mediation.confirm_decide", "limit: mediation.confirm_decid",
         'page.yaml:40: no legal clock is called "mediation.confirm_decid". '
         'Did you mean "mediation.confirm_decide"?'),
        ("at_most: 10d", "at_most: 11d",
         "page.yaml:41: 11d more is longer than the 10d that 司法确认程序规定 5 allows for 司法确认审查"),
        ("extend: {by: city", "extend: {by: holder",
         'page.yaml:41: extend of stage "county": never the holder alone; say who stands above'),
        ("    50%: {tell: holder}", "    150%: {tell: holder}",
         'page.yaml:51: ladder "climb": "150%" is not a rung: write 1% to 99%, due, or late and a budget, like late 2wd'),
        ("    due: {go: above", "    due: {go: back", 'page.yaml:52: "due" goes back, where it was settled: only call_back '
         "and reopen know where that is"),
        (", photo: 照片", "", "page.yaml:53: call_back: verified needs the record photo: declare it in records"),
        ("satisfied: 99%", "satisfied: 120%",
         'page.yaml:54: the target of "satisfied" is a percentage such as 96%, not "120%"'),
        ("measures: [on_time", "measures: [on_tim", 'page.yaml:54: no measure is called "on_tim". Did you mean "on_time"?'),
        ("measures:", "points: {}\nmeasures:", 'page.yaml:54: a method has no key "points". It knows: method, title, '
         "place, source, uses, kinds, roles, form, records, levels, emergencies, triage, stages, anywhere, duties, "
         "ladders, call_back, reopen, whistle, refusal, pauses, letters, measures"),
        ("measures:", "uses: [mediatoin]\nmeasures:", 'page.yaml:54: no capability is called "mediatoin".'),
        ("measures:", "whistle: {by: town, to: department, report_in: 24h, attend: al, silent: {tell: town}}\nmeasures:",
         'page.yaml:54: attend of whistle cannot be "al". It is one of: one, both'),
        ("measures:", "letters:\n  out: {is: 函, template: out, to: town, reply: 5wd}\nmeasures:",
         'page.yaml:55: letter "out" asks for a reply, but nothing happens without one: add overdue'),
        ("measures:", "pauses:\n  wait: {is: 等鉴定, by: holder, at_most: 10d, needs: result}\nmeasures:",
         'page.yaml:55: pause "wait": never the holder alone; name who stands above'),
        ("plea: 诉求", "plea: {is: 诉求, takes: [order]}",
         'page.yaml:5: kinds: "order" is taken by dispute and plea: keep one'),
        ("plea: 诉求", "plea: {is: 诉求, takes: [land]}",
         "page.yaml:5: kinds: every kind has takes; leave it out in exactly one, which gets all that is left"),
        ("plea: 诉求", "plea: 诉求, hazard: 隐患",
         "page.yaml:5: kinds: plea and hazard have no takes; leave it out in exactly one, which gets all that is left"),
        ("call: town", "call: reporter", 'page.yaml:15: emergency "all" calls reporter: call who can act at once'),
        ("when: kind == 'dispute'", "when: kind == 'dispuet'",
         'page.yaml:17: the condition compares kind with "dispuet", which it never is. Did you mean "dispute"?'),
        ("when: people >= 10", "when: \"form.cause in ['邻里', '物管']\"",
         'page.yaml:13: the condition compares form.cause with "物管", which it never is.'),
        ("when: people >= 10", "when: \"'resutl' in records && people > 1\"",
         'page.yaml:13: the condition compares records with "resutl", which it never is. Did you mean "result"?'),
        ("      refer: squad\n", "", None),
    ],
)  # fmt: skip
def test_a_slip_gets_its_sentence(before: str, after: str, sentence: str | None) -> None:
    if sentence is None:
        assert page(before, after).stages["village"].moves.keys() == {"settle"}
    else:
        assert sentence in complaints(before, after)


def test_the_last_rung_after_a_move_is_never_reached() -> None:
    said = complaints("    due: {go: above, tell: [holder, above]}\n",
                      "    due: {go: above, tell: [holder, above]}\n    late 2d: {tell: town}\n")  # fmt: skip
    assert said == ['page.yaml:53: in stage "village" the rung "late 2d" never comes: "due" has moved the matter on']


def test_several_slips_are_said_in_one_go() -> None:
    with pytest.raises(DefinitionErrors) as refused:
        load_method(
            PAGE.replace("holder: village", "holder: vilage").replace("limit: {calm", "limt: {calm"), VOCABULARY
        )
    assert len(refused.value.complaints) == 2


def test_a_capabilitys_sections_verbs_types_and_check_are_its_own() -> None:
    points = Capability(
        "points", "", verbs={"pay": Verb("缴付", "pay")}, types={"plan": FieldType("list", rows=True)},
        sections={"points": {"catalogue": "list"}}, measures=("points_spent",),
        check=lambda method: [("points.catalogue", "too dear")] if method.sections["points"] == {"catalogue": "x"} else [],
    )  # fmt: skip
    vocabulary = Vocabulary({"points": points})
    assert complaints("measures:", "points: {catalogue: y}\nmeasures:", vocabulary) == [
        'page.yaml:54: the section "points" belongs to the capability points; add it to "uses"'
    ]
    using = "uses: [points]\npoints: {catalogue: CAT}\nmeasures: [points_spent, "
    assert page("measures: [", using.replace("CAT", "y"), vocabulary).sections == {"points": {"catalogue": "y"}}
    assert complaints("measures: [", using.replace("CAT", "x"), vocabulary) == ["page.yaml:55: too dear"]
    assert complaints("measures: [", using.replace("catalogue", "catalog"), vocabulary) == [
        'page.yaml:55: section "points" has no key "catalog". Did you mean "catalogue"? It knows: catalogue'
    ]


def test_categories_tags_and_places_are_those_of_the_vocabulary() -> None:
    strict = Vocabulary({}, categories=frozenset({"orders"}), tags=frozenset({"leek"}), divisions=frozenset({"330783"}))
    said = complaints("", "", strict)
    assert 'page.yaml:5: no category is called "order". Did you mean "orders"?' in said
    assert 'page.yaml:15: no tag is called "leak". Did you mean "leek"?' in said
    assert 'page.yaml:3: no division has the code "330727"' in said


def test_a_tag_or_category_in_a_condition_is_one_of_the_readers() -> None:
    strict = Vocabulary({}, categories=frozenset({"order", "land"}), tags=frozenset({*MUST_SEE, "fire"}))
    assert complaints("when: people >= 10", "when: \"'fier' in tags || category == 'lnad'\"", strict) == [
        'page.yaml:13: the condition compares category with "lnad", which it never is. Did you mean "land"?',
        'page.yaml:13: the condition compares tags with "fier", which it never is. Did you mean "fire"?',
    ]


def test_a_folder_is_loaded_by_name_and_its_faults_come_together(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text(PAGE, encoding="utf-8")
    assert list(load_folder(tmp_path, VOCABULARY)) == ["page"]
    assert check_file(tmp_path / "page.yaml", VOCABULARY) == []
    (tmp_path / "bad.yaml").write_text("a", encoding="utf-8")
    (tmp_path / "worse.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(DefinitionErrors) as refused:
        load_folder(tmp_path, VOCABULARY)
    assert [Path(one.path).name for one in refused.value.complaints] == ["bad.yaml", "worse.yaml"]
