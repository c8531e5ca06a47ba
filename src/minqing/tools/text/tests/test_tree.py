from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.errors import BadInput
from minqing.tools.text.tree import load_tree, our_tree


def test_our_tree_has_twelve_classes_of_some_sixty_leaves() -> None:
    tree = our_tree()
    classes = [path for path in tree.categories if "/" not in path]
    assert len(classes) == 12 and 55 <= len(list(tree.leaves())) <= 70


def test_every_category_of_ours_is_named_in_both_languages_and_every_leaf_has_words() -> None:
    assert all(category.zh and category.en for category in our_tree().categories.values())
    assert all(len(leaf.words) >= 10 for leaf in our_tree().leaves())


def test_no_word_of_ours_stands_under_two_leaves() -> None:
    words = [word for leaf in our_tree().leaves() for word in leaf.words]
    assert len(words) == len(set(words))


def test_a_title_reads_from_the_class_down() -> None:
    assert our_tree().title("utilities/water") == "水电气暖讯／供水"
    assert our_tree().title("nothing/known") == "nothing／known"


@pytest.mark.parametrize("label", ["utilities/water", "供水", "水电气暖讯／供水"])
def test_a_label_is_found_by_path_or_title(label: str) -> None:
    assert our_tree().find(label) == "utilities/water"


def test_a_label_the_tree_does_not_know_stands_for_itself() -> None:
    assert our_tree().find("别处的类") == "别处的类"


def test_a_table_with_a_column_per_level_is_a_tree(tmp_path: Path) -> None:
    path = tmp_path / "tree.csv"
    path.write_text("一级,二级,三级\n民生,水电,供水与供电\n民生,道路,\n", "utf-8-sig")
    tree = load_tree(path)
    assert [leaf.path for leaf in tree.leaves()] == ["民生/水电/供水与供电", "民生/道路"]
    assert tree.categories["民生/水电/供水与供电"].words == ("供水", "供电")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("t.yaml", "", "list of categories"),
        ("t.yaml", "[]", "没有任何类别"),
        ("t.yaml", "- {slug: a}", "slug and zh"),
        ("t.yaml", "- {slug: a, zh: 甲, wrods: []}", "no other key"),
        ("t.yaml", "- {slug: a/b, zh: 甲}", "without '/'"),
        ("t.yaml", "- {slug: a, zh: 甲}\n- {slug: a, zh: 乙}", "stands twice"),
        ("t.yaml", "- {slug: [a", "not readable as YAML"),
        ("t.yaml", "- {slug: a, zh: 甲, leaves: 5}", "list of categories"),
        ("t.csv", "一级,二级\n", "没有任何类别"),
        ("t.csv", "一级,二级\n,供水\n", "line 2"),
    ],
)
def test_a_broken_tree_gets_a_sentence(tmp_path: Path, name: str, content: str, sentence: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(BadInput, match=sentence):
        load_tree(tmp_path / name)
