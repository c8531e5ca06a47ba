"""A random value that fits a JSON Schema: as much of draft 2020-12 as descriptions of requests use."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]
_WORDS = (
    "楼道堆物", "路灯不亮", "水管漏水", "邻里噪音", "停车纠纷", "垃圾清运", "井盖松动", "工资拖欠", "已到现场",
    "正在联系",
)  # fmt: skip
_SOMETIMES = 0.3  # how often an optional field is filled
_FEW = 3  # of many choices


def example(
    schema: Schema,
    dice: random.Random,
    root: Schema,
    *,
    known: Mapping[str, Sequence[object]] | None = None,
    only: Collection[str] | None = None,
) -> Any:
    """A value of the schema. `known`: values for properties that the schema leaves open; `only`: the optional
    properties to fill (without it, now and then one)."""
    schema = _resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return dice.choice([one for one in schema["enum"] if one is not None])
    for key in ("oneOf", "anyOf"):
        if key in schema and "properties" not in schema:
            return example(_one_of(schema[key], dice), dice, root, known=known, only=only)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    return _MAKERS[kind](schema, dice, root, known or {}, only)


def _one_of(choices: Sequence[Schema], dice: random.Random) -> Schema:
    return dice.choice([one for one in choices if one.get("type") != "null"])


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _object(schema: Schema, dice: random.Random, root: Schema, known: Mapping[str, Sequence[object]], only: Any) -> Any:
    value: dict[str, Any] = {}
    required = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items():
        wanted = name in required or (dice.random() < _SOMETIMES if only is None else name in only)
        if wanted:
            value[name] = dice.choice(list(known[name])) if name in known else example(inner, dice, root)
    for key in ("oneOf", "anyOf"):
        if key in schema:
            value |= example({"type": "object", **_one_of(schema[key], dice)}, dice, root, known=known)
    return value


def _array(schema: Schema, dice: random.Random, root: Schema, known: object, only: object) -> Any:
    inner, least = schema.get("items", {}), schema.get("minItems", 0)
    choices = _resolved(inner, root).get("enum")
    if choices is not None:
        most = min(len(choices), schema.get("maxItems", len(choices)), max(least, _FEW))
        return dice.sample(list(choices), dice.randint(min(least, most), most))
    return [example(inner, dice, root) for _ in range(dice.randint(least, max(least, 1)))]


def _string(schema: Schema, dice: random.Random, root: object, known: object, only: object) -> Any:
    if schema.get("format") == "date":
        return f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    if schema.get("format") == "date-time":
        return f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}T{dice.randint(0, 23):02d}:00:00+08:00"
    text = "，".join(dice.sample(_WORDS, 3))
    return (text * (schema.get("minLength", 1) // len(text) + 1))[: schema.get("maxLength", len(text))]


def _integer(schema: Schema, dice: random.Random, root: object, known: object, only: object) -> Any:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    return dice.randint(low, schema.get("maximum", low + 8))


def _number(schema: Schema, dice: random.Random, root: object, known: object, only: object) -> Any:
    low = schema.get("minimum", 0)
    return round(dice.uniform(low, schema.get("maximum", low + 8)), 3)


_MAKERS: dict[str, Any] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": lambda schema, dice, root, known, only: dice.random() < 0.5,
    "null": lambda schema, dice, root, known, only: None,
}
