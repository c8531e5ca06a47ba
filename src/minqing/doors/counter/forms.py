"""A move as it describes itself: an offer of the kernel → title and JSON Schema (draft 2020-12) in a tongue.

The schema is complete: who fills it in and sends it with the move's name is not refused for a missing field. Results
whose needs differ are `oneOf`; values with titles stand as `enum`, and again as `oneOf` of `const` and `title`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from minqing.doors.counter.words import LONGEST_SAID
from minqing.kernel.matters.offers import Ask, Offer, ResultOffer
from minqing.kernel.methods.titles import Title, said

Lang = Literal["zh", "en"]
Schema = dict[str, Any]
MOST_COUNTED = 1_000_000
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def shown_moves(offers: Iterable[Offer], lang: Lang) -> list[dict[str, Any]]:
    """The moves of an answer, in the order of the kernel."""
    return [
        {
            "move": offer.verb,
            "title": _title(offer, lang),
            "fields": schema_of(offer, lang),
            "clears": sorted({*offer.clears, *(duty for result in offer.results for duty in result.clears)}),
        }
        for offer in offers
    ]


def schema_of(offer: Offer, lang: Lang) -> Schema:
    """What is to be sent besides the name of the move."""
    if any(result.asks or result.one_of for result in offer.results):
        return _by_result(offer, lang)
    schema = _object(offer.asks, lang)
    if offer.results:
        named = [(result.name, _title(result, lang)) for result in offer.results]
        schema["properties"]["result"] = {"title": _word(lang, "结果", "result"), **_one(named, lang)}
        schema["required"] = ["result", *schema.get("required", [])]
    schema |= _at_least_one(offer.one_of, schema["properties"])
    return {"$schema": DIALECT, **schema, "additionalProperties": False}


def _by_result(offer: Offer, lang: Lang) -> Schema:
    """Each result with what it asks for; what the step and a result both ask for stands with the result."""
    apart = {ask.name for result in offer.results for ask in result.asks}
    shared = [ask for ask in offer.asks if ask.name in apart]
    schema = _object([ask for ask in offer.asks if ask.name not in apart], lang)
    branches = []
    for result in offer.results:
        branch = _object((*shared, *result.asks), lang)
        branch |= _at_least_one(result.one_of, branch["properties"])
        branch["properties"] = {"result": {"const": result.name}, **branch["properties"]}
        branch["required"] = ["result", *branch.get("required", [])]
        branches.append({"title": _title(result, lang), **branch})
    schema |= _at_least_one(offer.one_of, schema["properties"])
    return {"$schema": DIALECT, **schema, "oneOf": branches, "unevaluatedProperties": False}


def _joined(asks: Sequence[Ask]) -> list[Ask]:
    """The asks by name. Of two of one name the required one stands; two that are both required, or both not,
    stand as one with the values of both: all records that are needed are sent in one list."""
    found: dict[str, Ask] = {}
    for ask in asks:
        known = found.get(ask.name)
        if known is not None and known.required == ask.required:
            ask = replace(ask, of=tuple(dict.fromkeys((*known.of, *ask.of))))
        if known is None or ask.required or not known.required:
            found[ask.name] = ask
    return list(found.values())


def _at_least_one(one_of: Sequence[str], properties: Schema) -> Schema:
    """`anyOf` over the fields of which one is needed; each branch repeats its field, for clients that fill branches.
    An empty list is nothing sent: where the branch is the one that is needed, it has something in it."""
    wanted = [name for name in one_of if name in properties]
    if not wanted:
        return {}
    return {"anyOf": [{"properties": {name: _not_empty(properties[name])}, "required": [name]} for name in wanted]}


def _not_empty(field: Schema) -> Schema:
    return {**field, "minItems": max(1, field["minItems"])} if field.get("type") == "array" else field


def _object(all_asks: Sequence[Ask], lang: Lang) -> Schema:
    asks = _joined(all_asks)
    schema: Schema = {"type": "object", "properties": {ask.name: field_of(ask, lang) for ask in asks}}
    if required := [ask.name for ask in asks if ask.required]:
        schema["required"] = required
    return schema


def field_of(ask: Ask, lang: Lang) -> Schema:
    """The schema of one field."""
    return {"title": _title(ask, lang), **_FORMS[ask.kind](ask, lang)}


def _title(one: Offer | ResultOffer | Ask, lang: Lang) -> str:
    return one.title_en if lang == "en" else one.title_zh


def _word(lang: Lang, zh: str, en: str) -> str:
    return en if lang == "en" else zh


def _one(all_of: Sequence[tuple[str | int, Title | str]], lang: Lang) -> Schema:
    """One of these values."""
    of = [(value, said(title, lang)) for value, title in all_of]
    kind = "integer" if of and all(isinstance(value, int) for value, _ in of) else "string"
    schema: Schema = {"type": kind, "enum": [value for value, _ in of]}
    if any(str(value) != title for value, title in of):
        schema["oneOf"] = [{"const": value, "title": title} for value, title in of]
    return schema


def _several(ask: Ask, lang: Lang, least: int) -> Schema:
    return {"type": "array", "items": _one(ask.of, lang), "minItems": least, "uniqueItems": True}


def _numbered(ask: Ask, lang: Lang) -> Schema:
    return _one(ask.of, lang) if ask.of else {"type": "integer", "minimum": 1}


def _named(form: Schema) -> Callable[[Ask, Lang], Schema]:
    return lambda ask, lang: _one(ask.of, lang) if ask.of else form


_FORMS: dict[str, Callable[[Ask, Lang], Schema]] = {
    "choice": lambda ask, lang: _one(ask.of, lang),
    "choices": lambda ask, lang: _several(ask, lang, 1),
    "text": lambda ask, lang: {"type": "string", "minLength": 1, "maxLength": ask.most or LONGEST_SAID},
    "count": lambda ask, lang: {"type": "integer", "minimum": ask.least, "maximum": MOST_COUNTED},
    "money": lambda ask, lang: {"type": "integer", "minimum": 0, "maximum": 10**12},
    "number": lambda ask, lang: {"type": "number"},
    "yes_no": lambda ask, lang: {"type": "boolean"},
    "date": _named({"type": "string", "format": "date"}),
    "moment": _named({"type": "string", "format": "date-time"}),
    "place": _named({"type": "string", "pattern": "^[1-9][0-9]{5,14}$"}),
    "person": _numbered,
    "unit": _numbered,
    "duty": _numbered,
    "matter": _named({"type": "string", "pattern": "^[2-9A-Z]{4}-[2-9A-Z]{4}$"}),
    "records": lambda ask, lang: _several(ask, lang, len(ask.of) if ask.required else 0),
    "file": _named({"type": "string", "minLength": 1, "maxLength": 200}),
}
