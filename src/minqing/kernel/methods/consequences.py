"""Reads consequences, limits and rungs: the three things that stages, duties, letters and blocks share."""

from __future__ import annotations

from collections.abc import Mapping

from minqing.base.definitions import Keys, Node, Text, nearest, shown
from minqing.kernel.clock.budgets import BadBudget, Budget, Rung, parse_budget, parse_rung
from minqing.kernel.clock.dates import DatedTime, LawName, parse_time
from minqing.kernel.clock.laws import LegalClock
from minqing.kernel.methods.model import NOTHING, Extend, Limit, OpenChild, RungThen, Then
from minqing.kernel.methods.names import Desk
from minqing.kernel.methods.shapes import THEN

DUE = Rung()


def then_at(desk: Desk, node: Node | None, what: str) -> Then:
    """A consequence; a word alone is where it goes."""
    if node is None:
        return NOTHING
    if isinstance(node, Text):
        return Then(go=desk.target_at(node, what) or None)
    return then_of(desk, desk.block(node, "then", what), what)


def then_of(desk: Desk, keys: Keys, what: str) -> Then:
    """The keys of a consequence that stand in a block; the block's other keys are left alone."""
    get = keys.get
    duties = (*desk.duties, "all")
    return Then(
        go=desk.target_at(get("go"), f"go of {what}") or None,
        level=desk.refer(get("level"), "level", desk.levels, f"level of {what}") or None,
        drop=desk.refer_all(get("drop"), "duty", duties, f"drop of {what}"),
        tell=desk.roles_at(get("tell"), f"tell of {what}"),
        letter=desk.refer_all(get("letter"), "letter", desk.letters, f"letter of {what}"),
        outcome=desk.title_at(get("outcome"), f"outcome of {what}").zh or None,
        add=desk.refer_all(get("add"), "duty", desk.duties, f"add of {what}"),
        whistle=desk.roles_at(get("whistle"), f"whistle of {what}"),
        open=_open(desk, get("open"), what),
        do=_steps(desk, get("do"), what),
        because=desk.title_at(get("because"), f"because of {what}").zh,
    )


def has_then(keys: Keys) -> bool:
    """Whether a block says any consequence."""
    return any(key in THEN for key in keys.entries)


def _open(desk: Desk, node: Node | None, what: str) -> OpenChild | None:
    if node is None:
        return None
    keys = desk.block(node, "open", f"open of {what}")
    method, kind = desk.slug(keys.get("method"), "method"), desk.slug(keys.get("kind"), "kind")
    return OpenChild(method, kind, desk.reading.yes_no(keys.get("wait"), "wait"))


def _steps(desk: Desk, node: Node | None, what: str) -> tuple[str, ...]:
    found = []
    for verb in desk.reading.texts(node, f"do of {what}"):
        known = desk.verb_at(node or 1, verb, what)
        if known and not known.machine:
            desk.reading.complain(node or 1, f'"{verb}" is no step of a machine: {what} cannot ask for it')
        elif known:
            found.append(verb)
    return tuple(found)


def budget_at(desk: Desk, node: Node | None, key: str) -> Budget | None:
    """An amount of time; None is complained of, unless the key is missing (which `block` has said)."""
    word = desk.reading.text(node, key)
    if not word or node is None:
        return None
    try:
        return parse_budget(word)
    except BadBudget as fault:
        desk.reading.complain(node, f"{key}: {fault}")
        return None


def law_at(desk: Desk, node: Node | None) -> LegalClock | None:
    """A legal clock by name."""
    word = desk.refer(node, "legal clock", tuple(desk.laws), "law")
    return desk.laws.get(word)


def limit_at(desk: Desk, keys: Keys, key: str, what: str) -> Limit | None:
    """The time under a key, with the law under `law` or the law it names; None where it is missing or bad."""
    node = keys.get(key)
    if node is None:
        return None
    law = law_at(desk, keys.get("law"))
    if isinstance(node, Keys):
        by_level = _by_level(desk, node, f"{key} of {what}")
        return Limit(by_level=by_level, law=law) if by_level else None
    time, named = _time(desk, node, f"{key} of {what}")
    return Limit(time, law=law or named) if time is not None else None


def _by_level(desk: Desk, node: Keys, what: str) -> Mapping[str, Budget | DatedTime]:
    times: dict[str, Budget | DatedTime] = {}
    for level, value in node.entries.items():
        if not desk.reading.named(value, level, "level", desk.levels):
            continue
        time, _law = _time(desk, value, f"{level} in {what}")
        if time is not None:
            times[level] = time
    missing = [level for level in desk.levels if level not in node.entries]
    if missing or not desk.levels:
        wanted = ", ".join(missing) or "and declare them"
        desk.reading.complain(node, f"{what} names levels: give one for each, {wanted}")
    return times


def _time(desk: Desk, node: Node, what: str) -> tuple[Budget | DatedTime | None, LegalClock | None]:
    word = desk.reading.text(node, what)
    if not word:
        return None, None
    try:
        time = parse_time(word)
    except BadBudget as fault:
        desk.reading.complain(node, f"{what}: {fault}")
        return None, None
    if isinstance(time, LawName):
        if not desk.reading.named(node, time, "legal clock", tuple(desk.laws)):
            return None, None
        return desk.laws[time].budget, desk.laws[time]
    if isinstance(time, DatedTime) and time.anchor is not None:
        return (time if _is_date(desk, node, time.anchor) else None), None
    return time, None


def _is_date(desk: Desk, node: Node, anchor: str) -> bool:
    slug = anchor.removeprefix("form.")
    dates = tuple(f"form.{one.slug}" for one in desk.form.values() if one.type in ("date", "moment"))
    if anchor in dates:
        return True
    hint = f"it is a {desk.form[slug].type}" if anchor.startswith("form.") and slug in desk.form else "there is none"
    near = nearest(anchor, dates)
    desk.reading.complain(node, f'a time hangs on a date of the form, "{shown(anchor)}": {hint}.{near}')
    return False


def rungs_at(desk: Desk, keys: Keys, ladders: Mapping[str, Node], what: str) -> tuple[RungThen, ...]:
    """The rungs of a shared ladder and of `overdue`, which is the rung `due`; complains when they do not rise."""
    found: list[RungThen] = []
    node = keys.get("ladder")
    if node is not None:
        name = desk.refer(node, "ladder", tuple(ladders), f"ladder of {what}")
        if name:
            desk.ladders_used.add(name)
            found += _ladder(desk, ladders[name], f'ladder "{name}"', quiet=True)
    overdue = keys.get("overdue")
    if overdue is not None:
        if any(one.rung == DUE for one in found):
            desk.reading.complain(overdue, f"{what} has two rungs due: one in its ladder and overdue; drop one")
        else:
            found.append(RungThen(DUE, then_at(desk, overdue, f"overdue of {what}")))
    return tuple(sorted(found, key=lambda one: one.rung.order))


def check_ladders(desk: Desk, ladders: Mapping[str, Node]) -> None:
    """Reads each ladder once for its complaints; asked at the end, when all who lean on one have been read."""
    for name, node in ladders.items():
        _ladder(desk, node, f'ladder "{name}"', quiet=False)
        if name not in desk.ladders_used:
            desk.reading.complain(node, f'ladder "{name}" is never used: use it or drop it')


def _ladder(desk: Desk, node: Node, what: str, quiet: bool) -> list[RungThen]:
    kept = len(desk.reading.complaints)
    found: list[RungThen] = []
    keys = desk.reading.mapping(node, what)
    for name, value in keys.entries.items():
        try:
            rung = parse_rung(name)
        except BadBudget as fault:
            desk.reading.complain(value, f"{what}: {fault}")
            continue
        if found and rung.order <= found[-1].rung.order:
            desk.reading.complain(keys.key_lines[name], f'{what} does not rise: "{name}" comes after a later rung')
        found.append(RungThen(rung, then_at(desk, value, f'"{name}" of {what}')))
    if quiet:  # the ladder itself is complained of once, by check_ladders
        del desk.reading.complaints[kept:]
    return found


def extend_at(desk: Desk, node: Node | None, what: str) -> Extend | None:
    """Who may give more time."""
    if node is None:
        return None
    keys = desk.block(node, "extend", f"extend of {what}")
    by = desk.roles_at(keys.get("by"), f"by of extend of {what}")
    if by == ("holder",):
        desk.reading.complain(keys.get("by") or node, f"extend of {what}: never the holder alone; say who stands above")
    at_most = budget_at(desk, keys.get("at_most"), "at_most")
    times = desk.reading.whole(keys.get("times"), "times", 1, 9, 1)
    return Extend(by, at_most, times) if at_most and by else None
