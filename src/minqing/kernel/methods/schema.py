"""JSON Schema (2020-12) of the method file, for editors: completion, hover and red lines while a clerk types.

Made from the loader's own table of keys (`shapes`), so no key is written down twice. It sees shape only: whether
names resolve and whether a method is sound, the checker says.
"""

from __future__ import annotations

from typing import Any

from minqing.kernel.methods.measures import MEASURES
from minqing.kernel.methods.names import SLUG, TARGETS
from minqing.kernel.methods.shapes import END_KEYS, SHAPES, TAKES_THEN, THEN, Key, Shape
from minqing.kernel.methods.vocabulary import KERNEL_TYPES, Vocabulary

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTITY = "urn:minqing:method-file"
SLUG_PATTERN = f"^(?:{SLUG.pattern})$"
BUDGET = "[1-9][0-9]{0,5}(?:mo|wh|wd|m|h|d|y)"
ANCHOR = "[a-z][a-z0-9_.-]*"
#: Blocks that may be one text instead: a title, which may stand in both tongues, or where to go.
SHORT = {
    "kind": "its title",
    "role": "its title",
    "field": "its title",
    "level": "its title",
    "move": "where it leads",
    "result": "where it leads",
    "then": "where it leads",
}
SCALARS: dict[str, Json] = {
    "text": {"type": ["string", "number"]},
    "said": {"anyOf": [{"type": "string", "description": "in Chinese"}, {"$ref": "#/$defs/title"}]},
    "slug": {"type": "string", "pattern": SLUG_PATTERN},
    "yes_no": {"enum": ["yes", "no"]},
    "whole": {"type": ["integer", "string"], "pattern": "^[0-9]+$"},
    "budget": {"type": "string", "pattern": f"^{BUDGET}$", "examples": ["24h", "3d", "5wd"]},
    "time": {"type": "string", "examples": ["24h", "3d", "5wd", "same day", "7d before form.day", "petition.close"],
             "pattern": f"^(?:{BUDGET}(?: (?:before|after) {ANCHOR})?|same day|on {ANCHOR}|{ANCHOR}\\.{ANCHOR})$"},
    "found": {"type": "string",
              "pattern": "^by (?:place|category|choice|unit [a-z][a-z0-9-]*|form\\.[a-z][a-z0-9_]*)$"},
    "target": {"type": "string", "examples": list(TARGETS)},
    "condition": {"type": "string", "examples": ["people >= 5", "kind == 'dispute' && form.departments >= 2"]},
}  # fmt: skip
BLOCKS = (*SHAPES, "ladder", "measure")
#: Blocks that stand under a name of their own: elsewhere their type means that name.
NAMED = {key.type.removesuffix(" by slug") for key in SHAPES["top"].values() if key.type.endswith(" by slug")}
RUNG = f"^(?:[1-9][0-9]?%|due|late {BUDGET})$"


def schema(vocabulary: Vocabulary | None = None) -> Json:
    """The schema as plain data. With a vocabulary also the sections and names of its capabilities."""
    known = vocabulary or Vocabulary({})
    definitions = {_name(block): _block(block, shape, known) for block, shape in SHAPES.items() if block != "top"}
    definitions |= {
        "ladder": {
            "type": "object",
            "patternProperties": {RUNG: {"$ref": "#/$defs/then"}},
            "additionalProperties": False,
            "minProperties": 1,
            "description": "rungs: 50%, due, late 2wd, each with what follows",
        },
        "measure": _measure(known),
    }
    return {
        "$schema": DIALECT,
        "$id": IDENTITY,
        "title": "Minqing method file",
        **_block("top", SHAPES["top"], known),
        "$defs": definitions,
    }


def _block(block: str, shape: Shape, known: Vocabulary) -> Json:
    keys = dict(shape) | (dict(THEN) if block in TAKES_THEN else {})
    properties = {name: _key(key, known) for name, key in keys.items()}
    if block == "top":
        properties |= {
            section: {"type": "object", "description": one.doc}
            for one in known.capabilities.values()
            for section in one.sections
        }
    whole: Json = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": [name for name, key in shape.items() if key.required],
    }
    if block == "stage":
        whole |= {
            "if": {"required": ["end"]},
            "then": {"propertyNames": {"enum": list(END_KEYS)}},
            "else": {"required": ["holder", "limit"]},
        }
    if block not in SHORT:
        return whole
    titles = [_reference("title")] if SHORT[block] == "its title" else []
    return {"anyOf": [{"type": "string", "description": SHORT[block]}, whole, *titles]}


def _key(key: Key, known: Vocabulary) -> Json:
    shapes = [_type(each, key, known) for each in key.type.split(" | ")]
    found: Json = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    described = found | {"description": key.doc}
    return described | ({"default": key.default} if key.default else {})


def _type(text: str, key: Key, known: Vocabulary) -> Json:
    if text.endswith("+"):
        one = _type(text.removesuffix("+"), key, known)
        return {"anyOf": [one, {"type": "array", "items": one}]}
    value, by, _ = text.partition(" by ")
    if by:
        return {
            "type": "object",
            "propertyNames": {"pattern": SLUG_PATTERN},
            "minProperties": 1,
            "additionalProperties": _reference(value) if value in BLOCKS else _word(value, key, known),
        }
    return _reference(value) if value in BLOCKS and value not in NAMED else _word(value, key, known)


def _reference(block: str) -> Json:
    return {"$ref": f"#/$defs/{_name(block)}"}


def _word(value: str, key: Key, known: Vocabulary) -> Json:
    """A closed list of words where there is one, else what a text of that kind looks like."""
    lists = {
        "choice": list(key.choices),
        "field type": [*KERNEL_TYPES, *(name for one in known.capabilities.values() for name in one.types)],
        "capability": list(known.capabilities),
        "category": sorted(known.categories),
        "tag": sorted(known.tags),
    }
    words = lists.get(value)
    return {"enum": words} if words else dict(SCALARS.get(value, {"type": "string"}))


def _measure(known: Vocabulary) -> Json:
    names = [*MEASURES, *(name for one in known.capabilities.values() for name in one.measures)]
    target = {"type": "string", "pattern": "%$", "description": "a target such as 96%"}
    return {
        "anyOf": [
            {"enum": names},
            {"type": "object", "propertyNames": {"enum": names}, "additionalProperties": target, "minProperties": 1},
        ]
    }


def _name(block: str) -> str:
    return block.replace(" ", "_")
