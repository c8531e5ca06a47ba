"""Checks the block emergencies: complete, at a stage of town or county, never self-help, never an end."""

from __future__ import annotations

from minqing.base.definitions import Reading
from minqing.kernel.clock.budgets import rough_minutes
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.model import CALL_BACK, PERSON_ROLES, Emergency, Method

#: What every method must see at once (guard rail: never filed as a private matter).
MUST_SEE = ("danger-to-life", "violence-at-home", "child-harmed", "elder-harmed", "crowd", "leak")
#: Minutes within which somebody must have an emergency in hand.
LONGEST_RESPONSE = 60
_UPPER = ("town", "county", "city")
_OFFICES = ("department", "court", "inspection")

_NOBODY_THERE = ("reporter", "parties", "helpers", "owing", "machine")


def check_emergencies(graph: Graph, reading: Reading) -> None:
    """Looks at the block as a whole and at each emergency."""
    method = graph.method
    seen = {tag for one in method.emergencies for tag in one.tags}
    for tag in MUST_SEE:
        if tag not in seen:
            reading.complain(
                graph.line("emergencies"), f'no emergency has the tag "{tag}": what cannot wait comes before all triage'
            )
    for one in method.emergencies:
        _check_stage(graph, reading, one)
        if rough_minutes(one.respond) > LONGEST_RESPONSE:
            line = graph.line(f"emergencies.{one.slug}.respond")
            reading.complain(line, f'emergency "{one.slug}" may wait {one.respond}: somebody acts within an hour')
        helpless = [role for role in one.call if role in _NOBODY_THERE or _is_party(method, role)]
        if helpless:
            line = graph.line(f"emergencies.{one.slug}.call")
            reading.complain(line, f'emergency "{one.slug}" calls {", ".join(helpless)}: call who can act at once')


def _check_stage(graph: Graph, reading: Reading, one: Emergency) -> None:
    method = graph.method
    stage = method.stages.get(one.go)
    if stage is None:
        return
    said = f'emergency "{one.slug}" goes to "{one.go}"'
    line = graph.line(f"emergencies.{one.slug}.go")
    if stage.end is not None or stage.slug == CALL_BACK:
        what = "an end" if stage.end else "the call-back"
        reading.complain(line, f"{said}, which is {what}: an emergency goes to someone who acts at once")
    elif stage.self_help:
        reading.complain(line, f"{said}, which is self-help: an emergency goes to someone who acts at once")
    elif not _acts_at_once(method, stage.holder):
        reading.complain(
            line,
            f'{said}, held by "{stage.holder}": an emergency goes to a stage of the town or the county, '
            "or of a person at once",
        )


def _is_party(method: Method, role: str) -> bool:
    found = method.roles.get(role)
    return found is not None and found.party


def _acts_at_once(method: Method, holder: str) -> bool:
    role = method.roles.get(holder)
    if role is not None:
        return not role.party and role.level in _UPPER
    return holder in (*_UPPER, *_OFFICES) or (holder in PERSON_ROLES and holder != "machine")
