"""What names in method files may mean: the capabilities that run now, and what the reader can say."""

from __future__ import annotations

from minqing.kernel.methods.vocabulary import Capability, Vocabulary

TEXT = Capability(
    "text",
    "Repeats of a concern, counted by place and cause, never by person.",
    facts={"text.repeats": "int"},
    words={"text.repeats": "近期同一地点、同一起因的来件数（件）"},
)

VOCABULARY = Vocabulary(capabilities={TEXT.slug: TEXT})
