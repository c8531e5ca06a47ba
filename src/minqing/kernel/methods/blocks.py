"""Reads the blocks beside the stages: duties, letters, call-back, reopening, whistle, refusal, pauses."""

from __future__ import annotations

from collections.abc import Mapping

from minqing.base.definitions import Keys, Node, shown
from minqing.kernel.methods.consequences import budget_at, extend_at, law_at, limit_at, rungs_at, then_at
from minqing.kernel.methods.model import (
    ABOVE,
    BACK,
    CALL_BACK,
    CallBack,
    DutyKind,
    End,
    Letter,
    Move,
    Refusal,
    Reopen,
    Result,
    Stage,
    Suspension,
    Then,
    Whistle,
)
from minqing.kernel.methods.names import Desk
from minqing.kernel.methods.titles import Title

Ladders = Mapping[str, Node]
PHOTO, REASONS, REMEDIES = "photo", "reasons", "remedies"


#: Three tries on three days at different hours before anybody counts as not reached (the kernel's own rule).
LEAST_TRIES = 3


def duties_at(desk: Desk, node: Node | None, ladders: Ladders) -> Mapping[str, DutyKind]:
    """The duties that consequences may add."""
    found = {}
    for slug, value in desk.by_slug(node, "duties").items():
        if slug == "all":
            desk.reading.complain(value, 'no duty can be called "all": drop: all means every one')
            continue
        found[slug] = _duty(desk, slug, desk.block(value, "duty", f'duty "{slug}"'), ladders)
    return found


def _duty(desk: Desk, slug: str, keys: Keys, ladders: Ladders) -> DutyKind:
    what = f'duty "{slug}"'
    reading = desk.reading
    if sum(keys.get(key) is not None for key in ("limit", "every", "each")) != 1:
        reading.complain(keys, f"{what} has exactly one of limit, every (with until), each")
    if (keys.get("every") is None) != (keys.get("until") is None):
        reading.complain(keys, f"{what}: every and until go together")
    done_by = _done_by(desk, keys.get("done_by"), what)
    return DutyKind(
        slug=slug,
        title=desk.title_at(keys.get("is"), f"is of {what}"),
        owed_by=desk.role_at(keys.get("owed_by"), f"owed_by of {what}"),
        limit=limit_at(desk, keys, "limit", what),
        every=budget_at(desk, keys.get("every"), f"every of {what}"),
        until=_until(desk, keys.get("until"), what),
        each=_rows(desk, keys.get("each"), what),
        owed_to=desk.role_at(keys.get("owed_to"), f"owed_to of {what}"),
        rungs=rungs_at(desk, keys, ladders, what),
        done_by=done_by or ("fulfil",),
        extend=extend_at(desk, keys.get("extend"), what),
        optional=reading.yes_no(keys.get("optional"), f"optional of {what}"),
        outlives=reading.yes_no(keys.get("outlives"), f"outlives of {what}"),
    )


def _done_by(desk: Desk, node: Node | None, what: str) -> tuple[str, ...]:
    standing = ("fulfil", "answer", "arrive", "record", "note")
    words = desk.reading.texts(node, f"done_by of {what}")
    return tuple(verb for verb in words if verb in standing or (node and desk.verb_at(node, verb, what)))


def _until(desk: Desk, node: Node | None, what: str) -> str:
    word = desk.reading.text(node, f"until of {what}")
    dates = [f"form.{one.slug}" for one in desk.form.values() if one.type in ("date", "moment")]
    if word and word != "stage" and word not in dates:
        desk.reading.complain(node or 1, f'until of {what} is stage or a date of the form, not "{shown(word)}"')
    return word.removeprefix("form.")


def _rows(desk: Desk, node: Node | None, what: str) -> str:
    word = desk.reading.text(node, f"each of {what}")
    rows = [f"form.{one.slug}" for one in desk.form.values() if desk.types[one.type].rows]
    if word and word not in rows:
        desk.reading.complain(node or 1, f'each of {what}: "{shown(word)}" is no field of the form that has rows')
    return word.removeprefix("form.")


def letters_at(desk: Desk, node: Node | None, ladders: Ladders) -> Mapping[str, Letter]:
    """The letters."""
    found = {}
    for slug, value in desk.by_slug(node, "letters").items():
        what = f'letter "{slug}"'
        keys = desk.block(value, "letter", what)
        reply = limit_at(desk, keys, "reply", what)
        rungs = rungs_at(desk, keys, ladders, what)
        if reply is None and rungs and keys.get("reply") is None:
            desk.reading.complain(value, f"{what} asks for no reply, so nothing can be overdue: add reply, or drop it")
        found[slug] = Letter(
            slug,
            desk.title_at(keys.get("is"), f"is of {what}"),
            desk.slug(keys.get("template"), f"template of {what}"),
            desk.roles_at(keys.get("to"), f"to of {what}"),
            desk.reading.text(keys.get("number"), f"number of {what}"),
            reply,
            rungs,
        )
    return found


def call_back_at(desk: Desk, node: Node | None, ladders: Ladders, ends: Mapping[str, Stage]) -> CallBack | None:
    """The block call_back; each end it names is of its own kind, never mixed."""
    if node is None:
        return None
    keys = desk.block(node, "call_back", "call_back")
    within = limit_at(desk, keys, "within", "call_back")
    found = {key: _end_at(desk, keys.get(key), key, end, ends) for key, end in _CALL_BACK_ENDS.items()}
    _never_mixed(desk, keys)
    for key, records in (("answered", (REASONS, REMEDIES)), ("verified", (PHOTO,))):
        missing = [one for one in records if one not in desk.records]
        if found[key] and missing:
            desk.reading.complain(
                keys.key_lines[key], f"call_back: {key} needs the record {' and '.join(missing)}: declare it in records"
            )
    if within is None:
        return None
    return CallBack(
        by=desk.roles_at(keys.get("by"), "by of call_back"),
        within=within,
        unsatisfied=desk.target_at(keys.get("unsatisfied"), "unsatisfied of call_back") or BACK,
        again=desk.target_at(keys.get("again"), "again of call_back") or ABOVE,
        tries=desk.reading.whole(keys.get("tries"), "tries of call_back", LEAST_TRIES, 9, LEAST_TRIES),
        rungs=rungs_at(desk, keys, ladders, "call_back"),
        **found,
    )


_CALL_BACK_ENDS: Mapping[str, End] = {
    "satisfied": "satisfied", "unreached": "not_reached", "answered": "answered", "not_called": "not_called",
    "verified": "verified",
}  # fmt: skip
_SAID = {"unreached": "'not reached'", "answered": "'answered'", "not_called": "'not called'", "verified": "'verified'"}


def _never_mixed(desk: Desk, keys: Keys) -> None:
    satisfied = desk.reading.text(keys.get("satisfied"), "satisfied of call_back")
    for key, said in _SAID.items():
        node = keys.get(key)
        if node is not None and satisfied and getattr(node, "value", "").strip() == satisfied:
            desk.reading.complain(node, f"call_back: {said} is not 'satisfied': give {key} its own final stage")


def _end_at(desk: Desk, node: Node | None, key: str, end: End, ends: Mapping[str, Stage]) -> str:
    slug = desk.stage_at(node, f"{key} of call_back")
    stage = ends.get(slug)
    if node is not None and stage is not None and stage.end != end:
        was = f"end: {stage.end}" if stage.end else "no end"
        desk.reading.complain(node, f'call_back: {key} goes to a stage with end: {end}, but "{slug}" has {was}')
    return slug


def call_back_stage(block: CallBack) -> Stage:
    """The stage that the block makes. Asking is the move; `verified` is another person's look with a photo."""
    results = {
        "satisfied": Result("satisfied", Then(go=block.satisfied)),
        "unsatisfied": Result("unsatisfied", Then(go=block.unsatisfied)),
        "not_reached": Result("not_reached", Then(go=block.unreached)),
    }
    if block.not_called:
        results["not_called"] = Result("not_called", Then(go=block.not_called))
    moves = {"call_back": Move("call_back", block.by, results=results)}
    if block.verified:
        moves["verify"] = Move("verify", block.by, needs=(PHOTO,), then=Then(go=block.verified))
    return Stage(
        CALL_BACK,
        Title("回访", "call-back"),
        holder=block.by[0] if block.by else "",
        limit=block.within,
        rungs=block.rungs,
        moves=moves,
    )


def reopen_at(desk: Desk, node: Node | None) -> Reopen | None:
    """The window for coming back."""
    if node is None:
        return None
    keys = desk.block(node, "reopen", "reopen")
    within = budget_at(desk, keys.get("within"), "within of reopen")
    by = desk.roles_at(keys.get("by"), "by of reopen")
    to = desk.target_at(keys.get("to"), "to of reopen") or BACK
    return Reopen(within, by, to) if within else None


def whistle_at(desk: Desk, node: Node | None) -> Whistle | None:
    """Joint handling."""
    if node is None:
        return None
    keys = desk.block(node, "whistle", "whistle")
    report_in = limit_at(desk, keys, "report_in", "whistle")
    attend = desk.reading.choice(keys.get("attend"), "attend of whistle", ("one", "both"))
    by, to = desk.roles_at(keys.get("by"), "by of whistle"), desk.roles_at(keys.get("to"), "to of whistle")
    answer = limit_at(desk, keys, "answer", "whistle")
    silent = then_at(desk, keys.get("silent"), "silent of whistle")
    return Whistle(by, to, report_in, answer, "both" if attend == "both" else "one", silent) if report_in else None


def refusal_at(desk: Desk, node: Node | None) -> Refusal | None:
    """'Not ours', and its ruling."""
    if node is None:
        return None
    keys = desk.block(node, "refusal", "refusal")
    within = limit_at(desk, keys, "within", "refusal")
    ruling_by = desk.role_at(keys.get("ruling_by"), "ruling_by of refusal")
    at_most = desk.reading.whole(keys.get("at_most"), "at_most of refusal", 1, 9, 2)
    return Refusal(ruling_by, within, at_most) if within else None


def pauses_at(desk: Desk, node: Node | None) -> Mapping[str, Suspension]:
    """The listed reasons that stop a clock."""
    found = {}
    for slug, value in desk.by_slug(node, "pauses").items():
        what = f'pause "{slug}"'
        keys = desk.block(value, "pause", what)
        by = desk.roles_at(keys.get("by"), f"by of {what}")
        if by == ("holder",):
            desk.reading.complain(keys.get("by") or value, f"{what}: never the holder alone; name who stands above")
        at_most = budget_at(desk, keys.get("at_most"), f"at_most of {what}")
        stops = desk.refer_all(keys.get("stops"), "duty", ("stage", *desk.duties), f"stops of {what}")
        needs = desk.needs_at(keys.get("needs"), f"needs of {what}")
        title, law = desk.title_at(keys.get("is"), f"is of {what}"), law_at(desk, keys.get("law"))
        if at_most:
            times = desk.reading.whole(keys.get("times"), f"times of {what}", 1, 9, 1)
            found[slug] = Suspension(slug, title, by, at_most, needs, stops or ("stage",), law, times)
    return found
