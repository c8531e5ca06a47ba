"""The move `reveal`: what is sealed is opened one by one, with a reason; the access journal has a line of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minqing.doors.counter.asked import misfit
from minqing.doors.counter.forms import Lang
from minqing.kernel.matters.offers import Ask, Offer
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.revealing import LONGEST_REASON, Revealed, reveal
from minqing.registers.accounts.rules import Viewer

REVEAL = "reveal"


def sealed_of(sight: Sight, lang: Lang) -> list[dict[str, str]]:
    """What the viewer may ask to open, of a look with `sealed`: names, never values."""
    return [{"name": one.name, "kind": one.kind, "title": one.title.said(lang)} for one in sight.sealed or ()]


def offers_of(sight: Sight, named: list[dict[str, str]]) -> tuple[Offer, ...]:
    """What the kernel offers, and `reveal` where something may be opened."""
    if not named:
        return sight.offers
    of = tuple((one["name"], one["title"]) for one in named)
    asks = (
        Ask("name", "choice", True, "查看哪一项", "what to open", of),
        Ask("reason", "text", True, "理由", "why", most=LONGEST_REASON),
    )
    return (*sight.offers, Offer(REVEAL, "查看封存内容", "open what is sealed", asks))


def open_one(viewer: Viewer, code: str, fields: Mapping[str, Any]) -> Revealed:
    """Opens it; the reading is a line of the access stream."""
    if strange := [name for name in fields if name not in ("name", "reason")]:
        raise misfit([{"at": name[:60], "fault": "这一步没有这一栏（not a field of this move）"} for name in strange])
    for name in ("name", "reason"):
        if not isinstance(fields.get(name), str):
            raise misfit([{"at": name, "fault": "必填，应为文字（text, required）"}])
    return reveal(viewer, code, fields["name"], fields["reason"])
