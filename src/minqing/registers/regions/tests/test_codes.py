"""Division codes: a table a clerk can read, and what holds of every key."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.registers.regions.codes import (
    LEVELS,
    code_of,
    county_of,
    grid_key,
    holds,
    is_key,
    level_of,
    lineage,
    parent,
    parse_code,
    quoted,
    range_of,
    town_of,
    village_of,
)

PANAN = 330727_000_000_000

READINGS = [
    # what is written, its key, its level
    ("33", 33_0000_000_000_000, "province"),
    ("3307", 3307_00_000_000_000, "city"),
    ("330727", PANAN, "county"),
    (" 330727 ", PANAN, "county"),
    ("３３０７２７", PANAN, "county"),
    ("330727001", PANAN + 1_000_000, "town"),
    ("330727001002", PANAN + 1_002_000, "village"),
    ("330727001002007", PANAN + 1_002_007, "grid"),
    ("330727000000", PANAN, "county"),  # padded as the statistics office prints it
    ("441900", 4419_00_000_000_000, "city"),  # 东莞 has no counties: city and county are one key
]


@pytest.mark.parametrize(("text", "key", "level"), READINGS)
def test_a_code_of_any_length_is_read_as_a_key_with_its_level(text: str, key: int, level: str) -> None:
    assert parse_code(text) == key
    assert level_of(key) == level


@pytest.mark.parametrize(
    "text", ["", "3", "330", "3307270", "33072700100", "磐安县", "33o727", "-330727", "033072", "1e5", "3" * 10**6,
             "330727\0", "\ud800", "3307 27", "٣٣٠٧٢٧", "330727.0"],
)  # fmt: skip
def test_what_is_no_code_gets_a_sentence_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"不是区划代码：应为 2、4、6、9、12 或 15 位数字") as caught:
        parse_code(text)
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


def test_the_way_up_from_a_grid_passes_village_town_county_city_and_province() -> None:
    grid = parse_code("330727001002007")
    assert [code_of(key) for key in lineage(grid)] == [
        "330727001002007", "330727001002", "330727001", "330727", "3307", "33",
    ]  # fmt: skip
    assert parent(parse_code("33")) is None


def test_a_town_of_a_city_without_counties_stands_directly_under_the_city() -> None:
    town = parse_code("441900003")
    assert parent(town) == parse_code("4419") == county_of(town)
    assert [level_of(key) for key in lineage(town)] == ["town", "city", "province"]


def test_a_place_known_only_to_the_town_has_no_village() -> None:
    town = parse_code("330727001")
    assert (county_of(town), town_of(town), village_of(town)) == (PANAN, town, None)
    assert (town_of(PANAN), county_of(parse_code("3307"))) == (None, None)


def test_the_range_of_a_county_ends_before_the_next_county() -> None:
    assert range_of(PANAN) == (PANAN, 330728_000_000_000)
    assert holds(PANAN, PANAN) and holds(PANAN, parse_code("330727212"))
    assert not holds(PANAN, parse_code("330728"))


def test_a_grid_needs_a_village_and_a_serial_of_three_digits() -> None:
    village = parse_code("330727001002")
    assert grid_key(village, 7) == parse_code("330727001002007")
    with pytest.raises(BadInput, match="1 到 999"):
        grid_key(village, 1000)
    with pytest.raises(BadInput, match="12 位的村级代码"):
        grid_key(parse_code("330727001"), 1)


def test_what_a_sentence_quotes_is_short_and_printable() -> None:
    assert quoted("磐安") == "“磐安”"
    assert len(quoted("长" * 10**6)) < 30
    assert quoted("a\0\ud800").isprintable()


KEYS = st.integers(min_value=11 * 10**13, max_value=10**15 - 1) | st.builds(
    lambda code, cut: code - code % cut,
    st.integers(min_value=11 * 10**13, max_value=10**15 - 1),
    st.sampled_from([10**3, 10**6, 10**9, 10**11, 10**13]),
)


@given(KEYS)
def test_every_way_up_ends_at_a_province_and_every_step_holds_the_one_before(key: int) -> None:
    way = lineage(key)
    assert way[0] == key and level_of(way[-1]) == "province"
    for narrow, wide in pairwise(way):
        assert parent(narrow) == wide
        assert holds(wide, narrow) and not holds(narrow, wide)
        assert LEVELS.index(level_of(wide)) < LEVELS.index(level_of(narrow))


@given(KEYS)
def test_the_short_code_of_a_key_reads_back_as_the_key(key: int) -> None:
    assert is_key(key)
    assert parse_code(code_of(key)) == key


@given(KEYS, KEYS)
def test_two_areas_lie_one_in_the_other_or_apart(one: int, other: int) -> None:
    (low, high), (low2, high2) = range_of(one), range_of(other)
    if low < high2 and low2 < high:
        assert holds(one, other) or holds(other, one)
    assert holds(one, other) == (one in lineage(other))


@given(st.text())
def test_any_text_is_a_key_or_gets_a_sentence(text: str) -> None:
    try:
        assert is_key(parse_code(text))
    except BadInput as refusal:
        assert "区划代码" in str(refusal)
