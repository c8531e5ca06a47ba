from __future__ import annotations

from pathlib import Path

import pytest

from minqing.base.errors import BadInput
from minqing.tools.text.table import Labelled, read_labelled

ROWS = "标签,主题,详情\n供水,停水,停水三天\n工资,欠薪,老板不给\n"


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "labelled.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_offices_use_are_read(tmp_path: Path, encoding: str) -> None:
    read = read_labelled(_file(tmp_path, ROWS.encode(encoding)))
    assert read == Labelled((("停水", "停水三天"), ("欠薪", "老板不给")), ("供水", "工资"))


def test_columns_can_be_named(tmp_path: Path) -> None:
    read = read_labelled(_file(tmp_path, ROWS.encode()), "主题", ["详情"])
    assert read.labels == ("停水", "欠薪") and read.pairs == (("", "停水三天"), ("", "老板不给"))


def test_of_several_text_columns_the_first_is_the_title(tmp_path: Path) -> None:
    read = read_labelled(_file(tmp_path, "标签,题,文,附\n供水,甲,乙,丙\n".encode()))
    assert read.pairs == (("甲", "乙\n丙"),)


def test_rows_without_label_or_text_are_left_out_and_counted(tmp_path: Path) -> None:
    read = read_labelled(_file(tmp_path, (ROWS + ",无标签,x\n供水,,\n短\n\n").encode()))
    assert len(read.labels) == 2 and read.left_out == 3


def test_nul_and_quoted_line_breaks_are_taken(tmp_path: Path) -> None:
    read = read_labelled(_file(tmp_path, '标签,文\n供水,"停\0水\n三天"\n'.encode()))
    assert read.pairs == (("", "停 水\n三天"),)


def test_a_cell_of_a_megabyte_is_taken(tmp_path: Path) -> None:
    read = read_labelled(_file(tmp_path, f"标签,文\n供水,{'水' * 400_000}\n".encode()))
    assert len(read.pairs[0][1]) == 400_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        ("标签,文\n".encode(), "没有一行"),
        ("标签\n供水\n".encode(), "一列正文"),
        (b"\x81\xff\xff\xff", "编码"),
        (b"\xff\xfe\x00", "编码"),
        (f'标签,文\n供水,"{"水" * 4_000_001}'.encode(), "读不下去"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_labelled(_file(tmp_path, content))


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有“类别”这一列，现有：标签、主题、详情"):
        read_labelled(_file(tmp_path, ROWS.encode()), "类别")


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="打不开"):
        read_labelled(tmp_path / "none.csv")
