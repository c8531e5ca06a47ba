"""What names in method files may mean: the capabilities that run now, and what the reader can say."""

from __future__ import annotations

from minqing.kernel.methods.vocabulary import Capability, Vocabulary
from minqing.tools.text.tree import our_tree

TEXT = Capability(
    "text",
    "Repeats of a concern, counted by place and cause, never by person.",
    facts={"text.repeats": "int"},
    words={"text.repeats": "近期同一地点、同一起因的来件数（件）"},
)

#: Tags of the reader. `tests/house/test_wiring.py` compares them with the reader's own: reading takes a second to
#: load, and `minqing clock due` and `minqing methods check` should not wait for it.
TAG_TITLES = {
    "danger-to-life": "有生命危险", "violence-at-home": "家庭暴力", "child-harmed": "未成年人受侵害",
    "elder-harmed": "老年人受侵害", "crowd": "人群聚集", "leak": "燃气或危险品泄漏", "fire": "火情或爆炸",
    "violence": "正在或可能发生暴力", "injury": "有人受伤", "self-harm": "有人可能轻生",
}  # fmt: skip
TAGS = frozenset(TAG_TITLES)

VOCABULARY = Vocabulary(
    capabilities={TEXT.slug: TEXT},
    categories=frozenset(our_tree().categories),
    tags=TAGS,
    words={path: category.zh for path, category in our_tree().categories.items()} | TAG_TITLES,
)
