from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from minqing.tools.text.learning import train
from minqing.tools.text.reader import TextReader, search_words
from minqing.tools.text.suggestion import UNSORTED
from minqing.tools.text.tests.test_classify import LABELS, PAIRS


def test_one_text_is_read_whole() -> None:
    read = TextReader().read("煤气味很重", "我叫王小明，电话13812345678，家里闻到煤气味，物业公司不管")
    assert read.category == "utilities/gas" and read.category_title == "水电气暖讯／燃气"
    assert read.tags == ("leak",) and read.against == ("property-firm:物业公司",)
    assert read.masked_text == "我叫王某，电话[电话]，家里闻到煤气味，物业公司不管"
    assert [reason.what for reason in read.reasons] == ["category", "leak", "against"]


def test_a_suggestion_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TextReader().read("", "停水").category = "other"  # type: ignore[misc]


def test_no_reason_holds_what_the_mask_hides() -> None:
    read = TextReader().read("", "丈夫王小明殴打我，村支书张建国包庇，身份证11010519491231002X")
    assert not any(word in reason.why for reason in read.reasons for word in ("小明", "建国", "1949"))


def test_a_text_that_says_nothing_is_left_to_a_person() -> None:
    read = TextReader().read("", "")
    assert (read.category, read.category_title, read.confidence) == (UNSORTED, "未归类", 0.0)


def test_many_are_read_as_each_alone_and_progress_is_told() -> None:
    pairs = [("停水", "三天"), ("", "老板拖欠工资"), ("", "")] * 100
    told: list[int] = []
    reader = TextReader()
    assert reader.read_many(pairs, told.append) == [reader.read(*pair) for pair in pairs[:3]] * 100
    assert sum(told) == 300


def test_with_a_model_the_class_is_learned_and_the_reason_names_the_words() -> None:
    reader = TextReader(train(PAIRS, LABELS))
    read = reader.read("", "为什么小区停水")
    assert read.category == "utilities/water" and "“停水”" in read.reasons[0].why
    assert read.confidence > 0.5


def test_a_learned_class_is_refined_to_its_leaf_by_the_lexicon() -> None:
    labels = [{"供水": "水电气暖讯", "工资": "劳动与社会保障", "公交": "交通出行"}[label] for label in LABELS]
    read = TextReader(train(PAIRS, labels)).read("", "自来水停水了")
    assert read.category == "utilities/water"


def test_labels_outside_the_tree_are_kept_as_they_are() -> None:
    read = TextReader(train(PAIRS, [f"旧类{label}" for label in LABELS])).read("", "停水")
    assert (read.category, read.category_title) == ("旧类供水", "旧类供水")


def test_places_become_tags() -> None:
    reader = TextReader(places={"花溪村": "huaxi"})
    assert "place:huaxi" in reader.read("", "花溪村停水").tags
    assert reader.read("", "别的村停水").tags == ()


@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "\ud800王小明\udfff13812345678", "水" * 350_000, "=cmd|' /C calc'!A0"]
)
def test_hostile_text_is_read_without_a_fault(text: str) -> None:
    read = TextReader(train(PAIRS, LABELS)).read(text[:50], text)
    read.masked_text.encode("utf-8")
    assert "\0" not in read.masked_text


@pytest.mark.parametrize("query", ["路灯", "灯不亮", "不亮", "三盏", "LED", "led灯", "路燈"])
def test_a_search_finds_what_stands_in_the_text_however_it_is_cut(query: str) -> None:
    """A clerk types part of a word, in capitals or in traditional characters."""
    assert set(search_words(query)) <= set(search_words("村口路灯不亮，三盏LED灯坏了"))


def test_a_search_does_not_find_what_does_not_stand_there() -> None:
    assert not set(search_words("水管")) <= set(search_words("村口路灯不亮，三盏LED灯坏了"))


def test_reading_loads_nothing_that_only_learning_needs() -> None:
    script = (
        "import sys, minqing.tools.text.reader as it; it.TextReader().read('', '停水'); print('sklearn' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
