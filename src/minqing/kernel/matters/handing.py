"""What a person had in hand goes back to the unit when their post there is over or they have left.

Duties are owed by units, so they follow by themselves; only the worker's name on an open matter is handed over: to the
unit's head, else to nobody, which the unit's list shows. Leave hands nothing over: the person comes back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from minqing.base.errors import MinqingError
from minqing.kernel.matters.actions import act
from minqing.kernel.matters.commands import Command, Refusal
from minqing.registers.accounts.queries import heads_of, serving_in
from minqing.registers.accounts.rules import HOUSE, MACHINE
from minqing.registers.accounts.scoping import seen_by

_IN_HAND = "select distinct holder, worker from matters_matter where open and worker > 0"
_OF_PAIRS = """
    select m.code, m.holder from matters_matter m
    join unnest(%s::integer[], %s::bigint[]) as gone (holder, worker) using (holder, worker)
    where m.open order by m.id
"""


_COUNT = "select count(*) from matters_matter where open and holder = any(%s) and worker = %s"


@dataclass
class Handed:
    """What one round handed over; `refused` holds the code of each matter that could not be, and why."""

    codes: list[str] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)


def hand_over_ended(moment: datetime) -> Handed:
    """Hands over every open matter whose worker serves in its unit no more. Doing it again changes nothing."""
    handed = Handed()
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_IN_HAND)
        gone = _gone(cursor.fetchall(), moment)
        cursor.execute(_OF_PAIRS, [[holder for holder, _ in gone], [worker for _, worker in gone]])
        waiting = cursor.fetchall()
    heads = heads_of({holder for _, holder in waiting}, moment)
    for code, holder in waiting:
        try:
            why = _hand_over(code, heads.get(holder, 0))
        except MinqingError as fault:  # of this matter: the others are handed over all the same
            why = Refusal("fault", str(fault), type(fault).__name__)
        if why is None:
            handed.codes.append(code)
        else:
            handed.refused[code] = why
    return handed


def count_in_hand(units: Collection[int], person: int) -> int:
    """How many open matters of these units are in that person's hands: what their end there hands over."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(units), person])
        return int(cursor.fetchone()[0])


def _gone(in_hand: Collection[tuple[int, int]], moment: datetime) -> list[tuple[int, int]]:
    serving = serving_in({holder for holder, _ in in_hand}, moment)
    return [(holder, worker) for holder, worker in in_hand if worker not in serving[holder]]


def _hand_over(code: str, head: int) -> Refusal | None:
    """To the head; to nobody when there is none or this matter is not for them (it is against them)."""
    done = act(code, Command("hand_over", person=head), MACHINE)
    if isinstance(done, Refusal) and head:
        done = act(code, Command("hand_over"), MACHINE)
    return done if isinstance(done, Refusal) else None
