"""Bad input through the command line, as a newcomer meets it: a sentence each time, never a traceback; and what is
good in the same file is kept."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.db import connection

from minqing.doors.cli import main
from minqing.doors.cli.county import prepare_county
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

ROOT = Path(__file__).resolve().parents[2]
GOOD_METHOD = (ROOT / "methods" / "wushan-three-rests.yaml").read_text(encoding="utf-8")
COLUMNS = ["编号", "主题", "详情", "时间", "人数", "片区"]
MAP = """
source: mailbox
channel: web
columns: {external_id: 编号, title: 主题, text: 详情, happened: 时间, people: 人数}
places: {in: [片区], table: {安文: "330727001", 月球: "330727999"}}
"""
GOOD = ["1", "路灯不亮", "村口的路灯坏了半个月", "2026-03-05 10:30:00", "2", "安文"]


def said(result: Result) -> str:
    """What a person reads; fails where a traceback would have stood."""
    text = result.output + (result.stderr if result.stderr not in result.output else "")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in text
    return text


# ---- method files


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("\nwhistle:", "\nwistle:", "wistle"),
        ("    holder: village", "    keeper: village", "keeper"),
        ("      refer: {go: village,", "      refer: {go: vilage,", "vilage"),
        ("    ladder: to-village", "    ladder: to-vilage", "to-vilage"),
        ("uses: [text]", "uses: [texts]", "texts"),
        ("    tags: [leak, fire]", "    tags: [leek, fire]", "leek"),
        ("when: people >= 100", "when: peoples >= 100", "peoples"),
        ("category in ['land/land-taking'", "category in ['land/land-takin'", "land/land-takin"),
    ],
)
def test_an_unknown_key_or_name_in_a_method_file_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    assert GOOD_METHOD.count(right) >= 1
    at = GOOD_METHOD.index(right) + wrong.index(wrong.lstrip("\n"))
    line = GOOD_METHOD[:at].count("\n") + 1
    path = tmp_path / "wushan-three-rests.yaml"
    path.write_text(GOOD_METHOD.replace(right, wrong, 1), encoding="utf-8")
    result = CliRunner().invoke(main, ["methods", "check", str(path)])
    text = said(result)
    assert result.exit_code != 0
    assert sentence in text
    assert f":{line}:" in text, text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\xff\xfe",
        b"method: [",
        "method: 甲\n".encode("gb18030"),
        b"- " * 4000,
        GOOD_METHOD.encode()[:3000],
    ],
    ids=["empty", "binary", "half a line", "GB18030", "nested", "half a file"],
)
def test_what_is_no_method_file_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    result = CliRunner().invoke(main, ["methods", "check", str(path)])
    assert said(result).strip()
    assert result.exit_code != 0


def test_a_folder_or_nothing_in_place_of_a_method_file_gets_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.yaml", tmp_path):
        result = CliRunner().invoke(main, ["methods", "check", str(path)])
        assert said(result).strip()
        assert result.exit_code != 0


# ---- tables of messages


@dataclass
class Desk:
    """A prepared county, and a clerk who imports files."""

    folder: Path
    files: int = 0
    map_file: Path = field(init=False)

    def __post_init__(self) -> None:
        self.map_file = self.folder / "map.yaml"
        self.map_file.write_text(MAP, encoding="utf-8")

    def run(self, path: Path, *more: str, place: str = "330727") -> Result:
        words = ["import", "messages", str(path), "--map", str(self.map_file), "--place", place, *more]
        return CliRunner().invoke(main, words)

    def bring(self, path: Path) -> tuple[Mapping[str, int], dict[int, tuple[str, str]]]:
        """The figures, and of each line what became of it and why."""
        told = path.with_suffix(".told.csv")
        result = self.run(path, "--json", "--report", str(told))
        said(result)
        assert result.exit_code == 0, result.output
        with told.open(encoding="utf-8-sig", newline="") as file:
            rows = {int(row[0]): (row[1], row[3]) for row in list(csv.reader(file))[1:]}
        return json.loads(result.stdout), rows

    def write(self, content: bytes, suffix: str = ".csv") -> Path:
        self.files += 1
        path = self.folder / f"{self.files}{suffix}"
        path.write_bytes(content)
        return path


def table(*rows: list[str]) -> str:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (COLUMNS, *rows)]
    return "\r\n".join(quoted) + "\r\n"


def good(number: str, **other: str) -> list[str]:
    """A sound row, one cell of it changed."""
    cells = dict(zip(COLUMNS, GOOD, strict=True)) | {"编号": number} | other
    return [cells[name] for name in COLUMNS]


@pytest.fixture
def desk(own_database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in {**own_database.env, "MINQING_HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "home").mkdir()
    prepare_county("330727")
    return Desk(tmp_path)


def matters() -> int:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from matters_matter")
        return cursor.fetchone()[0]


def test_every_bad_row_is_told_and_every_good_row_of_the_same_file_is_kept(desk: Desk) -> None:
    rows = {
        2: (good("1"), "new", ""),
        3: (good("2", 时间="0001-01-01 00:00:00"), "refused", "1990"),
        4: (good("3", 时间="9999-12-31 23:59:59"), "refused", "2100"),
        5: (good("4", 时间="2026-02-30 10:00:00"), "refused", "calendar"),
        6: (good("5", 人数="-3"), "refused", "people"),
        7: (good("6", 人数="0"), "refused", "people"),
        8: (good("7", 片区="月球"), "refused", "register"),
        9: (good("1", 主题="又一件"), "refused", "row 2"),
        10: (good("", 主题="没有编号"), "refused", "empty"),
        11: (good("9", 主题="", 详情=""), "refused", "says nothing"),
        12: (good("10", 详情="水管\x00坏了"), "new", ""),
        13: (good("11", 详情="甲" * 300_000), "new", ""),
        14: (good("12", 详情="乙" * (1 << 20)), "refused", "1 MB"),
        15: (good("13", 主题="=HYPERLINK(\"x\")", 详情="@SUM(1+1)"), "new", ""),
        16: (good("=1+1", 主题="编号像公式"), "new", ""),
        17: (good("15", 片区="不知哪里"), "new", ""),
        18: (good("16", 时间="", 人数=""), "new", ""),
        19: (good("9" * 5000, 主题="编号太长"), "told", ""),
        20: (good("17", 人数="二十"), "refused", "people"),
        21: (good("18", 人数="9" * 400), "refused", "people"),
        22: (good("20", 详情="丙" * ((1 << 20) + 1)), "refused", "characters"),
    }  # fmt: skip
    figures, told = desk.bring(desk.write(table(*(row for row, _, _ in rows.values())).encode()))
    assert set(told) == set(rows)
    for line, (_, outcome, why) in rows.items():
        assert told[line][0] in outcome or outcome == "told", (line, told[line])
        assert why in told[line][1], (line, told[line])
        assert (told[line][0] == "refused") == bool(told[line][1]), (line, told[line])
    assert figures["new"] == matters() == sum(one == "new" for one, _ in told.values())
    assert figures["without_place"] >= 1
    again, told_again = desk.bring(desk.write(table(good("1"), good("19")).encode()))
    assert [told_again[line][0] for line in (2, 3)] == ["known", "new"]
    assert matters() == figures["new"] + again["new"]


def test_the_encodings_of_old_machines_and_broken_ones_bring_their_rows(desk: Desk) -> None:
    contents = {
        "BOM": table(good("b1")).encode("utf-8-sig"),
        "GB18030": table(good("g1")).encode("gb18030"),
        "UTF-16": table(good("u1")).encode("utf-16"),
        "lone surrogate": table(good("s1"), good("s2", 详情="甲\ud83d乙")).encode("utf-8", "surrogatepass"),
        "NUL": table(good("n1")).encode().replace("半个月".encode(), b"\x00"),
        "half a file": table(good("h1"), good("h2")).encode()[:-60],
        "semicolons and tabs": table(good("t1")).replace('","', '"\t"').encode(),
    }
    for name, content in contents.items():
        before = matters()
        _, told = desk.bring(desk.write(content))
        assert told[2][0] == "new", (name, told)
        assert matters() > before
        if name == "half a file":
            assert told[3][0] == "refused" and "middle" in told[3][1]


def test_a_sheet_with_formulas_dates_and_numbers_brings_its_rows(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.active.append(COLUMNS)
    book.active.append(["f1", "=1+1", "路灯坏了", "2026-03-05 10:30:00", 2, "安文"])
    book.active.append([7, "停水", "停水两天", "2026-03-05 10:30:00", "=A1", "安文"])
    path = desk.folder / "sheet.xlsx"
    book.save(path)
    figures, told = desk.bring(path)
    assert told[2][0] == told[3][0] == "new", told
    assert figures["new"] == 2
    half = desk.write(path.read_bytes()[:-200], ".xlsx")
    assert "workbook" in said(desk.run(half))


def test_what_is_no_table_gets_a_sentence_and_writes_nothing(desk: Desk) -> None:
    hopeless: dict[str, Callable[[], Path]] = {
        "is empty": lambda: desk.write(b""),
        "cannot be read": lambda: desk.folder / "nowhere.csv",
        "Is a directory": lambda: desk.folder,
        "xls": lambda: desk.write(b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
        "no column": lambda: desk.write("甲,乙\n1,2\n".encode()),
        "encoding": lambda: desk.write(bytes(range(128, 256)) * 40),
        "header": lambda: desk.write(b"\n\n\n"),
        "twice": lambda: desk.write("编号,编号\n1,2\n".encode()),
    }
    for word, path in hopeless.items():
        result = desk.run(path())
        assert word in said(result), (word, result.output)
        assert result.exit_code != 0
    binary = desk.run(desk.write(bytes(range(256)) * 64))
    assert said(binary) and binary.exit_code != 0
    assert matters() == 0


def test_a_wrong_county_or_mapping_gets_a_sentence(desk: Desk) -> None:
    path = desk.write(table(GOOD).encode())
    for place in ("999999", "330726", "磐安", "-1", ""):
        result = desk.run(path, place=place)
        assert said(result).strip() and result.exit_code != 0, place
    for text in (
        "",
        "source: x\n",
        MAP + "colour: red\n",
        MAP.replace("330727001", "1234567"),
        MAP.replace("编号", "号码"),
        "\x00",
    ):
        desk.map_file.write_text(text, encoding="utf-8")
        result = desk.run(path)
        assert said(result).strip() and result.exit_code != 0, text
    assert matters() == 0
