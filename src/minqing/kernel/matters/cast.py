"""Who a role is, here and now; and that a matter never goes to the one it is against. Pure.

Guard rail g (tests/rights): route, whistle, ruling and call-back pass over the unit a matter is against and all under
it, to the next level. No method file can switch this off.
"""

from __future__ import annotations

from minqing.kernel.matters.matter import OPEN, Matter
from minqing.kernel.methods.model import Method, Stage
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.rules import Cast

_LADDER = ("grid", "village", "town", "county", "city")
_HELPER_DUTIES = ("report-in", "answer")


def barred(unit: int, matter: Matter, cast: Cast) -> bool:
    """Whether the matter is against this unit or one above it. Discipline inspection takes up what is said of those it
    stands under; it is barred only from what is said of itself."""
    if not matter.against:
        return False
    if unit == cast.units.get("inspection"):
        return unit in matter.against
    seen = 0
    while unit and seen < 10:
        if unit in matter.against:
            return True
        unit = cast.above.get(unit, 0)
        seen += 1
    return False


def takes_no_part(actor: Viewer, matter: Matter, cast: Cast) -> bool:
    """Whether the matter is against the actor's person, the unit of any of their posts or one above it."""
    if actor.person and actor.person in matter.against_people:
        return True
    return not set(actor.units_besides).isdisjoint(matter.against) or barred(actor.unit, matter, cast)


def unit_for(role: str, method: Method, matter: Matter, cast: Cast) -> int:
    """The unit that a role is at this place; 0 where none is known. Passes over whom the matter is against, to the next
    level; from the top to discipline inspection."""
    unit = _plain_unit(role, method, matter, cast)
    while unit and barred(unit, matter, cast):
        unit = cast.above.get(unit, 0) or _inspection(matter, cast)
    return unit


def _inspection(matter: Matter, cast: Cast) -> int:
    unit = cast.units.get("inspection", 0)
    return 0 if barred(unit, matter, cast) else unit


def _plain_unit(role: str, method: Method, matter: Matter, cast: Cast) -> int:
    if role == "holder":
        return matter.holder
    if role in ("above", "supervisor"):
        return cast.above.get(matter.holder, 0)
    own = method.roles.get(role)
    if own is not None:
        if own.found.startswith("by unit "):
            return cast.units.get("unit:" + own.found.removeprefix("by unit "), 0)
        if own.found == "by category":
            return _answering_for(matter.category, cast)
        return cast.units.get(role, cast.units.get(own.level, 0))
    if role == "department":
        return _answering_for(matter.category, cast)
    return cast.units.get(role, 0)


def _answering_for(category: str, cast: Cast) -> int:
    """The department that answers for a category: its leaf, else its top class, else the place's default one."""
    for key in (category, category.split("/")[0]):
        if key and (unit := cast.units.get("department:" + key)):
            return unit
    return cast.units.get("department", 0)


def stage_unit(stage: Stage, method: Method, matter: Matter, cast: Cast) -> int:
    """Who holds a stage here; 0 where nobody of that role is known or the matter is against them."""
    unit = _plain_unit(stage.holder, method, matter, cast)
    return 0 if barred(unit, matter, cast) else unit


def units_told(role: str, method: Method, matter: Matter, cast: Cast, owing: int) -> tuple[int, ...]:
    """The units behind a role that is told something; people such as the reporter have none."""
    if role == "helpers":
        return helpers(matter)
    unit = owing if role == "owing" else unit_for(role, method, matter, cast)
    return (unit,) if unit else ()


def helpers(matter: Matter) -> tuple[int, ...]:
    """Units that were called and still owe something."""
    owing = (d.owed_by for d in matter.duties if d.state == OPEN and d.kind in _HELPER_DUTIES)
    return tuple(dict.fromkeys(owing))


def plays(role: str, actor: Viewer, method: Method, matter: Matter, cast: Cast) -> bool:
    """Whether the actor is that role for this matter. Whom the matter is against plays none."""
    if takes_no_part(actor, matter, cast):
        return role == "reporter" and role in actor.roles
    if role in actor.roles:
        return True
    if not actor.unit or lends_a_hand(actor):
        return False
    if role == "helpers":
        return actor.unit in helpers(matter)
    if role == "department":
        return any(unit == actor.unit and key.startswith("department") for key, unit in cast.units.items())
    return unit_for(role, method, matter, cast) == actor.unit


def lends_a_hand(actor: Viewer) -> bool:
    """Whether the actor's post is a volunteer's: they do what a file asks volunteers to do, and act for no unit."""
    return actor.role == "volunteer"


def chain(unit: int, cast: Cast) -> tuple[int, ...]:
    """The units above a unit, nearest first."""
    found: list[int] = []
    while (unit := cast.above.get(unit, 0)) and len(found) < 10:
        found.append(unit)
    return tuple(found)


def stands_above(unit: int, other: int, cast: Cast) -> bool:
    """Whether a unit stands above another one, at any distance."""
    seen = 0
    while other and seen < 10:
        other = cast.above.get(other, 0)
        if other == unit:
            return bool(unit)
        seen += 1
    return False
