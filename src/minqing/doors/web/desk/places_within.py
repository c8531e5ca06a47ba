"""The places at which a viewer may report, as a form offers them, and which of them was meant by what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minqing.doors.web.desk.waiting import area_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, code_of, county_of, level_of, parse_code, town_of, village_of
from minqing.registers.regions.queries import divisions_in, grids_in, known_places
from minqing.registers.regions.versions import shelf

MOST_LISTED = 60  # places that stand in a list; more are typed, with suggestions
MOST_MEANT = 12  # places that are offered where the words fit several


@dataclass(frozen=True)
class Spot:
    """A place with the words by which it is found: 安文街道 花溪村 1格."""

    code: str
    label: str


def spots_of(viewer: Viewer) -> Sequence[Spot]:
    """The viewer's own area and all below it, in the order of codes: parts before wholes nowhere. Whoever has no area
    (a department) reports in the whole county."""
    code = area_of(viewer)
    if not code:
        return ()
    area = parse_code(code)
    return _spots_in(area if viewer.scope.areas else county_of(area) or area)


def spots_of_county(code: str) -> Sequence[Spot]:
    """All places of the county in which a place lies."""
    place = parse_code(code)
    return _spots_in(county_of(place) or place)


def _spots_in(area: Region) -> Sequence[Spot]:
    """Kept until a register changes: a county has some thousand, and each list and form asks for them."""
    kept = shelf("spots")
    if area not in kept:
        kept[area] = tuple(_spots_read(area))
    found: tuple[Spot, ...] = kept[area]
    return found


def _spots_read(area: Region) -> list[Spot]:
    level = level_of(area)
    places = list(known_places([area]).values())
    places += divisions_in(area, "town") if level == "county" else []
    places += divisions_in(area, "village") if level in ("county", "town") else []
    places += grids_in(area) if level != "grid" else []
    names = {place.key: place.name for place in places}
    return _once_each([Spot(code_of(key), _label(key, area, names)) for key in sorted(names)])


def _label(key: Region, area: Region, names: dict[Region, str]) -> str:
    """The name, behind those of what it lies in within the area."""
    around = [place for place in (town_of(key), village_of(key)) if place not in (None, area, key)]
    return " ".join([names[place] for place in around if place in names] + [names[key]])


def place_label(key: Region) -> str:
    """A place as it is called in its county."""
    around = [place for place in (town_of(key), village_of(key), key) if place is not None]
    return _label(key, county_of(key) or key, {place.key: place.name for place in known_places(around).values()})


def _once_each(spots: Sequence[Spot]) -> list[Spot]:
    """Two of one label are told apart by their codes."""
    labels = [spot.label for spot in spots]
    doubled = {label for label in labels if labels.count(label) > 1} if len(set(labels)) < len(labels) else set()
    return [Spot(spot.code, f"{spot.label} {spot.code}") if spot.label in doubled else spot for spot in spots]


def meant(spots: Sequence[Spot], typed: str) -> list[Spot]:
    """The one place that was chosen or named; several where the words fit several, widest first; none for none."""
    typed = " ".join(typed.split())
    exact = [spot for spot in spots if typed in (spot.code, spot.label)]
    if exact or not typed:
        return exact
    words = typed.split(" ")
    found = [spot for spot in spots if all(word in spot.label for word in words)]
    return sorted(found, key=lambda spot: (len(spot.code), spot.code))
