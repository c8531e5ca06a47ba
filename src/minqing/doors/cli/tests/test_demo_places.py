"""Points of the made-up county."""

from __future__ import annotations

from minqing.doors.cli.demo_places import MIDDLE, made_up_points
from minqing.registers.regions.places import PlaceRow
from minqing.registers.regions.rules import check_spot, level_of, parse_code

CODES = ["330727", *(f"330727{town:03}{rest}" for town in (1, 2) for rest in ("", "001", "001001", "001002", "002"))]


def test_every_place_has_a_point_of_its_own_near_what_it_lies_in() -> None:
    keys = [parse_code(code) for code in CODES]
    points = made_up_points(PlaceRow(key, str(key), level_of(key)) for key in keys)
    assert list(points) == keys and len(set(points.values())) == len(keys)
    for lat, lon in points.values():
        check_spot(lat, lon)
        assert abs(lat - MIDDLE[0]) < 0.5 and abs(lon - MIDDLE[1]) < 0.5
    assert points == made_up_points(PlaceRow(key, "", level_of(key)) for key in keys), "the same ones each time"
