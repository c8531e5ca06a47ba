"""What names in method files may mean: the capabilities that run now, and what the reader can say."""

from __future__ import annotations

from minqing.kernel.methods.vocabulary import Capability, Vocabulary
from minqing.tools.text.tree import our_tree

TEXT = Capability(
    "text",
    "Repeats of a concern, counted by place and cause, never by person.",
    facts={"text.repeats": "int"},
)

#: Tags of the reader. `tests/house/test_wiring.py` compares them with the reader's own: reading takes a second to
#: load, and `minqing clock due` and `minqing methods check` should not wait for it.
TAGS = frozenset(
    {
        "danger-to-life",
        "violence-at-home",
        "child-harmed",
        "elder-harmed",
        "crowd",
        "leak",
        "fire",
        "violence",
        "injury",
        "self-harm",
    }
)

VOCABULARY = Vocabulary(
    capabilities={TEXT.slug: TEXT},
    categories=frozenset(our_tree().categories),
    tags=TAGS,
)
