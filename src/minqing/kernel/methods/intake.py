"""Reads what a matter is and where it goes at first: kinds, roles, form, levels, emergencies, triage, measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from minqing.base.definitions import Items, Keys, Node, Text, nearest, shown
from minqing.kernel.methods.consequences import budget_at, then_at, then_of
from minqing.kernel.methods.measures import MEASURES, NEVER_BETTER
from minqing.kernel.methods.model import AT_ONCE, Emergency, Field, Kind, Level, Measure, Role, TriageRule
from minqing.kernel.methods.names import Desk
from minqing.kernel.methods.shapes import ROLE

_FOUND = re.compile(r"by place|by category|by choice|by unit [a-z][a-z0-9-]*|by form\.[a-z][a-z0-9_]*")
_FIELD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TARGET = re.compile(r"(?:[1-9][0-9]?|100)(?:\.[0-9]{1,2})?%")


def kinds_at(desk: Desk, node: Node | None) -> Mapping[str, Kind]:
    """The kinds of matters."""
    found = {}
    for slug, value in desk.by_slug(node, "kinds").items():
        if (short := desk.short_at(value, f'kind "{slug}"')) is not None:
            found[slug] = Kind(slug, short)
            continue
        keys = desk.block(value, "kind", f'kind "{slug}"')
        takes = desk.reading.texts(keys.get("takes"), f'takes of kind "{slug}"')
        categories = desk.vocabulary.categories
        if categories:
            takes = desk.refer_all(keys.get("takes"), "category", tuple(categories), "takes")
        found[slug] = Kind(slug, desk.title_at(keys.get("is"), f'is of kind "{slug}"'), takes)
    if node is not None and not found:
        desk.reading.complain(node, "kinds is empty: name at least one kind of matter")
    _check_takes(desk, node, found)
    return found


def _check_takes(desk: Desk, node: Node | None, kinds: Mapping[str, Kind]) -> None:
    """Every category has one kind: none in two, and one kind for all that no other takes."""
    rest = [kind.slug for kind in kinds.values() if not kind.takes]
    if node is not None and len(rest) < len(kinds) and len(rest) != 1:
        named = f"{' and '.join(rest)} have no takes" if rest else "every kind has takes"
        desk.reading.complain(node, f"kinds: {named}; leave it out in exactly one, which gets all that is left")
    owner: dict[str, str] = {}
    for kind in kinds.values():
        for category in kind.takes:
            if category in owner and isinstance(node, Keys):
                both = f"{owner[category]} and {kind.slug}"
                desk.reading.complain(node.key_lines[kind.slug], f'kinds: "{category}" is taken by {both}: keep one')
            owner[category] = kind.slug


def roles_at(desk: Desk, node: Node | None) -> Mapping[str, Role]:
    """The roles the file adds."""
    found = {}
    for slug, value in desk.by_slug(node, "roles").items():
        what = f'role "{slug}"'
        if (short := desk.short_at(value, what)) is not None:
            found[slug] = Role(slug, short)
            continue
        keys = desk.block(value, "role", what)
        how = desk.reading.text(keys.get("found"), f"found of {what}") or "by place"
        if not _FOUND.fullmatch(how):
            desk.reading.complain(
                keys.get("found") or value,
                f'found of {what} cannot be "{shown(how)}": by place, by category, by choice, by unit SLUG, '
                "by form.FIELD",
            )
        level = desk.reading.choice(keys.get("level"), f"level of {what}", ROLE["level"].choices)
        party = desk.reading.yes_no(keys.get("party"), f"party of {what}")
        found[slug] = Role(slug, desk.title_at(keys.get("is"), f"is of {what}"), level, how, party)
    return found


def form_at(desk: Desk, node: Node | None) -> Mapping[str, Field]:
    """The form."""
    found = {}
    for slug, value in desk.by_slug(node, "form").items():
        if not _FIELD.fullmatch(slug):
            desk.reading.complain(value, f'field "{shown(slug)}": its name has small letters, digits and _ only')
        elif (short := desk.short_at(value, f'field "{slug}"')) is not None:
            found[slug] = Field(slug, short)
        else:
            found[slug] = _field(desk, slug, value)
    return found


def _field(desk: Desk, slug: str, value: Node) -> Field:
    what = f'field "{slug}"'
    keys = desk.block(value, "field", what)
    kind = desk.refer(keys.get("type"), "field type", tuple(desk.types), f"type of {what}") or "text"
    of = desk.titles_at(keys.get("of"), f"the choices of {what}")
    if kind in ("choice", "many") and not of:
        desk.reading.complain(value, f"{what} is a {kind}: say its choices with of: [...]")
    elif of and kind not in ("choice", "many"):
        desk.reading.complain(keys.get("of") or value, f"{what} is a {kind}, which has no choices: drop of")
    required, required_for = _required(desk, keys.get("required"), what)
    personal = desk.reading.text(keys.get("personal"), f"personal of {what}")
    ground = desk.reading.text(keys.get("ground"), f"ground of {what}")
    keep = budget_at(desk, keys.get("keep"), f"keep of {what}")
    said = [key for key in ("personal", "ground", "keep") if keys.get(key) is not None]
    if (desk.types[kind].personal or said) and len(said) < 3:
        desk.reading.complain(
            value, f"{what} is personal: say personal (for what), ground (on what right) and keep (how long)"
        )
    return Field(slug, desk.title_at(keys.get("is"), f"is of {what}"), kind, of, required, required_for, personal,
                 ground, keep)  # fmt: skip


def _required(desk: Desk, node: Node | None, what: str) -> tuple[bool, tuple[str, ...]]:
    if isinstance(node, Items):
        return False, desk.refer_all(node, "kind", desk.kinds, f"required of {what}")
    if isinstance(node, Text) and node.value in desk.kinds:
        return False, (node.value,)
    return desk.reading.yes_no(node, f"required of {what}"), ()


def levels_at(desk: Desk, node: Node | None) -> Mapping[str, Level]:
    """The levels, mild to grave."""
    found = {}
    for slug, value in desk.by_slug(node, "levels").items():
        what = f'level "{slug}"'
        if (short := desk.short_at(value, what)) is not None:
            found[slug] = Level(slug, short)
            continue
        keys = desk.block(value, "level", what)
        found[slug] = Level(
            slug,
            desk.title_at(keys.get("is"), f"is of {what}"),
            desk.condition_at(keys.get("when")),
            desk.reading.text(keys.get("plan"), f"plan of {what}"),
            then_at(desk, keys.get("then"), f"then of {what}"),
        )
    return found


def emergencies_at(desk: Desk, node: Node | None) -> tuple[Emergency, ...]:
    """The emergencies."""
    found = []
    for slug, value in desk.by_slug(node, "emergencies").items():
        what = f'emergency "{slug}"'
        keys = desk.block(value, "emergency", what)
        words = desk.reading.texts(keys.get("words"), f"words of {what}")
        for word in words:
            if len(word) < 2:
                desk.reading.complain(keys.get("words") or value, f'{what}: "{word}" is too short to be a sign')
        tags = desk.reading.texts(keys.get("tags"), f"tags of {what}")
        if desk.vocabulary.tags:
            tags = desk.refer_all(keys.get("tags"), "tag", tuple(desk.vocabulary.tags), f"tags of {what}")
        if keys.entries and not words and not tags and not (keys.get("words") or keys.get("tags")):
            desk.reading.complain(value, f"{what} is never seen: give it words or tags")
        found.append(Emergency(
            slug,
            desk.title_at(keys.get("is"), f"is of {what}"),
            desk.stage_at(keys.get("go"), f"go of {what}"),
            desk.roles_at(keys.get("call"), f"call of {what}"),
            words,
            tags,
            desk.title_at(keys.get("because"), f"because of {what}").zh,
            budget_at(desk, keys.get("respond"), f"respond of {what}") or AT_ONCE,
        ))  # fmt: skip
    return tuple(found)


def triage_at(desk: Desk, node: Node | None) -> tuple[TriageRule, ...]:
    """The rules of triage; the last is `otherwise`."""
    rules = desk.reading.sequence(node, "triage")
    found = []
    for number, value in enumerate(rules, 1):
        keys = desk.block(value, "triage rule", f"triage rule {number}")
        found.append(_rule(desk, keys, number, last=number == len(rules)))
    if node is not None and not rules:
        desk.reading.complain(node, "triage is empty: a new matter would have no stage")
    return tuple(found)


def _rule(desk: Desk, keys: Keys, number: int, last: bool) -> TriageRule:
    what = f"triage rule {number}"
    then = then_of(desk, keys, what)
    when, otherwise = keys.get("when"), keys.get("otherwise")
    if otherwise is not None and (when is not None or not last):
        desk.reading.complain(otherwise, f"{what}: otherwise takes every matter: it stands alone, in the last rule")
    elif otherwise is None and when is None:
        desk.reading.complain(keys, f"{what} needs when, or otherwise if it is the last")
    elif last and when is not None:
        desk.reading.complain(
            when,
            "the last triage rule has a condition: a matter that fits none would have no stage; "
            "end with a rule without when: {otherwise: why, go: stage}",
        )
    why = desk.title_at(otherwise, f"otherwise of {what}").zh
    if why and then.because:
        desk.reading.complain(keys.get("because") or keys, f"{what}: otherwise is the reason already: drop because")
    return TriageRule(replace(then, because=why) if why else then, desk.condition_at(when))


def measures_at(desk: Desk, node: Node | None) -> tuple[Measure, ...]:
    """The published figures, some with a target in percent."""
    found: list[Measure] = []
    for value in desk.reading.sequence(node, "measures"):
        pairs = value.entries.items() if isinstance(value, Keys) else [(desk.reading.text(value, "a measure"), None)]
        for slug, target in pairs:
            if slug and _measure_is_known(desk, value, slug):
                found.append(Measure(slug, _target(desk, slug, target)))
    for one in {m.slug for m in found if [other.slug for other in found].count(m.slug) > 1}:
        desk.reading.complain(node or 1, f'the measure "{one}" stands twice')
    return tuple(found)


def _measure_is_known(desk: Desk, node: Node, slug: str) -> bool:
    theirs = {name for use in desk.uses for name in desk.vocabulary.capabilities[use].measures}
    if slug in MEASURES or slug in theirs:
        return True
    if slug in NEVER_BETTER:
        desk.reading.complain(
            node, f'"{slug}" cannot be a measure: fewer {NEVER_BETTER[slug]} are never counted as better'
        )
        return False
    desk.reading.complain(node, f'no measure is called "{shown(slug)}".{nearest(slug, (*MEASURES, *theirs))}')
    return False


def _target(desk: Desk, slug: str, node: Node | None) -> str:
    if node is None:
        return ""
    target = desk.reading.text(node, f"target of {slug}")
    if target and not _TARGET.fullmatch(target):
        desk.reading.complain(node, f'the target of "{slug}" is a percentage such as 96%, not "{shown(target)}"')
    elif slug in MEASURES and MEASURES[slug].good == "neither":
        desk.reading.complain(node, f'"{slug}" is neither better high nor low: it is shown, but carries no target')
    return target
