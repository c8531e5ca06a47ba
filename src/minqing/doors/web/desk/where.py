"""Where it is that a concern is about, as a desk's form says it. Whoever comes is registered: also for a place outside
the desk's area, found by its name across the county; and for one on no register, at the desk's own place, with the
words as the spot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from minqing.doors.counter.words import LONGEST_FIELD
from minqing.doors.web.desk.places_within import MOST_LISTED, MOST_MEANT, Spot, meant, spots_of_county

NOT_LISTED = "-"  # stands for a place where what was typed is on no register


@dataclass(frozen=True)
class Where:
    """`code`: the place, '' where it is not clear. `several` may have been meant. `words`: typed, but on no register.
    `asked`: for what the form is shown again: 'empty', 'several', 'unknown'; '' where it is clear."""

    code: str = ""
    label: str = ""
    several: tuple[Spot, ...] = ()
    words: str = ""
    asked: str = ""


def where(spots: Sequence[Spot], told: Mapping[str, str]) -> Where:
    """What was meant by `place`, chosen or typed, and by `elsewhere`, which goes before it."""
    place, elsewhere = (" ".join(told.get(name, "").split())[:200] for name in ("place", "elsewhere"))
    typed = elsewhere or place
    if not typed or typed == NOT_LISTED or not spots:
        return Where(asked="empty")
    own = meant(spots, typed)
    found = own if own and not elsewhere else meant(spots_of_county(spots[0].code), typed)
    found = [spot for spot in (*found, *own) if elsewhere and spot.code == place][:1] or found
    if len(found) == 1:
        return Where(found[0].code, found[0].label)
    if place == NOT_LISTED:
        return Where(spots[0].code, spots[0].label, words=typed)
    return Where(several=tuple(found[:MOST_MEANT]), words=typed, asked="several" if found else "unknown")


def where_fault(spots: Sequence[Spot], told: Mapping[str, str]) -> str:
    """What is to be mended about where it is; '' where it is clear."""
    there = where(spots, told)
    if there.asked == "unknown":
        said = _("册子上没有“%(place)s”：写错了请改；没有写错，再点一次登记就行，先记在本地")
        return said % {"place": there.words[:30]}
    empty, several = _("请选事情发生的地点；说不清就选最大的范围"), _("有几个地点都对得上：请选一个")
    return {"empty": empty, "several": several}.get(there.asked, "")


def spot_of(typed: str, words: str) -> str:
    """Where exactly; a place on no register stands there in words, the longest that a field holds."""
    typed = typed.strip()
    return (f"{words} {typed}".strip() if words and words not in typed else typed)[:LONGEST_FIELD]


def places_of(spots: Sequence[Spot], told: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, Any]:
    """The part of the form that says where: a list of few places, else a box; beside a list one for any other place.
    A place that is on no register stands there chosen, to be sent as it is."""
    there, place = where(spots, told), str(told.get("place", ""))
    asked = there.asked if faults.get("place") else ""
    unlisted = place == NOT_LISTED or asked in ("several", "unknown")
    listed = [*there.several, *(spots if len(spots) <= MOST_LISTED else ())]
    own = meant(spots, place)
    chosen = own[0].code if len(own) == 1 else ""
    return {
        "listed": list({spot.code: spot for spot in listed}.values()),
        "spots": spots,
        "unlisted": NOT_LISTED if unlisted and spots else "",
        "own_place": spots[0].label if spots else "",
        "chosen": NOT_LISTED if asked == "unknown" or (there.words and not asked) else chosen,
        "typed": own[0].label if len(own) == 1 else place,
        "elsewhere": told.get("elsewhere", "") or (place if unlisted and place != NOT_LISTED else ""),
    }
