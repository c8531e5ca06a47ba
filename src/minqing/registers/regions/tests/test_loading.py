"""The public list itself, loaded into a real database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from minqing.base.errors import BadInput, NotReady
from minqing.registers.regions.loading import FILES, load_divisions
from minqing.registers.regions.models import Division, Revision
from minqing.registers.regions.rules import parse_code

PANAN = "330727"

SMALL = {
    "province": 'code,name\n33,"浙江省"\n',
    "city": 'code,name,provinceCode\n3307,"金华市",33\n',
    "county": 'code,name,cityCode,provinceCode\n330727,"磐安县",3307,33\n',
    "town": 'code,name,areaCode,provinceCode,cityCode\n330727001,"安文街道",330727,33,3307\n',
    "village": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '330727001002,"五指居委会",330727001,33,3307,330727\n330727001003,"市口居委会",330727001,33,3307,330727\n',
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for level, text in SMALL.items():
        (tmp_path / FILES[level]).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.django_db
def test_one_county_comes_with_its_towns_its_villages_and_its_way_up(whole_list: Path) -> None:
    loaded = load_divisions(whole_list, only=PANAN)
    assert loaded.read == {"province": 1, "city": 1, "county": 1, "town": 14, "village": 236}
    assert (loaded.added, loaded.renamed, loaded.folded) == (253, 0, 0)
    village = Division.objects.get(code=parse_code("330727001002"))
    way = [village.name, village.parent.name, village.parent.parent.name, village.parent.parent.parent.name]
    assert way == ["五指居委会", "安文街道", "磐安县", "金华市"]


@pytest.mark.django_db
def test_a_second_run_changes_nothing(panan_list: Path) -> None:
    load_divisions(panan_list, only=PANAN)
    before = (list(Division.objects.order_by("code").values_list()), Revision.objects.count())
    again = load_divisions(panan_list, only=PANAN)
    assert (again.added, again.renamed) == (0, 0)
    assert (list(Division.objects.order_by("code").values_list()), Revision.objects.count()) == before


@pytest.mark.django_db
def test_a_renamed_row_is_renamed_and_one_gone_from_the_list_stays(small: Path) -> None:
    load_divisions(small)
    path = small / FILES["village"]
    path.write_text(path.read_text("utf-8").replace("五指", "六指").rsplit("330727001003")[0], encoding="utf-8")
    loaded = load_divisions(small)
    assert (loaded.added, loaded.renamed) == (0, 1)
    names = Division.objects.filter(level=4).order_by("code").values_list("name", flat=True)
    assert list(names) == ["六指居委会", "市口居委会"]


@pytest.mark.django_db
def test_a_city_without_counties_is_one_row_with_its_towns_directly_under_it(whole_list: Path) -> None:
    loaded = load_divisions(whole_list, only="441900")
    assert loaded.folded == 1
    town = Division.objects.get(code=parse_code("441900003"))
    assert (town.parent.name, town.parent.level) == ("东莞市", 1)


@pytest.mark.django_db
def test_the_town_and_village_the_list_makes_up_for_jinmen_are_folded_into_the_county(whole_list: Path) -> None:
    loaded = load_divisions(whole_list, only="350527")
    assert (loaded.folded, loaded.added) == (2, 3)


@pytest.mark.django_db
def test_the_whole_list_loads_with_every_parent_in_place(whole_list: Path) -> None:
    steps: list[tuple[int, int]] = []
    loaded = load_divisions(whole_list, progress=lambda done, total: steps.append((done, total)))
    assert loaded.read == {"province": 31, "city": 342, "county": 2978, "town": 41352, "village": 620573}
    assert loaded.folded == 5
    assert Division.objects.count() == loaded.added == 665271
    assert not Division.objects.filter(level__gt=0, parent=None).exists()
    assert steps == sorted(steps) and steps[-1][0] == steps[-1][1]


def test_a_folder_without_the_list_says_which_command_brings_it(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"villages\.csv：请先运行 make setup"):
        load_divisions(tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("only", ["330799", "330727999", "330727001002001"])
def test_an_area_that_the_list_lacks_gets_a_sentence(small: Path, only: str) -> None:
    with pytest.raises(BadInput, match=f"没有代码为 “{only}” 的区划"):
        load_divisions(small, only=only)
    assert not Division.objects.exists()


DAMAGE = [
    ("village", lambda text: text[:-20], r"villages\.csv 第 3 行不完整"),
    ("village", lambda text: text[:-1], r"villages\.csv 第 3 行不完整"),
    ("village", lambda text: text.replace("330727001003", "330727001002"), "330727001002 出现了两次"),
    ("town", lambda text: text.splitlines()[0] + "\n", "330727001002 的上级 330727001 不在文件中"),
    ("county", lambda text: text.replace("330727,", "33072x,"), r"areas\.csv 第 2 行不完整"),
    ("county", lambda text: text.replace("磐安县", "磐\0县"), r"areas\.csv 第 2 行不完整"),
    ("county", lambda text: text.replace("磐安县", ""), r"areas\.csv 第 2 行不完整"),
    ("city", lambda text: "<!DOCTYPE html>\n" + text, r"cities\.csv 第 1 行应以 code,name 开头"),
    ("city", lambda text: "", r"cities\.csv 第 1 行应以 code,name 开头"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "damage", "sentence"), DAMAGE)
def test_a_damaged_file_is_refused_with_its_line_and_nothing_is_changed(
    small: Path, level: str, damage, sentence: str
) -> None:
    (small / FILES[level]).write_text(damage(SMALL[level]), encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        load_divisions(small)
    assert not Division.objects.exists() and not Revision.objects.exists()


@pytest.mark.django_db
def test_a_file_in_another_encoding_is_refused_and_a_byte_order_mark_is_taken(small: Path, tmp_path: Path) -> None:
    path = small / FILES["county"]
    path.write_bytes(SMALL["county"].encode("gb18030"))
    with pytest.raises(BadInput, match="看不懂"):
        load_divisions(small)
    path.write_bytes(SMALL["county"].encode("utf-8-sig"))
    assert load_divisions(shutil.copytree(small, tmp_path / "copy")).added == 6
