"""Mapping files: what they say, and what they get told."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.base.errors import BadInput
from minqing.doors.exchange.mapping import Words, read_map

ROOT = Path(__file__).resolve().parents[5]
GOOD = """source: hotline
columns: {external_id: 编号, text: 内容}
places: {in: 内容, table: {东片: "330727001", 东片新村: "330727001201"}}
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "map.yaml"
    path.write_text(text, "utf-8")
    return read_map(path)


@pytest.mark.parametrize("name", ["messages", "nyc311"])
def test_the_maps_that_ship_are_sound(name: str) -> None:
    assert read_map(ROOT / "maps" / f"{name}.yaml").external_id


def test_the_longest_word_says_the_place(tmp_path: Path) -> None:
    places = load(tmp_path, GOOD).places
    assert places.find({"内容": "东片新村路灯不亮"}) == "330727001201"
    assert places.find({"内容": "东片积水"}) == "330727001"
    assert places.find({"内容": "没有写"}) == ""


def test_columns_are_searched_in_their_order() -> None:
    words = Words(("题", "文"), {"甲": "1", "乙": "2"})
    assert words.find({"题": "乙", "文": "甲"}) == "2"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (GOOD.replace("external_id", "externalid"), "external_id"),
        (GOOD.replace('"330727001"', '"33072"'), "33072"),
        (GOOD + "zone: Moon/Crater\n", "time zone"),
        ("columns: {external_id: 甲, text: 乙}\n", "source"),
        (GOOD + "colums: {}\n", "columns"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(tmp_path: Path, wrong: str, word: str) -> None:
    with pytest.raises(DefinitionErrors, match=word) as told:
        load(tmp_path, wrong)
    assert "map.yaml:" in str(told.value)


def test_a_column_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column"):
        load(tmp_path, GOOD).check_columns(("编号", "内容说明"))
