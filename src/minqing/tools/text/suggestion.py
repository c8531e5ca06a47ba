"""What the reader says about one text. Frozen and plain: wiring turns it into the kernel's own type. Every part of it
is a suggestion that carries its reason; what a person decides instead stands."""

from __future__ import annotations

from dataclasses import dataclass

UNSORTED = "unsorted"


@dataclass(frozen=True)
class Reason:
    """One thing said of the text, and the words that led to it, as a Chinese sentence."""

    what: str
    why: str


@dataclass(frozen=True)
class Suggestion:
    category: str
    category_title: str
    confidence: float
    tags: tuple[str, ...]
    urgency: tuple[Reason, ...]
    against: tuple[str, ...]
    masked_title: str
    masked_text: str
    reasons: tuple[Reason, ...]
