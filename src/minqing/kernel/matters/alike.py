"""Open matters around one that may be the same concern: by place and words, never by person, for a person to decide.

Only among those the viewer sees; of a place without a village, of its town. What the texts say is compared masked: of
few, those of the same category before all others, the nearest in time first, for comparing is what takes long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from minqing.kernel.matters import ports
from minqing.kernel.matters.own_list import ASKING
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.reading import Stored, read_ids
from minqing.registers.accounts.rules import Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import Region, is_key, town_of, village_of

MOST_COMPARED = 20
MOST_SHOWN = 6
_NOT_YET = 2**62  # the number of no matter: the newest are the nearest to it

_AROUND = """
select d.matter_id from matters_duty d join matters_matter m on m.id = d.matter_id
where d.state = 0 and d.main and d.{area} = %(key)s and d.kind <> %(asking)s and d.matter_id <> %(own)s
order by m.category <> %(category)s, abs(d.matter_id - %(own)s), d.matter_id limit %(many)s"""


@dataclass(frozen=True)
class Alike:
    """Another matter that may be the same. `same_words`: says nearly the same."""

    stored: Stored
    same_words: bool


def alike(viewer: Viewer, sight: Sight) -> list[Alike]:
    """Those that may be one with it, the oldest first: nothing for what was erased or has no words."""
    own = sight.stored
    text = _words(own)
    found = _around(viewer, own.matter.place, own.id, own.matter.category) if text else []
    return _compared(text, [one for one in found if _aims(one) == _aims(own)])


def alike_to(viewer: Viewer, place: Region, text: str) -> list[Alike]:
    """Those that may be one with what is just being told of a place; none that is against anybody."""
    found = _around(viewer, place, _NOT_YET, "") if text.strip() else []
    return _compared(text.strip(), [one for one in found if not any(_aims(one))])


def _aims(stored: Stored) -> tuple[object, ...]:
    """Whom it is against: units, people, and how many that nobody found."""
    matter = stored.matter
    return matter.against, matter.against_people, matter.against_unknown


def _compared(text: str, around: Sequence[Stored]) -> list[Alike]:
    others = [one for one in around if _words(one)]
    if not others:
        return []
    texts = [text, *map(_words, others)]
    for members, same, _why in ports.repeats()(texts, [0] * len(texts)):
        if 0 in members:
            first = dict(zip(members, same, strict=True))
            near = [Alike(others[one - 1], first[one] == first[0]) for one in members if one]
            return sorted(near, key=lambda one: (not one.same_words, one.stored.opened))[:MOST_SHOWN]
    return []


def _words(stored: Stored) -> str:
    return f"{stored.title}\n{stored.text}".strip()


def _around(viewer: Viewer, place: Region, own: int, category: str) -> Sequence[Stored]:
    village, town = (village_of(place), town_of(place)) if is_key(place) else (None, None)
    key = village or town
    if key is None:
        return []
    told: dict[str, Any] = {"key": key, "own": own, "asking": ASKING, "many": MOST_COMPARED}
    told |= {"category": category}
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute(_AROUND.format(area="village" if village else "town"), told)
        ids = [row[0] for row in cursor.fetchall()]
    return list(read_ids(viewer.scope, ids).values()) if ids else []
