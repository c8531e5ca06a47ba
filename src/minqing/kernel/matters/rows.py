"""Matter and duties as rows of their tables, and back: what lists, rights and the sweep need are columns. Pure.

colour: twice the distance of the level from the gravest, less one when the clock has run out, so that ascending is
most urgent first; a method without levels stands between. Levels milder than the eighth gravest stand with it, so that
lists and counts know all colours there are. `main` marks the one duty that stands for its matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from minqing.kernel.matters.codec import from_plain, moment_from_text, moment_to_text, to_plain
from minqing.kernel.matters.matter import DONE, DROPPED, MISSED, OPEN, Duty, Matter
from minqing.kernel.methods.model import Method
from minqing.registers.regions.codes import is_key, town_of, village_of

Row = dict[str, Any]

STATES = (OPEN, DONE, MISSED, DROPPED)
GRAVITIES = 8  # levels that lists tell apart; a method may have more
COLOURS = 2 * GRAVITIES
_MIDDLE = 2
_AS_COLUMNS = (
    "code", "method", "version", "kind", "channel", "category", "level", "stage", "holder", "worker", "source",
    "external_id", "position",
)  # fmt: skip
_NOT_IN_STATE = frozenset({*_AS_COLUMNS, "place", "end", "duties"})
MATTER_COLUMNS = (*_AS_COLUMNS, "region", "ending")
_DUTY_AS_IS = (
    "kind", "role", "budget", "law", "roll", "hours", "calendar", "next_rung", "late", "provisional", "optional",
    "outlives",
)  # fmt: skip
DUTY_COLUMNS = (*_DUTY_AS_IS, "number", "unit", "state", "starts", "due", "rungs")


def matter_row(matter: Matter) -> Row:
    """The columns that follow from the matter."""
    told = matter.__dict__
    row = {name: told[name] for name in _AS_COLUMNS}
    town, village = _around(matter.place)
    row |= {
        "region": matter.place,
        "town": town,
        "village": village,
        "units": stakes(matter),
        "hidden_from": hidden_from(matter),
        "open": not matter.end,
        "ending": matter.end,
        "state": to_plain(matter, _NOT_IN_STATE),
    }
    return row


@lru_cache(8192)
def _around(place: int) -> tuple[int | None, int | None]:
    """Town and village of a place, as far as they are known."""
    return (town_of(place), village_of(place)) if is_key(place) else (None, None)


def stakes(matter: Matter) -> list[int]:
    """The units that have or had a part in it: its holder and whoever owes or ever owed something."""
    return sorted(({duty.owed_by for duty in matter.duties} | {matter.holder}) - {0})


def hidden_from(matter: Matter) -> list[int]:
    """Whom it is against and who therefore never sees it: units as positive, persons as negative numbers."""
    return sorted({*matter.against, *(-person for person in matter.against_people)})


def colour(matter: Matter, duty: Duty, method: Method) -> int:
    """How urgent a duty stands in a list, most urgent first."""
    order = tuple(method.levels)
    behind = len(order) - 1 - order.index(matter.level) if matter.level in order else _MIDDLE
    return 2 * min(behind, GRAVITIES - 1) + (0 if duty.late else 1)


def main_duty(matter: Matter) -> int:
    """The number of the duty that stands for the matter: that of its stage, else the first due; 0 for none."""
    stage = matter.stage_duty()
    if stage is not None:
        return stage.id
    running = [duty for duty in matter.duties if duty.state == OPEN]
    return min(running, key=lambda duty: (duty.due, duty.id)).id if running else 0


def duty_rows(matter: Matter, before: Matter | None, method: Method, narrowed: bool = False) -> list[Row]:
    """Rows of the duties that are new or have changed; all that run when what they copy of the matter has changed;
    every one when fewer may see it now (`narrowed`: its sensitivity rose)."""
    main = main_duty(matter)
    old = before.duties if before is not None else ()
    again = before is not None and _copied(before) != _copied(matter)
    every = narrowed or (before is not None and _sight(before) != _sight(matter))
    rows = []
    for duty in matter.duties:
        known = old[duty.id - 1] if duty.id <= len(old) else None
        if duty == known and not every and not (again and duty.state == OPEN):
            continue
        rows.append(_duty_row(matter, duty, duty.id == main, method))
    return rows


def _copied(matter: Matter) -> tuple[object, ...]:
    return matter.level, main_duty(matter), stakes(matter)


def _sight(matter: Matter) -> tuple[object, ...]:
    """What decides who is kept out. Stakes let in, and are not among it: who sees a matter reads all its duties."""
    return matter.place, hidden_from(matter)


def _duty_row(matter: Matter, duty: Duty, main: bool, method: Method) -> Row:
    told = duty.__dict__
    row = {name: told[name] for name in _DUTY_AS_IS}
    next_at = duty.next_at
    row |= {
        "number": duty.id,
        "unit": duty.owed_by,
        "main": main and duty.state == OPEN,
        "starts": moment_to_text(duty.starts),
        "due": moment_to_text(duty.due),
        "rungs": [moment_to_text(rung) for rung in duty.rungs],
        "next_at": moment_to_text(next_at) if next_at is not None else None,
        "state": STATES.index(duty.state),
        "colour": colour(matter, duty, method),
    }
    return row


def to_matter(row: Mapping[str, Any], duties: Sequence[Mapping[str, Any]]) -> Matter:
    """The matter of a row and the rows of its duties, in the order of their numbers; their moments are ISO texts."""
    told = {name: row[name] for name in _AS_COLUMNS} | {"place": row["region"], "end": row["ending"]}
    rest: Matter = from_plain(Matter, told | row["state"])
    rest.__dict__["duties"] = tuple(map(_to_duty, duties))  # ours alone so far: nobody has seen it yet
    return rest


def _to_duty(row: Mapping[str, Any]) -> Duty:
    return Duty(
        id=row["number"],
        owed_by=row["unit"],
        starts=moment_from_text(row["starts"]),
        due=moment_from_text(row["due"]),
        rungs=tuple(map(moment_from_text, row["rungs"])),
        state=STATES[row["state"]],
        **{name: row[name] for name in _DUTY_AS_IS},
    )
