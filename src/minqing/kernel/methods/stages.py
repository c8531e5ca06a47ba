"""Reads stages and moves."""

from __future__ import annotations

from collections.abc import Mapping

from minqing.base.definitions import Items, Keys, Node, Text, shown
from minqing.kernel.methods.consequences import extend_at, has_then, limit_at, rungs_at, then_at, then_of
from minqing.kernel.methods.model import CALL_BACK, ENDS, ByItself, End, Move, Result, Stage, Then
from minqing.kernel.methods.names import TARGETS, Desk
from minqing.kernel.methods.shapes import END_KEYS, STAGE
from minqing.kernel.methods.vocabulary import Verb

_NOBODY = ("holder", "owing", "helpers", "above", "supervisor")


def stages_at(desk: Desk, node: Node | None, ladders: Mapping[str, Node]) -> Mapping[str, Stage]:
    """The stages that the file writes; `call-back` is made from its block."""
    found = {}
    for slug, value in desk.by_slug(node, "stages").items():
        what = f'stage "{slug}"'
        if slug in TARGETS or slug == CALL_BACK:
            desk.reading.complain(value, f'no stage can be called "{slug}": the word has a meaning of its own')
            continue
        keys = desk.reading.mapping(value, what)
        if "final" in keys.entries:
            desk.reading.complain(
                keys.key_lines["final"], f"{what}: an end is written with end: {', '.join(ENDS)} (not final)"
            )
            continue
        found[slug] = _end(desk, slug, keys) if "end" in keys.entries else _waiting(desk, slug, keys, ladders)
    return found


def _end(desk: Desk, slug: str, keys: Keys) -> Stage:
    what = f'stage "{slug}"'
    for key, line in keys.key_lines.items():
        if key in STAGE and key not in END_KEYS:
            desk.reading.complain(line, f"{what} is an end: nobody waits there, it has no {key}")
    desk.reading.known_keys(keys, what, tuple(STAGE), ("is",))
    end = desk.reading.choice(keys.get("end"), f"end of {what}", ENDS)
    known: End | None = next((one for one in ENDS if one == end), None)
    why = desk.reading.text(keys.get("no_call_back"), f"no_call_back of {what}")
    return Stage(slug, desk.title_at(keys.get("is"), f"is of {what}"), end=known, no_call_back=why)


def _waiting(desk: Desk, slug: str, keys: Keys, ladders: Mapping[str, Node]) -> Stage:
    what = f'stage "{slug}"'
    reading = desk.reading
    reading.known_keys(keys, what, tuple(STAGE), ("is",))
    if keys.get("no_call_back") is not None:
        reading.complain(keys.key_lines["no_call_back"], f"{what} is no end: no_call_back stands on an end only")
    above = desk.stage_at(keys.get("above"), f"above of {what}") or None
    return Stage(
        slug=slug,
        title=desk.title_at(keys.get("is"), f"is of {what}"),
        holder=_holder(desk, keys.get("holder"), what),
        limit=limit_at(desk, keys, "limit", what),
        rungs=rungs_at(desk, keys, ladders, what),
        above=above,
        longer_because=reading.text(keys.get("longer_because"), f"longer_because of {what}"),
        slower_because=reading.text(keys.get("slower_because"), f"slower_because of {what}"),
        extend=extend_at(desk, keys.get("extend"), what),
        enter=then_at(desk, keys.get("enter"), f"enter of {what}"),
        moves=moves_at(desk, keys.get("moves"), what),
        by_itself=_by_itself(desk, keys.get("by_itself"), what),
        in_batches=reading.yes_no(keys.get("in_batches"), f"in_batches of {what}"),
        self_help=reading.yes_no(keys.get("self_help"), f"self_help of {what}"),
    )


def _holder(desk: Desk, node: Node | None, what: str) -> str:
    role = desk.role_at(node, f"holder of {what}")
    if role in _NOBODY and role not in desk.roles and node is not None:
        desk.reading.complain(node, f'{what}: "{role}" depends on who has the matter: name who holds it here')
    return role


def moves_at(desk: Desk, node: Node | None, where: str) -> Mapping[str, Move]:
    """Moves by verb; a word alone is where the move goes."""
    if node is None:
        return {}
    keys = desk.reading.mapping(node, f"moves of {where}")
    found = {}
    for verb, value in keys.entries.items():
        known = desk.verb_at(keys.key_lines[verb], verb, where)
        what = f'"{verb}" in {where}'
        if isinstance(value, Text):
            move = Move(verb, then=then_at(desk, value, what))
        else:
            move = _move(desk, verb, value, what)
        if known is not None:
            _check_results(desk, known, move, value, what)
            found[verb] = move
    return found


def _move(desk: Desk, verb: str, value: Node, what: str) -> Move:
    keys = desk.block(value, "move", what)
    results = _results(desk, keys.get("results"), what)
    if results and has_then(keys):
        desk.reading.complain(value, f"{what} has results: what follows stands with each result, not beside them")
    return Move(
        verb,
        desk.roles_at(keys.get("by"), f"by of {what}"),
        desk.condition_at(keys.get("when")),
        desk.needs_at(keys.get("needs"), f"needs of {what}"),
        results,
        then_of(desk, keys, what),
    )


def _results(desk: Desk, node: Node | None, what: str) -> Mapping[str, Result]:
    if node is None:
        return {}
    found = {}
    for name, value in desk.by_slug(node, f"results of {what}").items():
        which = f'result "{shown(name)}" of {what}'
        if isinstance(value, Text):
            found[name] = Result(name, Then(go=desk.target_at(value, which) or None))
            continue
        keys = desk.block(value, "result", which)
        found[name] = Result(name, then_of(desk, keys, which), desk.condition_at(keys.get("when")),
                             desk.needs_at(keys.get("needs"), f"needs of {which}"))  # fmt: skip
    return found


def _check_results(desk: Desk, verb: Verb, move: Move, node: Node, what: str) -> None:
    """The closed list of a verb is complete, and no other verb has results. A computed verb ends without `when`."""
    if verb.results and not verb.computed:
        missing = [name for name in verb.results if name not in move.results]
        if missing:
            also = ", ".join(missing)
            desk.reading.complain(node, f'"{move.verb}" can also end in {also}: say where that goes ({what})')
        for name in move.results:
            if name not in verb.results:
                known = ", ".join(verb.results)
                desk.reading.complain(node, f'{what} cannot end in "{shown(name)}": its results are {known}')
    elif move.results and not verb.computed:
        desk.reading.complain(node, f'"{move.verb}" has no results: say where it goes ({what})')
    elif move.results and list(move.results.values())[-1].when is not None:
        desk.reading.complain(node, f"the last result of {what} has a condition: where does it go when none holds?")


def _by_itself(desk: Desk, node: Node | None, what: str) -> tuple[ByItself, ...]:
    if node is None:
        return ()
    rules = node.items if isinstance(node, Items) else (node,)
    found = []
    for value in rules:
        keys = desk.block(value, "by_itself", f"by_itself of {what}")
        when = desk.condition_at(keys.get("when"))
        if when is not None:
            found.append(ByItself(when, then_of(desk, keys, f"by_itself of {what}")))
    return tuple(found)
