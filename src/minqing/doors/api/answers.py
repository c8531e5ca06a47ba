"""What is sent: a matter, its journal and clock, lists, as JSON. Only what the viewer sees comes in here.

The shapes stand in `shown`; values are made as plain dicts, as they are read by nobody but the sender.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import HttpResponse

from minqing.base import moments
from minqing.doors.counter.forms import Lang, shown_moves
from minqing.doors.counter.problems import in_json
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.queries import Listed, Sight
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.telling import Teller
from minqing.kernel.matters.urgency import clock_of, main_of
from minqing.kernel.methods.model import Method
from minqing.registers.regions.codes import code_of
from minqing.registers.regions.queries import known_places, names_of_units, slugs_of

Json = dict[str, Any]


def answered(
    body: Json, status: int = 200, position: int | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer; with a position it carries it as its ETag."""
    told = dict(headers or {})
    if position is not None:
        told["ETag"] = f'"{position}"'
    return HttpResponse(in_json(body), "application/json", status, headers=told)


class Units:
    """Units as answers name them: slug, and name. Those of one answer are looked up together."""

    def __init__(self, numbers: Collection[int], names: Mapping[int, str] | None = None) -> None:
        wanted = {number for number in numbers if number}
        self._slugs = slugs_of(wanted)
        self._names = dict(names or {})
        if strange := wanted - self._names.keys():
            self._names |= names_of_units(strange)

    def shown(self, number: int) -> Json | None:
        """The unit; None where it is nobody's."""
        slug = self._slugs.get(number)
        return {"unit": slug, "name": self._names.get(number, slug)} if slug is not None else None


def standing(matter: Matter, method: Method, lang: Lang, names: Mapping[int, str] | None = None) -> Json:
    """Where a matter stands: what every answer about it begins with. `names` of units, as far as they are known."""
    level, duty = method.levels.get(matter.level), main_of(matter)
    return {
        "code": matter.code,
        "method": matter.method,
        "version": matter.version,
        "stage": matter.stage,
        "stage_title": method.stages[matter.stage].title.said(lang),
        "holder": Units([matter.holder], names).shown(matter.holder) if matter.is_open else None,
        "level": matter.level,
        "level_title": level.title.said(lang) if level else "",
        "due": duty.due if duty is not None and matter.is_open else None,
        "clock": clock_of(matter, moments.now()),
        "end": matter.end or None,
        "position": matter.position,
    }


def whole(sight: Sight, offers: Iterable[Offer], sealed: list[Json], lang: Lang) -> Json:
    """A matter as its viewer sees it, with the moves they may make."""
    matter, names = sight.stored.matter, sight.context.cast.names
    units = Units([duty.owed_by for duty in matter.duties], names)
    teller = Teller(sight.method, names, lang)
    return standing(matter, sight.method, lang, names) | {
        "title": sight.title,
        "text": sight.text,
        "kind": matter.kind,
        "category": matter.category,
        "channel": matter.channel,
        "place": _place(matter.place),
        "people": matter.people,
        "links": [{"code": code, "how": how} for code, how in matter.links],
        "duties": [_duty(duty, matter, units, teller) for duty in matter.duties],
        "sealed": sealed,
        "moves": shown_moves(offers, lang),
    }


def _place(key: int) -> Json:
    place = known_places([key]).get(key)
    return {"code": code_of(key), "name": place.name if place is not None else ""}


def _duty(duty: Duty, matter: Matter, units: Units, teller: Teller) -> Json:
    return {
        "duty": duty.id,
        "kind": duty.kind,
        "title": teller.duty_of(duty.kind),
        "owed_by": units.shown(duty.owed_by),
        "starts": duty.starts,
        "due": duty.due,
        "state": "paused" if matter.stopped(duty.id) else duty.state,
        "late": duty.late or (duty.state == "open" and duty.due <= moments.now()),
        "provisional": duty.provisional,
    }


def clock(sight: Sight, lang: Lang) -> Json:
    """Each duty, why it ends when it does, and when it stood still."""
    matter, names = sight.stored.matter, sight.context.cast.names
    units = Units([duty.owed_by for duty in matter.duties], names)
    teller = Teller(sight.method, names, lang)
    duties = [
        _duty(duty, matter, units, teller)
        | {"explain": list(explain_duty(duty, sight.context, lang)), "pauses": _pauses(duty, matter)}
        for duty in matter.duties
    ]
    return {"code": matter.code, "position": matter.position, "now": moments.now(), "duties": duties}


def _pauses(duty: Duty, matter: Matter) -> list[Json]:
    return [{"starts": stop.start, "ends": stop.end} for stop in matter.stops if stop.duty == duty.id]


def told_lines(lines: Iterable[Line], sight: Sight, lang: Lang, after: int = 0) -> list[Json]:
    """The journal in sentences from a position on; no body, and no person but by number."""
    teller, told = Teller(sight.method, sight.context.cast.names, lang), []
    for position, line in enumerate(lines, 1):
        sentence = teller.tell(line.event)  # every line is told: later ones name duties that earlier ones added
        if position > after:
            told.append(
                {"position": position, "at": line.happened, "event": type(line.event).__name__, "sentence": sentence}
            )
    return told


def listed(rows: Iterable[Listed]) -> list[Json]:
    """The lines of a list."""
    rows = list(rows)
    units = Units([row.holder for row in rows])
    return [{**row.__dict__, "holder": units.shown(row.holder) if row.clock != "ended" else None} for row in rows]


def counted(counts: Mapping[int, int], most: int) -> list[Json]:
    """How many running duties the own list has by gravity (0 is the gravest) and lateness; no count beyond `most`."""
    return [
        {"gravity": colour // 2, "late": colour % 2 == 0, "count": str(count) if count < most else f"{most}+"}
        for colour, count in sorted(counts.items())
    ]
