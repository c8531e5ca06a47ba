"""Events and parts of the matter as JSON, exactly, there and back: the bytes of a line are hashed.

Defaults are left out, keys are sorted, moments are ISO with microseconds and +08:00, tuples are lists. NUL, halves of
surrogates, endless numbers and moments without an offset are refused: they are cleaned away at the door.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.matters.events import EVENTS, Event

Turn = Callable[[Any], Any]
Json = dict[str, Any]

KINDS: dict[str, type[Event]] = {event.__name__: event for event in EVENTS}


def event_to_json(event: Event) -> str:
    """The canonical text of an event, without its kind."""
    return dumps(to_plain(event))


def event_from_json(kind: str, text: str | Json) -> Event:
    """The event of a journal line."""
    if kind not in KINDS:
        raise BadInput(f"日志里有不认识的事件“{kind[:40]}”：请升级程序后再试。")
    told = json.loads(text) if isinstance(text, str) else text
    made: Event = from_plain(KINDS[kind], told)
    return made


def dumps(value: Any) -> str:
    """Canonical JSON; what PostgreSQL could not keep gets a sentence."""
    try:
        text = _ENCODER.encode(value)
        if not text.isascii():
            text.encode()
    except UnicodeEncodeError:
        raise BadInput("文字里有残缺字符（半个代理对），不能入库：请先清理。") from None
    except ValueError:
        raise BadInput("数值不能是无穷大或非数（NaN）。") from None
    if "\\u0000" in text and _has_nul(value):
        raise BadInput("文字里有空字符（NUL），不能入库：请先清理。")
    return text


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, Mapping):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, (list, tuple)) and any(_has_nul(part) for part in value)


@lru_cache(8192)  # one decision writes the same moments over and over
def moment_to_text(moment: datetime) -> str:
    """The moment with the Chinese offset, to the microsecond."""
    if moment.tzinfo is not CHINA:
        if moment.tzinfo is None:
            raise BadInput(f"时间 {moment} 没有时区。")
        moment = moment.astimezone(CHINA)
    return moment.isoformat(timespec="microseconds")


def moment_from_text(text: str) -> datetime:
    """The moment that `moment_to_text` wrote."""
    return datetime.fromisoformat(text).astimezone(CHINA)


def to_plain(value: Any, leave: frozenset[str] = frozenset()) -> Json:
    """The fields of a frozen value that are not at their default, ready for JSON; `leave` names fields to pass over."""
    told = value.__dict__
    found: Json = {}
    for name, default, out, _ in _shape(type(value)):
        part = told[name]
        if part is not default and part != default and name not in leave:
            found[name] = part if out is None else out(part)
    return found


def from_plain(kind: type[Any], told: Json) -> Any:
    """The frozen value of that type; an unknown field is a fault of the data."""
    turns = _turns(kind)
    try:
        return kind(**{name: part if (turn := turns[name]) is None else turn(part) for name, part in told.items()})
    except (KeyError, TypeError, ValueError) as fault:
        raise BadInput(
            f"日志行（{kind.__name__}）读不懂：{str(fault)[:80]}。请先运行 minqing journal verify。"
        ) from None


Shape = tuple[tuple[str, Any, Turn | None, Turn | None], ...]
_shapes: dict[type[Any], Shape] = {}
_backs: dict[type[Any], dict[str, Turn | None]] = {}


def _shape(kind: type[Any]) -> Shape:
    """Of each field: name, default, how it becomes plain, how it comes back. Reckoned once a type."""
    if kind not in _shapes:
        hints = get_type_hints(kind)
        _shapes[kind] = tuple((field.name, _default(field), *_turn(hints[field.name])) for field in fields(kind))
    return _shapes[kind]


def _turns(kind: type[Any]) -> dict[str, Turn | None]:
    if kind not in _backs:
        _backs[kind] = {name: back for name, _, _, back in _shape(kind)}
    return _backs[kind]


_NEVER = object()  # equal to no value: a field without default is always written


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return _NEVER if field.default is MISSING else field.default


def _turn(hint: Any) -> tuple[Turn | None, Turn | None]:
    """How a value of that type goes to JSON and comes back; None where it is JSON already."""
    if hint is datetime:
        return moment_to_text, moment_from_text
    if isinstance(hint, type) and is_dataclass(hint):
        return to_plain, lambda told: from_plain(hint, told)
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return _optional(*_turn(rest[0])) if len(rest) == 1 else (None, _thaw)
    if get_origin(hint) is tuple:
        out, back = _turn(get_args(hint)[0])
        return _each(list, out), _each(tuple, back)
    if get_origin(hint) is not None and issubclass(get_origin(hint), Mapping):
        return dict, _thaw_values
    return None, None


def _optional(out: Turn | None, back: Turn | None) -> tuple[Turn | None, Turn | None]:
    """None stands for itself; a field whose default is not None cannot be None anyway."""
    return _unless_none(out), _unless_none(back)


def _unless_none(turn: Turn | None) -> Turn | None:
    return None if turn is None else lambda value: None if value is None else turn(value)


def _each(make: Callable[[Any], Any], turn: Turn | None) -> Turn:
    return make if turn is None else lambda values: make(map(turn, values))


def _thaw(value: Any) -> Any:
    """Lists of a form's value are tuples."""
    return tuple(value) if isinstance(value, list) else value


def _thaw_values(told: Json) -> Json:
    return {name: _thaw(value) for name, value in told.items()}
