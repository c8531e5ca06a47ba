"""The reading aloud: every key is heard, no English is left, ordinary conditions become sentences."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from minqing.base.errors import BadInput
from minqing.kernel.methods.model import Method, Then
from minqing.kernel.methods.phrases import Phrases, article
from minqing.kernel.methods.read import numeral, read_aloud
from minqing.kernel.methods.spoken import spoken
from minqing.kernel.methods.vocabulary import Vocabulary

#: Keys of a method that are not said: its own names, and what other programmes read.
UNSAID = {"slug", "version", "uses", "sections", "said", "text", "lines"}
#: Without these there is no method to read.
NEEDED = {"title", "place", "source", "stages"}


def test_no_latin_letters_are_left_in_the_reading(little: Method, vocabulary: Vocabulary) -> None:
    text = read_aloud(little, vocabulary).replace(little.source, "")
    assert re.findall(r"[A-Za-z_]+", text) == []


def test_a_slug_that_nobody_titled_is_seen_in_quotes(little: Method, vocabulary: Vocabulary) -> None:
    herd = replace(little.measures[0], slug="herd")
    assert "“herd”" in read_aloud(replace(little, measures=(herd,)), vocabulary)


@pytest.mark.parametrize("key", [one.name for one in fields(Method) if one.name not in UNSAID | NEEDED])
def test_every_key_of_a_method_is_heard(little: Method, vocabulary: Vocabulary, key: str) -> None:
    was = getattr(little, key)
    empty = None if key in {"call_back", "reopen", "whistle", "refusal"} else type(was)()
    assert read_aloud(replace(little, **{key: empty}), vocabulary) != read_aloud(little, vocabulary)


@pytest.mark.parametrize(
    "key",
    [
        "limit",
        "rungs",
        "above",
        "longer_because",
        "extend",
        "enter",
        "moves",
        "in_batches",
        "self_help",
        "by_itself",
        "holder",
    ],
)
def test_every_key_of_a_stage_is_heard(little: Method, vocabulary: Vocabulary, key: str) -> None:
    empty = {
        "limit": None,
        "extend": None,
        "above": None,
        "enter": Then(),
        "holder": "county",
        "longer_because": "",
        "in_batches": False,
        "self_help": True,
        "moves": {},
        "rungs": (),
        "by_itself": (),
    }
    bare = {slug: stage if stage.end else replace(stage, **{key: empty[key]}) for slug, stage in little.stages.items()}
    assert read_aloud(replace(little, stages=bare), vocabulary) != read_aloud(little, vocabulary)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("what a kind takes", "分类为“治安／聚集”的，归入“纠纷”。"),
        ("a limit by level", "由网格员办理，时限为“一般”3日，“紧急”24小时。"),
        ("a legal clock", "由村（社区）办理，时限为60日（法定时限，依据《信访工作条例》第34条）。"),
        ("a date", "由县（市、区）办理，时限为“举办日”之前7日。"),
        ("half", "时限过半时，告知承办人。"),
        ("eighty percent", "时限用去八成时，告知承办人、上一级。"),
        ("due", "到期仍未办完的，告知网格员，提到上一级，转入“村（社区）办理”。说明：网格没有按时办完。"),
        ("late", "逾期满2个工作日仍未办完的，提到上一级，转入“县级统筹”。"),
        ("a move", "承办人可以书面引导，须有“议事记录”，以“引导到法院”结束。"),
        (
            "an emergency",
            "1. 有人动手：来件中提到“打人”或“动刀”，或者被识别为“暴力”的，转入“县级统筹”，"
            "立即联系村（社区）、县（市、区），承办单位30分钟内须有人响应。说明：人身安全第一。",
        ),
        ("the last rule", "2. 其余的，等级定为“一般”，转入“网格先办”。说明：先由网格办。"),
        ("each month", "每个月一次，到离开本环节为止"),
        ("the third no", "第三次还不满意的，只有县（市、区）可以书面说明理由和还有哪些救济途径，以“已答复”结束。"),
        ("a target", "按时办结率（目标96%）、回访满意率。"),
    ],
)
def test_a_key_has_one_sentence(little: Method, vocabulary: Vocabulary, part: str, sentence: str) -> None:
    assert sentence in read_aloud(little, vocabulary), part


def test_emergencies_are_read_before_triage_and_triage_before_stages(little: Method, vocabulary: Vocabulary) -> None:
    text = read_aloud(little, vocabulary)
    assert text.index("、紧急情形") < text.index("、分流") < text.index("、办理环节") < text.index("、哪些事不能")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("people >= 10", "涉及人数不少于10人"),
        ("5 < people", "涉及人数多于5人"),
        ("people == 1 || returns >= 2", "涉及人数等于1人，或者退回次数不少于2次"),
        ("kind == 'dispute'", "事项类别是“纠纷”"),
        ("kind != 'dispute'", "事项类别不是“纠纷”"),
        ("form.cause == '邻里' || form.cause == \"物业\"", "“起因”是“邻里”或“物业”"),
        ("form.cause in ['邻里', '物业']", "“起因”是“邻里”或“物业”"),
        ("form.cause.contains('水')", "“起因”含有“水”字样"),
        ("form.loss >= 10000", "“损失金额”不低于10000元"),
        ("level == 'red' && stage == 'grid'", "等级是“紧急”，并且所在环节是“网格先办”"),
        ("(people > 1 || returns > 1) && has.phone", "（涉及人数多于1人，或者退回次数多于1次），并且已填写“联系电话”"),
        ("!has.phone", "未填写“联系电话”"),
        ("!(people > 9)", "涉及人数不多于9人"),
        ("'violence' in tags", "来件带有“暴力”标签"),
        ("'minutes' in records", "已收到“议事记录”"),
        ("category == 'order' || category == 'order/crowd'", "事项分类是“治安”或“治安／聚集”"),
        ("size(tags) > 2", "标签多于2项"),
        ("text.repeats >= 3", "近期同一地点同类来件数不少于3件"),
        ("open.instalment == 0", "“分期付款”已全部完成"),
        ("late.instalment > 0", "“分期付款”有逾期的"),
        ("done.instalment >= 2", "已完成的“分期付款”不少于2件"),
        ("helpers.open == 0", "尚未答复的协办单位数等于0个"),
        ("debt.score >= 80.0", "条件“debt.score >= 80.0”成立"),
        ("tags.exists(t, t == 'x')", "条件“tags.exists(t, t == 'x')”成立"),
        ("people + 1 > 5", "条件“people + 1 > 5”成立"),
        ("people >", "条件“people >”成立"),
        ("", "条件“”成立"),
    ],
)
def test_conditions_are_said_in_chinese_or_shown_as_they_stand(
    little: Method, vocabulary: Vocabulary, condition: str, said: str
) -> None:
    assert spoken(condition, Phrases(little, vocabulary)) == said


def test_several_articles_are_named_one_after_the_other(law) -> None:
    two = replace(law, article="民事诉讼法 205、人民调解法 33")
    assert article(two) == "《民事诉讼法》第205条、《人民调解法》第33条"
    assert article(replace(law, article="信访工作条例 22、23")) == "《信访工作条例》第22、23条"


def test_numbers_of_headings_go_past_ten() -> None:
    assert [numeral(number) for number in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def test_another_tongue_is_refused_with_a_sentence(little: Method, vocabulary: Vocabulary) -> None:
    with pytest.raises(BadInput, match="Chinese only"):
        read_aloud(little, vocabulary, "en")
