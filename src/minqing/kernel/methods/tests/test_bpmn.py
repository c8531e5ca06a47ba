"""The BPMN drawing, read by bpmn-moddle: no warning, every part there once, everything placed inside its lane."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from minqing.kernel.clock.budgets import parse_budget
from minqing.kernel.methods.bpmn import bpmn, iso_duration
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Vocabulary

FILES = sorted((Path(__file__).parents[5] / "methods").glob("*.yaml"))
READER = Path(__file__).with_name("read_bpmn.mjs")
FLOW = "{http://www.omg.org/spec/BPMN/20100524/MODEL}sequenceFlow"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"


def node() -> str:
    """Node of the machine or of this environment; without one the test fails: it is never skipped."""
    found = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)]))
    assert found, "no Node here: make setup brings one"
    return found


def moddle(xml: str) -> dict:
    done = subprocess.run([node(), str(READER)], input=xml.encode(), capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_bpmn_moddle_reads_it_without_a_warning_and_finds_every_part(little: Method, vocabulary: Vocabulary) -> None:
    read = moddle(bpmn(little, vocabulary))
    assert read["warnings"] == []
    counts = read["counts"]
    waiting = [stage for stage in little.stages.values() if stage.end is None]
    assert counts["bpmn:UserTask"] == len(waiting) == 4
    assert counts["bpmn:EndEvent"] == len(little.stages) - len(waiting) == 6
    assert counts["bpmn:StartEvent"] == 4  # the report, one emergency, at any time, reopened
    assert counts["bpmn:Lane"] == 5  # the platform and four holders
    assert counts["bpmn:BoundaryEvent"] == 3  # two rungs that move, one condition
    assert counts["bpmn:ExclusiveGateway"] == 6  # triage, three stages with a choice, back, above
    assert counts["bpmndi:BPMNEdge"] == counts["bpmn:SequenceFlow"]
    drawn = sum(
        counts[f"bpmn:{kind}"]
        for kind in ("UserTask", "EndEvent", "StartEvent", "Lane", "BoundaryEvent", "ExclusiveGateway")
    )
    assert counts["bpmndi:BPMNShape"] == drawn + 1


def test_rungs_that_move_are_timers_and_conditions_are_conditional(little: Method, vocabulary: Vocabulary) -> None:
    assert moddle(bpmn(little, vocabulary))["timers"] == [
        ["网格先办", "bpmn:TimerEventDefinition", "plain 3d, red 24h"],
        ["网格先办", "bpmn:ConditionalEventDefinition", "“分期付款”已全部完成，并且“分期付款”至少完成过一次"],
        ["村（社区）办理", "bpmn:TimerEventDefinition", "late 2wd: P60D"],
    ]


def test_titles_with_marks_of_xml_and_control_characters_are_read_back(little: Method, vocabulary: Vocabulary) -> None:
    grid = replace(little.stages["grid"], title=Title('<&"\x00\x1b>'))
    read = moddle(bpmn(replace(little, stages=dict(little.stages) | {"grid": grid}), vocabulary))
    assert read["warnings"] == [] and read["timers"][0][0] == '<&"  >'


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_real_files_are_read_without_a_warning(vocabulary: Vocabulary, path: Path) -> None:
    method = load_method(path, vocabulary)
    read = moddle(bpmn(method, vocabulary))
    assert read["warnings"] == []
    assert read["counts"]["bpmn:EndEvent"] == sum(stage.end is not None for stage in method.stages.values())
    moving = sum(step.then.go is not None for stage in method.stages.values() for step in stage.rungs)
    assert len(read["timers"]) == moving > 1


def bounds(xml: str) -> dict[str, tuple[float, ...]]:
    shapes = ET.fromstring(xml).iter(f"{DI}BPMNShape")
    return {
        shape.get("bpmnElement", ""): tuple(
            float(shape.find(f"{DC}Bounds").get(side)) for side in ("x", "y", "width", "height")
        )
        for shape in shapes
    }


def test_no_two_tasks_gateways_or_ends_cover_each_other(little: Method, vocabulary: Vocabulary) -> None:
    placed = [
        box for name, box in bounds(bpmn(little, vocabulary)).items() if not name.startswith(("pool", "lane", "edge"))
    ]
    for number, (x, y, width, height) in enumerate(placed):
        for left, top, wide, high in placed[number + 1 :]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_way_runs_through_a_task_gateway_or_end(vocabulary: Vocabulary, path: Path) -> None:
    xml = bpmn(load_method(path, vocabulary), vocabulary)
    flows = {flow.get("id"): {flow.get("sourceRef"), flow.get("targetRef")} for flow in ET.fromstring(xml).iter(FLOW)}
    placed = {name: box for name, box in bounds(xml).items() if not name.startswith(("pool", "lane", "edge"))}
    for way in ET.fromstring(xml).iter(f"{DI}BPMNEdge"):
        points = [(float(point.get("x")), float(point.get("y"))) for point in way]
        for name in placed.keys() - flows[way.get("bpmnElement")]:
            assert not any(crosses(*ends, placed[name]) for ends in pairwise(points)), (name, way)


def crosses(start: tuple[float, float], end: tuple[float, float], box: tuple[float, ...]) -> bool:
    """Whether a level or upright line goes through the inside of a box."""
    x, y, width, height = box
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return left < x + width and right > x and top < y + height and bottom > y


def test_everything_stands_inside_the_pool(little: Method, vocabulary: Vocabulary) -> None:
    placed = bounds(bpmn(little, vocabulary))
    _, _, wide, high = placed["pool"]
    for x, y, width, height in placed.values():
        assert x >= 0 and y >= 0 and x + width <= wide and y + height <= high


@pytest.mark.parametrize(
    ("budget", "iso"),
    [("3d", "P3D"), ("24h", "PT24H"), ("30m", "PT30M"), ("6mo", "P6M"), ("5wd", "5wd"), ("2wh", "2wh")],
)
def test_a_timer_is_iso_where_iso_can_say_it(budget: str, iso: str) -> None:
    assert iso_duration(parse_budget(budget)) == iso
