"""What the background still owes matters: lines nobody has heard of yet, rungs of the clock not fired."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import connection

from minqing.base import moments
from minqing.base.moments import in_china
from minqing.kernel.matters.outbox import MOST
from minqing.kernel.matters.reading import MATTERS
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by


@dataclass(frozen=True)
class Owed:
    """So many, and since when the oldest: by the clock of the instance, or the length of its wait."""

    number: int
    oldest: dt.timedelta = dt.timedelta(0)


_OUTBOX = """
select count(*) filter (where o.tries < %(most)s), count(*) filter (where o.tries >= %(most)s),
       extract(epoch from clock_timestamp() - min(l.recorded) filter (where o.tries < %(most)s))
from matters_outbox o left join ledger_line l on l.stream = %(stream)s and l.subject = o.subject and l.seq = o.seq
"""


def outbox_waiting() -> tuple[Owed, int]:
    """Rows of the outbox that wait and for how long the oldest, and how many were put aside after MOST tries."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_OUTBOX, {"most": MOST, "stream": MATTERS.number})
        waiting, aside, seconds = cursor.fetchone()
    return Owed(waiting, dt.timedelta(seconds=float(seconds or 0))), aside


def rungs_waiting() -> Owed:
    """Rungs whose moment is past: the sweep of `minqing work` fires each within seconds."""
    now = moments.now()
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*), min(next_at) from matters_duty where state = 0 and next_at <= %s", [now])
        number, first = cursor.fetchone()
    return Owed(number, now - in_china(first) if first is not None else dt.timedelta(0))


MOST_MOVES = 20_000  # lines looked at: a load of the past is no traffic
_MOVES = """
select m.method, l.verb from (
    select subject, case kind when 'Reported' then 'report' else data ->> 'verb' end as verb from ledger_line
    where recorded >= %s and stream = %s and kind in ('Acted', 'Reported') limit %s
) l join matters_matter m on m.id = l.subject
"""


def moves_since(moment: dt.datetime) -> Counter[tuple[str, str]]:
    """How many moves were recorded since then, by method and verb; of MOST_MOVES at most."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_MOVES, [moment, MATTERS.number, MOST_MOVES])
        return Counter(cursor.fetchall())
