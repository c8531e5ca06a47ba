"""From counts to figures: each measure a quotient of two counts that are shown beside it. Pure.

The six ends are never mixed in one rate. Counts of petitions, complaints or of what was settled low have no better
direction. On time counts duties that units owe, by who owed them; what a party owes is not an office's rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from minqing.kernel.methods.measures import MEASURES, Good

ENDS = ("satisfied", "answered", "not_reached", "not_called", "verified", "guided")
ASKED = ("satisfied", "answered", "not_reached")
FEWEST = 5  # people: no figure about fewer is shown (guard rail), nor one from which it could be taken away


@dataclass(frozen=True)
class Duties:
    """Duties of one kind and role that units owe: how they ended, and which run past their time."""

    kind: str
    role: str
    in_time: int = 0
    late: int = 0
    open_late: int = 0


@dataclass(frozen=True)
class Counts:
    """What the journal says. `ends` by name of the end; `settled_*` of ended matters, where the last settling was."""

    matters: int = 0
    ended: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    duties: tuple[Duties, ...] = ()
    called_back: Mapping[str, int] = field(default_factory=dict)
    reopened: int = 0
    settled_by_stage: Mapping[str, int] = field(default_factory=dict)
    settled_by_level: Mapping[str, int] = field(default_factory=dict)
    dual_wanted: int = 0
    dual_done: int = 0
    hours_to_end: float = 0.0


@dataclass(frozen=True)
class Figure:
    """One published figure. `part` of `whole`; `value` is None where there is nothing to divide by, or `hidden`: it is
    about fewer than five people, and then part and whole are 0."""

    measure: str
    zh: str
    en: str
    good: Good
    formula: str
    part: float
    whole: float
    of: str = ""
    hidden: bool = False

    @property
    def value(self) -> float | None:
        """The quotient."""
        return self.part / self.whole if self.whole else None


def figures(counts: Counts) -> list[Figure]:
    """All figures the journal gives, in the order of a report; those about fewer than five people are hidden."""
    return _without_few(_all_figures(counts))


def _without_few(found: list[Figure]) -> list[Figure]:
    """Hides what is about too few people. Hidden shares of a whole take the next smallest with them until they are
    five people together: else they could be had by subtraction, also from the other figures that hold them."""
    few = {place for place, figure in enumerate(found) if MEASURES[figure.measure].people and _is_about_few(figure)}
    shares = sorted((figure.part, place) for place, figure in enumerate(found) if figure.measure == "ends")
    hidden = [part for part, place in shares if place in few]
    if hidden:
        for part, place in shares:
            if len(hidden) > 1 and sum(hidden) >= FEWEST:
                break
            if place not in few and part:
                few.add(place)
                hidden.append(part)
        few.update(place for place, figure in enumerate(found) if figure.measure == "satisfied")  # the same people
    return [replace(one, part=0, whole=0, hidden=True) if place in few else one for place, one in enumerate(found)]


def _is_about_few(figure: Figure) -> bool:
    return any(0 < people < FEWEST for people in (figure.part, figure.whole - figure.part))


def _all_figures(counts: Counts) -> list[Figure]:
    asked = sum(counts.ends.get(end, 0) for end in ASKED)
    found = [_on_time(counts, None), *(_on_time(counts, stage) for stage in _stages(counts)), _late(counts)]
    found.append(_figure("closed_out", counts.ended, counts.matters, "ended ÷ reported"))
    found.append(_figure("satisfied", counts.ends.get("satisfied", 0), asked, "satisfied ÷ reporters asked or sought"))
    found += [_figure("ends", counts.ends.get(end, 0), counts.ended, "this end ÷ all ended", end) for end in ENDS]
    tried = counts.called_back.get("satisfied", 0) + counts.called_back.get("unsatisfied", 0)
    found.append(_figure("returned", counts.called_back.get("unsatisfied", 0), tried, "unsatisfied ÷ reached"))
    found.append(_figure("reopened", counts.reopened, counts.ended, "reopened ÷ ended"))
    for name, split in (("settled_by_stage", counts.settled_by_stage), ("settled_by_level", counts.settled_by_level)):
        total = sum(split.values())
        formula = "last settled here ÷ settled and ended"
        found += [_figure(name, number, total, formula, key) for key, number in split.items()]
    found.append(_on_time(counts, "report-in", "report_in_on_time"))
    both = "both sides there ÷ whistles wanting both"
    found.append(_figure("dual_attendance", counts.dual_done, counts.dual_wanted, both))
    found.append(_figure("handling_time", counts.hours_to_end, counts.ended, "hours from report to end ÷ ended"))
    return found


def _stages(counts: Counts) -> list[str]:
    return list(dict.fromkeys(duty.kind for duty in counts.duties if duty.kind.startswith("@")))


def _on_time(counts: Counts, kind: str | None, measure: str = "on_time") -> Figure:
    mine = [d for d in counts.duties if (d.kind.startswith("@") if kind is None else d.kind == kind)]
    in_time = sum(duty.in_time for duty in mine)
    whole = in_time + sum(duty.late + duty.open_late for duty in mine)
    of = kind.removeprefix("@") if kind and measure == "on_time" else ""
    return _figure(measure, in_time, whole, "met in time ÷ met, missed, or running late", of)


def _late(counts: Counts) -> Figure:
    mine = [duty for duty in counts.duties if duty.kind.startswith("@")]
    late = sum(duty.late + duty.open_late for duty in mine)
    whole = late + sum(duty.in_time for duty in mine)
    return _figure("late", late, whole, "missed or late ÷ met, missed, or running late")


def _figure(measure: str, part: float, whole: float, formula: str, of: str = "") -> Figure:
    kind = MEASURES[measure]
    return Figure(measure, kind.zh, kind.en, kind.good, formula, part, whole, of)
