"""What a drawing of a method shows: boxes and arrows, gathered once for Mermaid and BPMN.

Where `back` and `above` lead depends on the matter, so each is a box of its own; so are the moves that are open in
every stage, a level that moves a matter, and a duty whose clock moves it. What stays in its stage is no arrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from minqing.kernel.clock.budgets import Rung, budget_en, budget_zh
from minqing.kernel.methods.model import ABOVE, BACK, CALL_BACK, STAY, Method, Move, RungThen, Stage
from minqing.kernel.methods.phrases import Phrases
from minqing.kernel.methods.spoken import spoken

Shape = Literal["start", "emergency", "stage", "end", "turn", "anywhere", "level", "duty"]
Why = Literal["triage", "emergency", "move", "clock", "itself", "turn"]
START, BACK_BOX, ABOVE_BOX, ANYWHERE, REOPENED = "start", "turn:back", "turn:above", "anywhere", "reopened"
NAMES = {
    START: ("来件", "report"), BACK_BOX: ("退回原办理环节", "back to where it was settled"),
    ABOVE_BOX: ("提到上一级", "one level up"), ANYWHERE: ("办理中任何时候", "at any time before the end"),
}  # fmt: skip


@dataclass(frozen=True)
class Box:
    """Something that stands in a drawing. `slug` of a stage is the stage's own."""

    slug: str
    title: str
    shape: Shape
    holder: str = ""
    note: str = ""


@dataclass(frozen=True)
class Arrow:
    """A way from one box to another and what takes a matter along it. `rung` where the clock does."""

    source: str
    target: str
    why: Why
    label: str
    rung: Rung | None = None


@dataclass(frozen=True)
class Picture:
    """All boxes in reading order, and all arrows."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    def leaving(self, slug: str, *why: Why) -> list[Arrow]:
        """The arrows out of a box, of those kinds."""
        return [arrow for arrow in self.arrows if arrow.source == slug and (not why or arrow.why in why)]


def picture(method: Method, say: Phrases, lang: str = "zh") -> Picture:
    """Gathers boxes and arrows; only boxes that an arrow touches, and every stage."""
    arrows = tuple(arrow for arrow in _Painter(method, say, lang).arrows() if arrow.target != STAY)
    touched = {arrow.source for arrow in arrows} | {arrow.target for arrow in arrows} | set(method.stages)
    return Picture(tuple(box for box in _boxes(method, say, lang) if box.slug in touched), arrows)


def _boxes(method: Method, say: Phrases, lang: str) -> Iterator[Box]:
    english = lang == "en"
    yield Box(START, NAMES[START][english], "start")
    for one in method.emergencies:
        yield Box(f"emergency:{one.slug}", one.title.said(lang), "emergency")
    for stage in method.stages.values():
        if stage.end is not None:
            yield Box(stage.slug, stage.title.said(lang), "end", note=stage.end)
        else:
            yield Box(stage.slug, stage.title.said(lang), "stage", stage.holder, _under(stage, say, english))
    yield Box(BACK_BOX, NAMES[BACK_BOX][english], "turn")
    yield Box(ABOVE_BOX, NAMES[ABOVE_BOX][english], "turn")
    yield Box(ANYWHERE, NAMES[ANYWHERE][english], "anywhere")
    yield Box(REOPENED, _reopened(method, english), "anywhere")
    for level in method.levels.values():
        yield Box(f"level:{level.slug}", level.title.said(lang), "level")
    for duty in method.duties.values():
        yield Box(f"duty:{duty.slug}", duty.title.said(lang), "duty", duty.owed_by)


def _under(stage: Stage, say: Phrases, english: bool) -> str:
    who = say.role_en(stage.holder) if english else say.role(stage.holder)
    if stage.limit is None:
        return who
    if english:
        times = list(stage.limit.by_level.items()) or [("", stage.limit.at(None))]
        return " · ".join([who, *(f"{level} {time}".strip() for level, time in times)])
    by_level = [
        f"{'、'.join(say.method.levels[level].title.zh for level in levels)}{time}"
        for time, levels in say.by_level(stage.limit)
    ]
    return " · ".join([who, *(by_level or [say.time(stage.limit.at(None))])])


def _reopened(method: Method, english: bool) -> str:
    if method.reopen is None:
        return ""
    within = method.reopen.within
    return f"reopened within {budget_en(within)} of the end" if english else f"结束后{budget_zh(within)}内重开"


class _Painter:
    """Walks a method once and yields its arrows."""

    def __init__(self, method: Method, say: Phrases, lang: str) -> None:
        self.method, self.say, self.english = method, say, lang == "en"

    def arrows(self) -> Iterator[Arrow]:
        yield from self.intake()
        for stage in self.method.stages.values():
            if stage.end is None:
                yield from self.stage(stage)
        yield from self.aside()
        yield from self.turns()

    def intake(self) -> Iterator[Arrow]:
        for one in self.method.emergencies:
            called = self.say.roles(one.call)
            label = (
                f"call {', '.join(self.say.role_en(role) for role in one.call)}"
                if self.english
                else f"立即联系{called}"
            )
            yield Arrow(f"emergency:{one.slug}", self.target(one.go, None), "emergency", label)
        for rule in self.method.triage:
            if rule.then.go:
                yield Arrow(START, self.target(rule.then.go, None), "triage", self.condition(rule.when))

    def condition(self, when: object) -> str:
        text = getattr(when, "text", "")
        if self.english:
            return text or "otherwise"
        return spoken(text, self.say) if text else "其余的"

    def stage(self, stage: Stage) -> Iterator[Arrow]:
        for move in stage.moves.values():
            yield from self.move(move, stage.slug, stage.above)
        yield from self.clock(stage.rungs, stage.slug, stage.above)
        for one in stage.by_itself:
            if one.then.go:
                yield Arrow(stage.slug, self.target(one.then.go, stage.above), "itself", self.condition(one.when))

    def move(self, move: Move, source: str, above: str | None) -> Iterator[Arrow]:
        verb = self.verb(move.verb)
        if move.then.go:
            yield Arrow(source, self.target(move.then.go, above), "move", verb)
        for result in move.results.values():
            if result.then.go:
                name = result.name if self.english else self.say.word(result.name).strip("“”")
                label = f"{verb}: {name}" if self.english else f"{verb}：{name}"
                yield Arrow(source, self.target(result.then.go, above), "move", label)

    def verb(self, slug: str) -> str:
        return self.say.verb_en(slug) if self.english else self.say.verb(slug)

    def clock(self, rungs: tuple[RungThen, ...], source: str, above: str | None) -> Iterator[Arrow]:
        for step in rungs:
            if step.then.go:
                yield Arrow(source, self.target(step.then.go, above), "clock", self.rung(step.rung), step.rung)

    def rung(self, rung: Rung) -> str:
        if self.english:
            return str(rung)
        if rung.percent is not None:
            return f"时限用去{rung.percent}%"
        return "到期" if rung.late is None else f"逾期{budget_zh(rung.late)}"

    def aside(self) -> Iterator[Arrow]:
        """What may move a matter from any stage."""
        for move in self.method.anywhere.values():
            yield from self.move(move, ANYWHERE, None)
        for level in self.method.levels.values():
            if level.then.go:
                reached = self.condition(level.when)
                yield Arrow(f"level:{level.slug}", self.target(level.then.go, None), "itself", reached)
        for duty in self.method.duties.values():
            yield from self.clock(duty.rungs, f"duty:{duty.slug}", None)
        block = self.method.call_back
        if block is not None:
            yield Arrow(CALL_BACK, self.target(block.again, None), "move", self.again())
            if block.answered:
                yield Arrow(CALL_BACK, block.answered, "move", self.third())
        if self.method.reopen is not None:
            label = "reopen" if self.english else "重开"
            yield Arrow(REOPENED, self.target(self.method.reopen.to, None), "move", label)

    def again(self) -> str:
        return "unsatisfied again" if self.english else "第二次不满意"

    def third(self) -> str:
        return "unsatisfied a third time, the county" if self.english else "第三次不满意，由县（市、区）答复"

    def turns(self) -> Iterator[Arrow]:
        """Where `back` and `above` may lead: the stages that settle, and those above them."""
        settling = [stage for stage in self.method.stages.values() if CALL_BACK in _goes(stage)]
        for stage in settling:
            yield Arrow(BACK_BOX, stage.slug, "turn", "")
        for slug in dict.fromkeys(stage.above for stage in settling if stage.above):
            yield Arrow(ABOVE_BOX, slug, "turn", "")

    def target(self, go: str, above: str | None) -> str:
        if go == ABOVE:
            return above or ABOVE_BOX
        return BACK_BOX if go == BACK else go


def _goes(stage: Stage) -> set[str | None]:
    """Where a stage's moves lead."""
    moves = stage.moves.values()
    return {move.then.go for move in moves} | {result.then.go for move in moves for result in move.results.values()}
