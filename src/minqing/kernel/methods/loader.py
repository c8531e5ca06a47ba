"""Loads method files: text -> a checked `Method`, or every complaint at once.

A method is a page: no includes, no inheritance. Its version is the hash of what it says (not of comments or
spacing), so that a matter can keep the version it opened under. Reading comes first; a file that can be read
is then checked as a whole (`checker`). What was published once is not checked again: its matters run by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from minqing.base.definitions import Complaint, DefinitionErrors, Items, Keys, Node, Reading, Text, read_file, read_text
from minqing.kernel.clock.laws import load_laws
from minqing.kernel.methods.blocks import (
    call_back_at,
    call_back_stage,
    duties_at,
    letters_at,
    pauses_at,
    refusal_at,
    reopen_at,
    whistle_at,
)
from minqing.kernel.methods.checker import check
from minqing.kernel.methods.consequences import check_ladders
from minqing.kernel.methods.intake import (
    emergencies_at,
    form_at,
    kinds_at,
    levels_at,
    measures_at,
    roles_at,
    triage_at,
)
from minqing.kernel.methods.model import CALL_BACK, Measure, Method
from minqing.kernel.methods.names import Desk, declare, open_desk
from minqing.kernel.methods.nouns import NOUNS
from minqing.kernel.methods.shapes import TOP, required_of
from minqing.kernel.methods.stages import moves_at, stages_at
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Vocabulary


def load_method(source: Path | str, vocabulary: Vocabulary, name: str | None = None) -> Method:
    """A method from a file (a `Path`) or from its text (a `str`); raises `DefinitionErrors` with every complaint.

    `name` is what the key `method` must say; for a file it is the file's name.
    """
    if isinstance(source, Path):
        top, text = read_file(source)
        path, name = str(source), name or source.stem
    else:
        path = f"{name or 'method'}.yaml"
        top, text = read_text(source, path), source
    method, reading = _read(top, text, path, vocabulary, name)
    check(method, reading, vocabulary)
    reading.stop_if_bad()
    return method


def load_stored(text: str, vocabulary: Vocabulary, name: str) -> Method:
    """The method of a text that was published: read, not judged. Checks that came later, and names that the register
    or the reader has lost since, stop no matter that runs under it; raises `DefinitionErrors` only when the text
    cannot be read as a method."""
    top = read_text(text, f"{name}.yaml")
    world = replace(vocabulary, categories=frozenset(), tags=frozenset(), divisions=None)
    method, reading = _read(top, text, f"{name}.yaml", world, name, stored=True)
    reading.stop_if_bad()
    return method


def check_file(path: Path, vocabulary: Vocabulary) -> list[Complaint]:
    """Every complaint about a file; none means that it can run."""
    try:
        load_method(path, vocabulary)
    except DefinitionErrors as fault:
        return list(fault.complaints)
    return []


def load_folder(folder: Path, vocabulary: Vocabulary) -> dict[str, Method]:
    """All methods of a folder by name; raises the complaints of all files together."""
    found: dict[str, Method] = {}
    complaints: list[Complaint] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = load_method(path, vocabulary)
        except DefinitionErrors as fault:
            complaints += fault.complaints
    if complaints:
        raise DefinitionErrors(complaints)
    return found


def _read(
    top: Keys, text: str, path: str, vocabulary: Vocabulary, name: str | None, *, stored: bool = False
) -> tuple[Method, Reading]:
    reading = Reading(path, nouns=NOUNS)
    desk = open_desk(reading, top, vocabulary, load_laws())
    sections = _top_keys(desk, top)
    kinds, roles = kinds_at(desk, top.get("kinds")), roles_at(desk, top.get("roles"))
    declare(desk, form_at(desk, top.get("form")))
    ladders = desk.by_slug(top.get("ladders"), "ladders")
    stages = dict(stages_at(desk, top.get("stages"), ladders))
    call_back = call_back_at(desk, top.get("call_back"), ladders, stages)
    if call_back is not None:
        stages[CALL_BACK] = call_back_stage(call_back)
    method = Method(
        slug=_slug(desk, top.get("method"), name),
        version=version_of(top),
        title=_title(desk, top.get("title")),
        place=_place(desk, top.get("place")),
        source=reading.text(top.get("source"), "source"),
        kinds=kinds,
        triage=triage_at(desk, top.get("triage")),
        stages=stages,
        emergencies=emergencies_at(desk, top.get("emergencies")),
        uses=desk.uses,
        roles=roles,
        form=desk.form,
        records=_records(desk, top.get("records")),
        levels=levels_at(desk, top.get("levels")),
        anywhere=moves_at(desk, top.get("anywhere"), "anywhere"),
        duties=duties_at(desk, top.get("duties"), ladders),
        call_back=call_back,
        reopen=reopen_at(desk, top.get("reopen")),
        whistle=whistle_at(desk, top.get("whistle")),
        refusal=refusal_at(desk, top.get("refusal")),
        pauses=pauses_at(desk, top.get("pauses")),
        letters=letters_at(desk, top.get("letters"), ladders),
        measures=_measures(desk, top.get("measures"), stored),
        sections=sections,
        said=desk.said,
        text=text,
        lines={**lines_of(top), **_lines_of_rungs(top)},
    )
    if not stored:
        check_ladders(desk, ladders)
        reading.stop_if_bad()
    return method, reading


def _measures(desk: Desk, node: Node | None, stored: bool) -> tuple[Measure, ...]:
    """The figures; those of a stored text that are measures no more are left out: no matter runs by them."""
    kept = len(desk.reading.complaints)
    found = measures_at(desk, node)
    if stored:
        del desk.reading.complaints[kept:]
    return found


def _top_keys(desk: Desk, top: Keys) -> Mapping[str, object]:
    """Refuses keys that nobody owns, and takes the sections of the capabilities in use as they stand."""
    capabilities = desk.vocabulary.capabilities
    owner = {key: slug for slug, one in capabilities.items() for key in one.sections}
    mine = [key for key in top.entries if owner.get(key) in desk.uses]
    sections: dict[str, object] = {}
    rest = dict(top.key_lines)
    for key in top.entries:
        if key in mine:
            node = desk.reading.mapping(top.entries[key], f'section "{key}"')
            desk.reading.known_keys(node, f'section "{key}"', tuple(capabilities[owner[key]].sections[key]))
            sections[key] = plain(node)
            del rest[key]
        elif key in owner:
            desk.reading.complain(
                top.key_lines[key],
                f'the section "{key}" belongs to the capability {owner[key]}; add it to "uses"',
            )
            del rest[key]
    kept = Keys({key: top.entries[key] for key in rest}, rest, top.line)
    desk.reading.known_keys(kept, "a method", tuple(TOP), required_of("top"))
    return sections


def _slug(desk: Desk, node: Node | None, name: str | None) -> str:
    slug = desk.slug(node, "method")
    if slug and name and slug != name and node is not None:
        desk.reading.complain(node, f'the file is called "{name}", the method "{slug}": give both the same name')
    return slug


def _title(desk: Desk, node: Node | None) -> Title:
    if isinstance(node, Text):
        desk.reading.complain(node, "title needs both tongues: {zh: ..., en: ...}")
        return Title(node.value)
    return desk.title_at(node, "title")


def _place(desk: Desk, node: Node | None) -> str:
    place = desk.reading.text(node, "place")
    divisions = desk.vocabulary.divisions
    if place and node is not None and not (place.isascii() and place.isdigit() and len(place) in (2, 4, 6)):
        desk.reading.complain(node, f'place is a division code of 6 digits in quotes, not "{place[:20]}"')
    elif place and node is not None and divisions is not None and place not in divisions:
        desk.reading.complain(node, f'no division has the code "{place}"')
    return place


def _records(desk: Desk, node: Node | None) -> Mapping[str, Title]:
    return {slug: desk.title_at(value, f'record "{slug}"') for slug, value in desk.by_slug(node, "records").items()}


def version_of(top: Keys) -> str:
    """The first 16 hex digits of the hash of what the file says, in its order, without comments and spacing."""
    return hashlib.sha256(json.dumps(_canonical(top), ensure_ascii=False).encode()).hexdigest()[:16]


def _canonical(node: Node) -> object:
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [_canonical(one) for one in node.items]
    return {"keys": [[key, _canonical(value)] for key, value in node.entries.items()]}


def plain(node: Node) -> object:
    """A node as dicts, lists and texts."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [plain(one) for one in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


def _lines_of_rungs(top: Keys) -> Mapping[str, int]:
    """`stages.village.ladder.due` -> the line of that rung in the ladder which the stage leans on."""
    found: dict[str, int] = {}
    ladders = top.get("ladders")
    todo: list[Node] = [top]
    while todo and isinstance(ladders, Keys):
        node = todo.pop()
        if isinstance(node, Keys):
            todo += node.entries.values()
            leans_on = node.get("ladder")
            ladder = ladders.get(leans_on.value) if isinstance(leans_on, Text) else None
            if isinstance(leans_on, Text) and isinstance(ladder, Keys):
                found.update({f"{leans_on.trail}.{rung}": line for rung, line in ladder.key_lines.items()})
    return found


def lines_of(top: Keys) -> Mapping[str, int]:
    """The line of every trail: `stages.village.limit` -> 31. A key's line, also when its value begins below."""
    found: dict[str, int] = {}
    todo: list[Node] = [top]
    while todo:
        node = todo.pop()
        if isinstance(node, Keys):
            for key, value in node.entries.items():
                found[value.trail] = node.key_lines[key]
                todo.append(value)
        elif isinstance(node, Items):
            for item in node.items:
                found[item.trail] = item.line
                todo.append(item)
    return found
