"""The schema for editors: takes the real files, marks what a clerk mistypes, and the committed copy is current."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from minqing.kernel.methods.schema import schema
from minqing.kernel.methods.shapes import SHAPES, keys_of
from minqing.kernel.methods.vocabulary import Capability, Vocabulary

ROOT = Path(__file__).parents[5]
FILES = sorted((ROOT / "methods").glob("*.yaml"))
WITH_TEXT = Vocabulary({"text": Capability("text", "reads text", sections={"diary": {"on": "text"}})})
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
}


def faults(value: Any, rule: dict[str, Any], whole: dict[str, Any], path: str = "") -> list[str]:
    """The small part of JSON Schema 2020-12 that our schema uses."""
    if "$ref" in rule:
        return faults(value, whole["$defs"][rule["$ref"].removeprefix("#/$defs/")], whole, path)
    found = [path] if not plainly_fits(value, rule) else []
    if "anyOf" in rule:
        tried = [faults(value, each, whole, path) for each in rule["anyOf"]]
        found += max(tried, key=lambda each: len(each[0])) if all(tried) else []
    if "if" in rule:
        branch = "else" if faults(value, rule["if"], whole, path) else "then"
        found += faults(value, rule[branch], whole, path)
    if isinstance(value, dict):
        found += of_object(value, rule, whole, path)
    if isinstance(value, list) and "items" in rule:
        for number, one in enumerate(value):
            found += faults(one, rule["items"], whole, f"{path}/{number}")
    return found


def plainly_fits(value: Any, rule: dict[str, Any]) -> bool:
    kinds = rule.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return (
        (not kinds or any(isinstance(value, TYPES[kind]) for kind in kinds))
        and value in rule.get("enum", [value])
        and (not isinstance(value, str) or re.search(rule.get("pattern", ""), value) is not None)
        and (not isinstance(value, dict) or set(rule.get("required", [])) <= set(value))
        and (not isinstance(value, dict) or len(value) >= rule.get("minProperties", 0))
    )


def of_object(value: dict[str, Any], rule: dict[str, Any], whole: dict[str, Any], path: str) -> list[str]:
    found = []
    for name, one in value.items():
        known = [each for pattern, each in rule.get("patternProperties", {}).items() if re.search(pattern, name)]
        known += [rule["properties"][name]] if name in rule.get("properties", {}) else []
        rest = rule.get("additionalProperties", {})
        if not known and rest is False:
            found.append(f"{path}/{name}")
        for each in known or ([rest] if rest else []):
            found += faults(one, each, whole, f"{path}/{name}")
        found += faults(name, rule["propertyNames"], whole, f"{path}/{name}") if "propertyNames" in rule else []
    return found


def read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # every scalar as text, as the loader reads it


def test_there_are_files_to_try_it_on() -> None:
    assert len(FILES) >= 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_real_files_fit(path: Path) -> None:
    assert faults(read(path), schema(WITH_TEXT), schema(WITH_TEXT)) == []


DAMAGE: list[tuple[str, list[str], object]] = [
    ("an unknown key at the top", ["stage"], {}),
    ("an unknown key in a stage", ["stages", "grid", "limits"], "3d"),
    ("a budget with a space", ["stages", "grid", "limit"], "3 d"),
    ("a unit nobody knows", ["reopen", "within"], "3 weeks"),
    ("a rung that is none", ["ladders", "to-village", "half"], {"tell": "holder"}),
    ("a measure nobody counts", ["measures"], ["petitions"]),
    ("a field type nobody knows", ["form", "cause", "type"], "choise"),
    ("an end that is none", ["stages", "satisfied", "end"], "happy"),
    ("an end with a limit", ["stages", "satisfied", "limit"], "3d"),
    ("a stage without a holder", ["stages", "grid", "holder"], None),
    ("a method without emergencies", ["emergencies"], None),
    ("yes in Chinese", ["form", "where", "required"], {"is": "是"}),
    ("a name with a capital", ["kinds", "Dispute"], "纠纷"),
]


@pytest.mark.parametrize(("what", "where", "value"), DAMAGE, ids=[each[0] for each in DAMAGE])
def test_an_editor_marks_it(what: str, where: list[str], value: object) -> None:
    file = read(ROOT / "methods" / "wushan-three-rests.yaml")
    block = file
    for name in where[:-1]:
        block = block[name]
    if value is None:
        del block[where[-1]]
    else:
        block[where[-1]] = value
    assert faults(file, schema(WITH_TEXT), schema(WITH_TEXT)), what


def test_every_key_of_the_loader_stands_in_it_with_its_meaning() -> None:
    made = schema()
    for block, shape in SHAPES.items():
        whole = made if block == "top" else made["$defs"][block.replace(" ", "_")]
        whole = whole["anyOf"][1] if "anyOf" in whole else whole
        assert list(whole["properties"]) == list(keys_of(block))
        assert all(whole["properties"][name]["description"] == key.doc for name, key in shape.items())


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(schema())
    assert set(re.findall(r"#/\$defs/([a-z_]+)", text)) <= set(schema()["$defs"])


def test_a_capability_brings_its_section_and_its_name() -> None:
    made = schema(WITH_TEXT)
    assert made["properties"]["diary"]["description"] == "reads text"
    assert "diary" not in schema()["properties"]
    assert "text" in json.dumps(made["properties"]["uses"])


def test_the_committed_schema_is_current() -> None:
    text = (ROOT / "docs" / "method-schema.json").read_text("utf-8")
    assert json.loads(text) == schema(), "renew it: minqing methods schema > docs/method-schema.json"
