"""The names of one method file, gathered before anything is read in full: what may be referred to, and by what type.

Reading a file goes through one `Desk`: its complaints, its names, the vocabulary and the legal clocks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from minqing.base.definitions import Items, Keys, Node, Reading, Text, nearest, shown
from minqing.kernel.clock.laws import LegalClock
from minqing.kernel.methods.conditions import BadCondition, Condition, compile_condition
from minqing.kernel.methods.model import ABOVE, BACK, BUILT_IN_ROLES, CALL_BACK, STAY, Field
from minqing.kernel.methods.shapes import keys_of, required_of
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import (
    KERNEL_TYPES,
    KERNEL_VERBS,
    STANDING_VERBS,
    CelType,
    FieldType,
    Verb,
    Vocabulary,
)

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
TARGETS = (STAY, BACK, ABOVE)
KERNEL_FACTS: Mapping[str, CelType] = {
    "kind": "string", "channel": "string", "category": "string", "stage": "string", "level": "string",
    "outcome": "string", "tags": "list", "records": "list", "people": "int", "returns": "int", "reopenings": "int",
    "transfers": "int", "refusals": "int", "helpers.open": "int",
}  # fmt: skip


@dataclass
class Desk:
    """Everything that reading one file needs at hand. `form` is filled first, then `declared` from it."""

    reading: Reading
    vocabulary: Vocabulary
    laws: Mapping[str, LegalClock]
    uses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    ladders: tuple[str, ...] = ()
    ladders_used: set[str] = field(default_factory=set)
    letters: tuple[str, ...] = ()
    types: Mapping[str, FieldType] = field(default_factory=dict)
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    form: Mapping[str, Field] = field(default_factory=dict)
    declared: Mapping[str, CelType] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    said: dict[str, Title] = field(default_factory=dict)  # by trail

    def block(self, node: Node | None, shape: str, what: str) -> Keys:
        """A block of that shape: unknown keys refused, required ones asked for."""
        keys = self.reading.mapping(node, what)
        if keys.entries:
            self.reading.known_keys(keys, what, keys_of(shape), required_of(shape))
        return keys

    def title_at(self, node: Node | None, what: str) -> Title:
        """What something is called: one text, which is Chinese, or a block of both tongues."""
        if not isinstance(node, Keys):
            found = Title(self.reading.text(node, what))
        else:
            self.reading.known_keys(node, what, keys_of("title"))
            if any(tongue not in node.entries for tongue in required_of("title")):
                zh = f"{self.reading.said(what)}要中英文都写：{{zh: ..., en: ...}}"
                self.reading.complain(node, f"{what} needs both tongues: {{zh: ..., en: ...}}", zh)
            found = Title(*(self.reading.text(node.get(tongue), f"{tongue} of {what}") for tongue in ("zh", "en")))
        if node is not None:
            self.said[node.trail] = found
        return found

    def short_at(self, node: Node, what: str) -> Title | None:
        """The title of what is written as its title alone; None: it is a block with more keys."""
        both = isinstance(node, Keys) and "is" not in node.entries and ("zh" in node.entries or "en" in node.entries)
        return self.title_at(node, what) if both or isinstance(node, Text) else None

    def titles_at(self, node: Node | None, what: str) -> tuple[Title, ...]:
        """One title, or a list of them; none twice."""
        if not isinstance(node, Items):
            one = self.title_at(node, what)
            return (one,) if one.zh else ()
        found: list[Title] = []
        for item in node.items:
            one = self.title_at(item, f"one of {what}")
            if one.zh in (other.zh for other in found):
                zh = f"{self.reading.said(what)}里“{shown(one.zh)}”写了两次：请删去一个"
                self.reading.complain(item, f'{what}: "{shown(one.zh)}" stands twice', zh)
            elif one.zh:
                found.append(one)
        if not node.items:
            self.reading.complain(node, f"{what} is empty", f"{self.reading.said(what)}是空的：请填写")
        return tuple(found)

    def by_slug(self, node: Node | None, what: str) -> Mapping[str, Node]:
        """The entries of a block of names; a name that is no slug is complained of."""
        if node is None:
            return {}
        keys = self.reading.mapping(node, what)
        for name, line in keys.key_lines.items():
            if not SLUG.fullmatch(name):
                self.reading.complain(
                    line, f'"{shown(name)}" in {what} is no name: small letters a-z, digits, - or _ between them'
                )
        return keys.entries

    def slug(self, node: Node | None, what: str) -> str:
        """A text that is a name."""
        word = self.reading.text(node, what)
        if word and node is not None and not SLUG.fullmatch(word):
            self.reading.complain(node, f'{what}: "{shown(word)}" is no name: small letters a-z, digits, - or _')
        return word

    def refer(self, node: Node | None, what: str, names: Collection[str], key: str) -> str:
        """One name out of a known set; complains with the nearest."""
        word = self.reading.text(node, key)
        if word and node is not None and not self.reading.named(node, word, what, names):
            return ""
        return word

    def refer_all(self, node: Node | None, what: str, names: Collection[str], key: str) -> tuple[str, ...]:
        """One or many names out of a known set."""
        words = self.reading.texts(node, key)
        lines = {one.value.strip(): one for one in _texts(node)}
        return tuple(word for word in words if self.reading.named(lines[word], word, what, names))

    def roles_at(self, node: Node | None, key: str) -> tuple[str, ...]:
        """One or many roles."""
        return self.refer_all(node, "role", self.all_roles, key)

    def role_at(self, node: Node | None, key: str) -> str:
        """One role."""
        return self.refer(node, "role", self.all_roles, key)

    @property
    def all_roles(self) -> tuple[str, ...]:
        """The file's roles and the built-in ones."""
        return (*self.roles, *BUILT_IN_ROLES)

    def needs_at(self, node: Node | None, key: str) -> tuple[str, ...]:
        """Form fields and records."""
        return self.refer_all(node, "form field or record", (*self.form, *self.records), key)

    def stage_at(self, node: Node | None, key: str) -> str:
        """One stage."""
        return self.refer(node, "stage", self.stages, key)

    def target_at(self, node: Node | None, key: str) -> str:
        """A stage, or stay, back, above."""
        return self.refer(node, "stage", (*self.stages, *TARGETS), key)

    def verb_at(self, node: Node | int, verb: str, where: str) -> Verb | None:
        """A verb that moves may use; one of an unused capability is named with its owner."""
        if verb in self.verbs:
            return self.verbs[verb]
        owners = [slug for slug, one in self.vocabulary.capabilities.items() if verb in one.verbs]
        if owners:
            hint = f' It belongs to {owners[0]}; add it to "uses"'
        elif verb in STANDING_VERBS:
            hint = " It is always possible and is not written in a stage"
        else:
            hint = nearest(verb, tuple(self.verbs))
        self.reading.complain(node, f'no move is called "{shown(verb)}" ({where}).{hint}')
        return None

    def condition_at(self, node: Node | None, key: str = "when") -> Condition | None:
        """A condition, compiled against what this file may read."""
        text = self.reading.text(node, key)
        if not text or node is None:
            return None
        try:
            return compile_condition(text, self.declared, self.personal)
        except BadCondition as fault:
            self.reading.complain(node, str(fault))
            return None


def open_desk(reading: Reading, top: Keys, vocabulary: Vocabulary, laws: Mapping[str, LegalClock]) -> Desk:
    """The desk for a file, with the names that stand in it."""
    desk = Desk(reading, vocabulary, laws)
    known = vocabulary.capabilities
    desk.uses = desk.refer_all(top.get("uses"), "capability", tuple(known), "uses") if _filled(top.get("uses")) else ()
    for block in ("kinds", "roles", "records", "levels", "duties", "ladders", "letters"):
        setattr(desk, block, _names_in(top.get(block)))
    desk.stages = (*_names_in(top.get("stages")), *((CALL_BACK,) if "call_back" in top.entries else ()))
    used = [known[slug] for slug in desk.uses]
    desk.types = {**KERNEL_TYPES, **{name: kind for one in used for name, kind in one.types.items()}}
    desk.verbs = {**KERNEL_VERBS, **{name: verb for one in used for name, verb in one.verbs.items()}}
    return desk


def _filled(node: Node | None) -> bool:
    return node is not None and not (isinstance(node, Text) and not node.value) and getattr(node, "items", True) != ()


def _texts(node: Node | None) -> tuple[Text, ...]:
    found = node.items if isinstance(node, Items) else (node,)
    return tuple(one for one in found if isinstance(one, Text))


def _names_in(node: Node | None) -> tuple[str, ...]:
    return tuple(node.entries) if isinstance(node, Keys) else ()


def declare(desk: Desk, form: Mapping[str, Field]) -> None:
    """Puts the form on the desk and declares what conditions may read: never a personal field."""
    desk.form = form
    personal = {slug for slug, one in form.items() if one.personal or desk.types[one.type].personal}
    declared: dict[str, CelType] = dict(KERNEL_FACTS)
    for slug, one in form.items():
        declared[f"has.{slug}"] = "bool"
        if slug not in personal:
            declared[f"form.{slug}"] = desk.types[one.type].cel
    for duty in desk.duties:
        for state in ("open", "done", "late", "all"):
            declared[f"{state}.{duty.replace('-', '_')}"] = "int"
    for slug in desk.uses:
        declared.update(desk.vocabulary.capabilities[slug].facts)
    desk.declared = declared
    desk.personal = frozenset(f"form.{slug}" for slug in personal)
