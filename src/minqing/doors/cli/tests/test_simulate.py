"""`minqing simulate`: a table for eyes, JSON for programs, a sentence for what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from minqing.doors.cli import main

METHOD = str(Path(__file__).parents[5] / "methods" / "panan-three-feelings.yaml")
SMALL = ["simulate", METHOD, "--days", "8", "--set", "arrivals=12"]


def test_the_table_names_stages_ends_and_the_seed() -> None:
    told = CliRunner().invoke(main, [*SMALL, "--seed", "7"])
    assert told.exit_code == 0, told.output
    for words in ("种子 7", "村级自办", "乡镇统筹", "按时率", "回访满意", "虚构数据"):
        assert words in told.output


def test_json_is_the_same_for_the_same_seed() -> None:
    first, second = (CliRunner().invoke(main, [*SMALL, "--json"]).stdout for _ in range(2))
    assert first == second
    told = json.loads(first)
    assert told["refusals"] == {} and told["matters"] > 50
    assert told["on_time"]["rate"] == round(told["on_time"]["met"] / told["on_time"]["owed"], 4)


def test_a_limit_of_the_method_may_be_tried() -> None:
    usual = json.loads(CliRunner().invoke(main, [*SMALL, "--json"]).stdout)
    hurried = json.loads(CliRunner().invoke(main, [*SMALL, "--json", "--set", "stages.village.limit=1h"]).stdout)
    village = [told["on_time_by_stage"]["village"]["rate"] for told in (usual, hurried)]
    assert village[1] < village[0]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--set", "arrivals"], "NAME=VALUE"),
        (["--set", "arrivalz=3"], "a scenario has no “arrivalz”"),
        (["--set", "stages.vilage.limit=2d"], 'Did you mean "village"?'),
        (["--from", "yesterday"], "is no date"),
        (["--from", "0001-01-01"], "between 2004 and 2100"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(more: list[str], says: str) -> None:
    told = CliRunner().invoke(main, [*SMALL, *more])
    assert told.exit_code == 2
    assert says in told.stderr and "Traceback" not in told.output


def test_a_scenario_file_sets_many_numbers(tmp_path: Path) -> None:
    file = tmp_path / "quiet.yaml"
    file.write_text("arrivals: {per_day: 1}\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["simulate", METHOD, "--days", "8", "--scenario", str(file), "--json"])
    assert json.loads(told.stdout)["matters"] < 30
