"""How narrow the circle is that looks on a matter: 0 ordinary, 1 harm in a home, to a child, an elder, oneself,
2 against an office or a person in office. It narrows sight alone: it never slows a matter, and who has a part sees it.
Pure.
"""

from __future__ import annotations

from minqing.kernel.matters.matter import Matter
from minqing.kernel.methods.model import Method

ORDINARY, CLOSE, AGAINST = 0, 1, 2

#: Tags of the reader that tell of harm among those who are close, or to oneself.
CLOSE_TAGS = frozenset({"violence-at-home", "child-harmed", "elder-harmed", "self-harm"})


def sensitivity_of(matter: Matter, method: Method, least: int = ORDINARY) -> int:
    """The sensitivity that follows from the matter, and at least `least`: it rises, it never sinks by itself."""
    if matter.against or matter.against_people or matter.against_unknown:
        return max(AGAINST, least)
    if not CLOSE_TAGS.isdisjoint(matter.tags) or _close_emergency(matter, method):
        return max(CLOSE, least)
    return least


def _close_emergency(matter: Matter, method: Method) -> bool:
    """An emergency told in a later note has no tags of its own: those its words stand for speak."""
    if not matter.emergency:
        return False
    found = (one for one in method.emergencies if one.slug == matter.emergency)
    return any(not CLOSE_TAGS.isdisjoint(one.tags) for one in found)
