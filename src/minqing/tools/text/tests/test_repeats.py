from __future__ import annotations

from minqing.tools.text.repeats import find_repeats, near_identical

ROAD = "安文街道望江路路面坑坑洼洼，下雨天积水很深，行人过不去，请尽快修好这条路。"
ROAD_AGAIN = "望江路路面坑坑洼洼，下雨积水很深，行人都过不去，希望尽快修好这条路！"
WATER = "小区昨天开始停水，自来水一直没有来，物业也没有通知，老人小孩没有水用。"


def test_similar_words_at_the_same_place_are_suggested_as_one() -> None:
    (group,) = find_repeats([ROAD, WATER, ROAD_AGAIN], ["甲村", "甲村", "甲村"])
    assert group.members == (0, 2)
    assert "甲村" in group.why and "人工确认" in group.why and f"{group.likeness:.0%}" in group.why


def test_the_same_words_at_another_place_are_another_matter() -> None:
    assert find_repeats([ROAD, ROAD], ["甲村", "乙村"]) == []


def test_texts_without_a_place_are_compared_with_one_another() -> None:
    (group,) = find_repeats([ROAD, ROAD_AGAIN], [None, None])
    assert "没有写明地点" in group.why


def test_empty_texts_are_no_repeats_of_each_other() -> None:
    assert find_repeats(["", "", "123", "123"], [None] * 4) == []


def test_nothing_gives_nothing() -> None:
    assert find_repeats([], []) == [] and near_identical([]) == []


def test_nearly_identical_texts_share_a_group_and_similar_ones_do_not() -> None:
    long = ROAD + WATER
    assert near_identical([long, WATER, long + "谢谢", ROAD_AGAIN]) == [0, 1, 0, 3]


def test_many_equal_texts_are_one_group() -> None:
    assert set(near_identical([ROAD] * 500)) == {0}
    (group,) = find_repeats([ROAD] * 500, ["甲村"] * 500)
    assert len(group.members) == 500


def test_the_lowest_likeness_that_holds_a_group_together_is_reported() -> None:
    groups = find_repeats([ROAD, ROAD, ROAD_AGAIN], ["甲村"] * 3)
    assert groups[0].members == (0, 1, 2) and groups[0].likeness < 1
