"""What a file may say and the kernel does not run: it is told, and it is not published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from minqing.kernel.clock.dates import parse_time
from minqing.kernel.methods.loader import load_folder
from minqing.kernel.methods.model import Limit
from minqing.kernel.methods.remarks import not_run_yet
from minqing.wiring.vocabulary import VOCABULARY

METHODS = load_folder(Path(__file__).resolve().parents[5] / "methods", VOCABULARY)


@pytest.mark.parametrize("slug", sorted(METHODS))
def test_the_methods_that_ship_can_be_published(slug: str) -> None:
    assert not_run_yet(METHODS[slug], slug) is None


def test_a_limit_that_hangs_on_a_date_is_not_published() -> None:
    method = METHODS["wushan-three-rests"]
    stage = replace(method.stages["county"], limit=Limit(parse_time("same day")))
    why = not_run_yet(replace(method, stages={**method.stages, "county": stage}), "a.yaml")
    assert why is not None and "county" in why.text and f"“{stage.title.zh}”" in why.zh
    assert why.line == method.lines["stages.county"] > 1


def test_a_duty_that_comes_again_is_not_published() -> None:
    method = METHODS["wushan-three-rests"]
    duty = replace(method.duties["task-force"], limit=None)
    why = not_run_yet(replace(method, duties={**method.duties, "task-force": duty}), "a.yaml")
    assert why is not None and "task-force" in why.text and f"“{duty.title.zh}”" in why.zh
    assert why.line == method.lines["duties.task-force"] > 1
