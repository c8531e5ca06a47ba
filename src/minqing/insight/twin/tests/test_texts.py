"""Words of the demo: varied, marked as made up, in the tree's categories, and free of anybody's data."""

from __future__ import annotations

import re
from random import Random

import pytest

from minqing.insight.twin.texts import MARK, categories, concern, said, templates
from minqing.kernel.matters import ports
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.methods.model import Method
from minqing.tools.text.tree import our_tree


def test_there_are_many_templates_over_many_categories() -> None:
    assert sum(len(found) for found in templates().values()) >= 60
    assert len(categories()) >= 30


def test_every_category_stands_in_our_tree() -> None:
    assert set(categories()) <= set(our_tree().categories)


def test_no_template_holds_a_number_or_an_unknown_slot() -> None:
    for pairs in templates().values():
        for title, text in pairs:
            assert not re.search(r"\d", title + text)
            assert set(re.findall(r"\{.*?\}", text)) <= {"{村}", "{处}", "{时}"}
            assert "{" not in title


def test_every_text_is_marked_as_made_up() -> None:
    for category in categories():
        title, text = concern(category, "", "演示村", found=False, chance=Random(1))
        assert title.endswith(MARK) and text.endswith(MARK) and "{" not in text
    assert said("note", Random(1)).endswith(MARK) and said("never heard", Random(1)).endswith(MARK)


@pytest.mark.parametrize("slug", ["life", "home-violence", "child", "elder", "crowd", "leak"])
def test_words_of_an_emergency_are_seen_by_the_method(panan: Method, slug: str) -> None:
    for seed in range(6):
        title, text = concern("", slug, "演示村", found=False, chance=Random(seed))
        assert seen(panan, title, text) == slug, text


def test_no_usual_text_is_taken_for_an_emergency(panan: Method) -> None:
    for category, pairs in templates().items():
        if not category.startswith("emergency/"):
            for title, text in pairs:
                assert seen(panan, title, text) == "", title


def seen(method: Method, title: str, text: str) -> str:
    """The emergency that the words or the reader's tags give away."""
    (read,) = ports.reader()([(title, text)])
    return spot_emergency(method, f"{title}\n{text}", read.tags)
