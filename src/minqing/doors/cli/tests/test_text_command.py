from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minqing.base.errors import BadInput
from minqing.doors.cli.text import text

WATER = ["停水两天", "又停水了", "自来水停水", "为什么总停水", "停水没有通知"]
WAGES = ["拖欠工资", "工资不发", "老板拖欠工资", "工资被拖欠了", "讨要工资"]


def _run(*words: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(text, list(words), input=given, catch_exceptions=False)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.csv"
    rows = [f"供水,{line},请处理" for line in WATER] + [f"工资,{line},请处理" for line in WAGES]
    path.write_text("标签,主题,详情\n" + "\n".join(rows) + "\n工资,,\n", "utf-8-sig")
    return path


def test_a_text_is_read_with_its_reasons_and_without_the_name() -> None:
    result = _run("read", "我叫王小明，家里煤气味很重，物业不管")
    assert result.exit_code == 0
    assert "水电气暖讯／燃气" in result.output and "请立即由人处理" in result.output
    assert "王某" in result.output and "小明" not in result.output


def test_a_text_can_come_from_standard_input_and_leave_as_json() -> None:
    result = _run("read", "--json", "--title", "停水", given="三天了\n")
    assert json.loads(result.output)["category"] == "utilities/water"


def test_bytes_that_are_no_text_are_read_all_the_same() -> None:
    assert _run("read", given=b"\xff\xfe\x00\x80\xe5\x81\x9c\xe6\xb0\xb4").exit_code == 0


def test_nothing_to_read_gets_a_sentence() -> None:
    with pytest.raises(BadInput, match="没有文字可读"):
        _run("read", given=" \n")


def test_a_model_is_trained_and_then_read_with(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "model.npz"
    trained = _run("train", str(labelled), "--out", str(out))
    assert trained.exit_code == 0 and "已用 10 条、2 类训练" in trained.output
    assert "有 1 行缺标签或正文，未采用" in trained.output
    read = _run("read", "--model", str(out), "--json", "昨天停水")
    assert json.loads(read.output)["category"] == "utilities/water"


def test_the_score_as_json_has_the_promised_keys(labelled: Path) -> None:
    result = _run("score", str(labelled), "--folds", "2", "--seed", "3", "--json")
    found = json.loads(result.stdout)
    assert set(found) == {"macro_f1", "spread", "folds", "classes", "advice"}
    assert len(found["folds"]) == 2 and found["classes"][0].keys() == {"label", "precision", "recall", "f1", "n"}


def test_the_score_is_printed_with_its_spread_and_what_would_lift_it(labelled: Path) -> None:
    result = _run("score", str(labelled), "--folds", "2")
    assert "macro-F1" in result.output and "±" in result.output and "怎样提高" in result.output


def test_no_text_of_the_file_is_printed(labelled: Path) -> None:
    assert not any(line in _run("score", str(labelled), "--folds", "2").output for line in [*WATER, *WAGES])


@pytest.mark.parametrize("command", ["train", "score"])
def test_a_bad_file_gets_a_sentence_and_leaves_nothing_behind(command: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("标签,文\n供水,停水\n", "utf-8")
    out = ["--out", str(tmp_path / "model.npz")] if command == "train" else []
    with pytest.raises(BadInput, match="标签"):
        _run(command, str(bad), *out)
    assert not (tmp_path / "model.npz").exists()


def test_a_column_that_is_not_there_is_named(labelled: Path) -> None:
    with pytest.raises(BadInput, match="没有“类别”这一列"):
        _run("score", str(labelled), "--label-column", "类别")
