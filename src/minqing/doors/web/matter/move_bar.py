"""The bar of moves: what the kernel offers this viewer now, in the order in which it is needed.

What clears a duty stands first, and beside it, where the matter has to be signed for, the signing; then the other steps
of the method. What is needed rarely stands under “更多”.
Nothing is shown that is not offered, and nothing offered is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minqing.doors.counter.forms import Lang
from minqing.doors.counter.opening import REVEAL
from minqing.kernel.matters.offers import Offer
from minqing.kernel.methods.vocabulary import STANDING_VERBS

#: Verbs that mend, regroup or bend the way of a matter: never the first thing to do.
_RARE = frozenset(
    {"correct", "clear", "grade", "split", "merge", "unmerge", "link", "waive", "hand_over", "suspend", "extend",
     "supervise", "record", "withdraw", "reopen"}
)  # fmt: skip


@dataclass(frozen=True)
class Button:
    """A move that works."""

    verb: str
    title: str
    clears: bool


@dataclass(frozen=True)
class Bar:
    """`first` is the one thing to do (None: nothing presses), `main` stands beside it, `more` is folded away."""

    first: Button | None
    main: tuple[Button, ...]
    more: tuple[Button, ...]

    @property
    def empty(self) -> bool:
        """Whether this viewer can do nothing here."""
        return self.first is None and not self.main and not self.more


def bar_of(offers: Sequence[Offer], lang: Lang, besides: str = "") -> Bar:
    """The bar of these offers. `besides`: the verb of one that has a panel of its own on the page."""
    buttons = [_button(offer, lang) for offer in offers if offer.verb not in (REVEAL, besides)]
    rare = [one for one in buttons if one.verb in _RARE]
    plain = sorted((one for one in buttons if one.verb not in _RARE), key=_order)
    first = next((one for one in plain if one.clears or one.verb not in STANDING_VERBS), None)
    beside = sorted((one for one in plain if one is not first), key=lambda one: one.verb != "accept")
    return Bar(first, tuple(beside), tuple(rare))


def _button(offer: Offer, lang: Lang) -> Button:
    clears = bool(offer.clears) or any(result.clears for result in offer.results)
    return Button(offer.verb, offer.title_en if lang == "en" else offer.title_zh, clears)


def _order(button: Button) -> tuple[bool, bool, bool]:
    """A duty under its own name stands before the verbs that would meet it too."""
    return not button.clears, button.verb in STANDING_VERBS, button.verb != "fulfil"
