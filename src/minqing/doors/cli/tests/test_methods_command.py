"""`minqing methods` as a clerk uses it, on the real files and on broken ones."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from minqing.doors.cli import main

ROOT = Path(__file__).parents[5]
SLUGS = sorted(path.stem for path in (ROOT / "methods").glob("*.yaml"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, ["methods", *words])

    return command


def spoilt(tmp_path: Path, old: str, new: str, name: str = "wushan-three-rests") -> Path:
    text = (ROOT / "methods" / "wushan-three-rests.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / f"{name}.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_the_folder_is_checked_when_no_file_is_named(run) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [f"methods/{slug}.yaml: ok" for slug in SLUGS]
    assert len(SLUGS) >= 3


def test_a_bad_file_is_named_with_its_line_and_ends_with_one(run, tmp_path: Path) -> None:
    path = spoilt(tmp_path, "holder: grid", "holderr: grid")
    line = 1 + path.read_text("utf-8").splitlines().index(
        next(each for each in path.read_text("utf-8").splitlines() if "holderr" in each)
    )
    done = run("check", str(path), SLUGS[0])
    assert done.exit_code == 1
    assert f"{path}:{line}: " in done.output and 'Did you mean "holder"?' in done.output
    assert f"methods/{SLUGS[0]}.yaml: ok" in done.output
    assert json.loads(run("check", str(path), "--json").output)[str(path)][0]["line"] == line


def test_reading_a_bad_file_shows_its_complaints_without_a_traceback(run, tmp_path: Path) -> None:
    done = run("read", str(spoilt(tmp_path, "holder: grid", "holderr: grid")))
    assert done.exit_code == 2 and "Did you mean" in done.output and "Traceback" not in done.output


def test_an_unknown_name_is_answered_with_the_names_there_are(run) -> None:
    done = run("read", "wushan")
    assert done.exit_code == 2
    assert "wushan-three-rests" in done.output


def test_without_a_folder_the_sentence_says_what_to_do(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["check"], ["list"], ["read", "x"]):
        done = run(*words)
        assert done.exit_code == 2 and "methods/" in done.output


@pytest.mark.parametrize("slug", SLUGS)
def test_every_method_is_read_in_chinese_with_every_stage(run, slug: str) -> None:
    said = run("read", slug).output
    assert said.count("由") > 10 and "没有紧急情形的" in said
    left = re.sub(r"出处为[^。]*。", "", said)
    assert re.findall(r"[A-Za-z]+", left) == [], "title it: in the file, or in the words of wiring/vocabulary.py"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_method_is_drawn_both_ways(run, slug: str, tmp_path: Path) -> None:
    drawn = run("draw", slug).output
    assert "flowchart TB" in drawn and "-.->" in drawn and "==>" in drawn
    out = tmp_path / "one.bpmn"
    assert run("draw", slug, "--format", "bpmn", "--out", str(out)).exit_code == 0
    assert ET.fromstring(out.read_text("utf-8")).tag.endswith("definitions")
    assert "cannot write" in run("draw", slug, "--out", str(tmp_path / "none" / "x")).output


def test_two_versions_are_compared_in_both_tongues(run, tmp_path: Path) -> None:
    new = spoilt(tmp_path, "limit: 3d", "limit: 2d")
    old = str(ROOT / "methods" / "wushan-three-rests.yaml")
    zh, en = run("diff", old, str(new)).output, run("diff", old, str(new), "--lang", "en").output
    assert "修改环节“网格调处”的时限：原为3日；现为2日。" in zh and "时限由3日缩短为2日" in zh
    assert "Changed the limit of stage grid: was 3d, is 2d." in en
    found = json.loads(run("diff", old, str(new), "--json").output)
    assert [each["path"] for each in found["changes"]] == ["stages.grid.limit"]
    assert {"stage": "grid", "effect": "shorter"}.items() <= found["open"][0].items()
    assert run("diff", old, old).output == "两个版本内容相同。\n"


def test_the_list_names_each_method_once(run) -> None:
    assert [line.split("\t")[0] for line in run("list").output.splitlines()] == SLUGS
    assert [each["method"] for each in json.loads(run("list", "--json").output)] == SLUGS


def test_the_schema_is_printed_as_it_is_committed(run) -> None:
    assert json.loads(run("schema").output) == json.loads((ROOT / "docs" / "method-schema.json").read_text("utf-8"))
