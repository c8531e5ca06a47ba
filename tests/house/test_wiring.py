"""The roof: what it names is what stands below."""

from __future__ import annotations

from minqing.tools.text.urgency import urgency_tags
from minqing.wiring.vocabulary import TAGS, VOCABULARY


def test_the_tags_of_the_vocabulary_are_those_the_reader_gives() -> None:
    assert frozenset(urgency_tags()) == TAGS


def test_every_category_of_the_tree_can_be_named_in_a_method() -> None:
    assert "utilities/water" in VOCABULARY.categories and "utilities" in VOCABULARY.categories
