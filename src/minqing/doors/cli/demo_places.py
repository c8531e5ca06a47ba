"""Points of the made-up county: the public list has none, so each place is given one near what it lies in.

They are drawn, not surveyed: no point is where the real place of that name is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from minqing.registers.regions.codes import Region, parent
from minqing.registers.regions.places import PlaceRow

MIDDLE = (29.05, 120.45)
_TURN = math.pi * (3 - math.sqrt(5))  # seeds of a sunflower: even, whatever their number
_STEPS = {"town": 0.055, "village": 0.008, "grid": 0.0018}  # degrees from one to the next


def made_up_points(places: Iterable[PlaceRow]) -> dict[Region, tuple[float, float]]:
    """A point for the county and everything in it; the same ones each time."""
    points: dict[Region, tuple[float, float]] = {}
    met: Counter[Region] = Counter()
    for place in places:
        up = parent(place.key) or 0
        if place.level not in _STEPS or up not in points:
            points[place.key] = MIDDLE
            continue
        met[up] += 1
        far, angle = _STEPS[place.level] * math.sqrt(met[up]), _TURN * met[up]
        lat, lon = points[up]
        points[place.key] = (
            round(lat + far * math.sin(angle), 6), round(lon + far * math.cos(angle) / math.cos(math.radians(lat)), 6),
        )  # fmt: skip
    return points
