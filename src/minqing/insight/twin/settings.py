"""Changing a scenario: single numbers by their dotted names, from the command line or a YAML file of the same names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

from minqing.base.definitions import Keys, Node, Text, nearest, read_file
from minqing.base.errors import BadInput
from minqing.insight.twin.scenario import Scenario


def with_settings(scenario: Scenario, settings: Iterable[tuple[str, str]]) -> Scenario:
    """The scenario with numbers changed by their dotted names, such as ('staff.grid.workers', '2')."""
    for name, text in settings:
        changed = _changed(scenario, _full_name(name).split("."), text, name)
        assert isinstance(changed, Scenario)
        scenario = changed
    return scenario


#: What people would type first.
_SHORT = {"arrivals": "arrivals.per_day", "emergencies": "arrivals.emergencies", "silent": "helping.silent",
          "satisfied": "answers.satisfied", "reached": "answers.reached"}  # fmt: skip


def _full_name(name: str) -> str:
    return _SHORT.get(name, name)


def _changed(part: object, way: list[str], text: str, name: str) -> object:
    """A copy of the part with one leaf changed; complains with what there is."""
    if is_dataclass(part) and not isinstance(part, type):
        known = {one.name: getattr(part, one.name) for one in fields(part)}
        return replace(part, **{way[0]: _inner(known, way, text, name, grows=False)})
    if isinstance(part, Mapping):
        numbers = all(isinstance(value, float | int) for value in part.values())
        return {**part, way[0]: _inner(part, way, text, name, grows=numbers)}
    raise BadInput(f"{name}: “{way[0]}” is one too many: {'.'.join(name.split('.')[: -len(way)])} is a number")


def _inner(known: Mapping[str, object], way: list[str], text: str, name: str, *, grows: bool) -> object:
    head, *rest = way
    if head not in known and not (grows and not rest):
        raise BadInput(f"{name}: a scenario has no “{head}” there: {', '.join(known)}.{nearest(head, tuple(known))}")
    old = known.get(head, 0.0)
    if rest:
        return _changed(old, rest, text, name)
    if not isinstance(old, float | int):
        raise BadInput(f"{name} holds several numbers: name one of them, {name}.{next(iter(_names_in(old)), '…')}")
    return _number(old, text, name)


def _names_in(part: object) -> list[str]:
    if isinstance(part, Mapping):
        return [str(key) for key in part]
    return [one.name for one in fields(part)] if is_dataclass(part) else []


def _number(old: float | int, text: str, name: str) -> float | int | bool:
    if isinstance(old, bool):
        if text not in ("yes", "no"):
            raise BadInput(f"{name} is yes or no, not “{text[:40]}”")
        return text == "yes"
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e6:
        raise BadInput(f"{name} is a number from 0 up, such as 0.1 or 10%, not “{text[:40]}”")
    if isinstance(old, int):
        if number != int(number) or number < 1:
            raise BadInput(f"{name} is a whole number from 1 up, not “{text[:40]}”")
        return int(number)
    return number


def settings_in(path: Path) -> list[tuple[str, str]]:
    """The settings of a scenario file: YAML with the same names, nested or dotted."""
    keys, _ = read_file(path)
    return list(_leaves(keys, "", path))


def _leaves(node: Node, trail: str, path: Path) -> Iterable[tuple[str, str]]:
    if isinstance(node, Text):
        yield trail, node.value
    elif isinstance(node, Keys):
        for key, value in node.entries.items():
            yield from _leaves(value, f"{trail}.{key}" if trail else key, path)
    else:
        raise BadInput(f"{path}: “{trail}” is a list: a scenario holds numbers by name")
