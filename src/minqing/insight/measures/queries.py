"""Counts from the journal: a few statements over the lines of the stream `matter`, never from the rows.

Defaults are left out of a line, so a missing `late` is no. The whole instance is counted: work counts of the county
(its own command line and its leaders), never lists of matters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from minqing.insight.measures.rules import Counts, Duties
from minqing.kernel.matters.codec import moment_to_text
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.models import Unit

_PARTIES = ("reporter", "parties")
_LINES = "ledger_line where stream = 1"
_DUTIES = f"""
with added as (
    select subject, data->>'duty' as duty, data->>'kind' as kind, data->>'role' as role,
           (data->>'due')::timestamptz as due
    from {_LINES} and kind = 'DutyAdded'
), reckoned as (
    select distinct on (subject, data->>'duty') subject, data->>'duty' as duty, (data->>'due')::timestamptz as due
    from {_LINES} and kind = 'DutyReckoned' order by subject, data->>'duty', seq desc
), over as (
    select subject, data->>'duty' as duty, kind,
           kind = 'DutyMissed' or coalesce((data->>'late')::boolean, false) as late
    from {_LINES} and kind in ('DutyDone', 'DutyMissed', 'DutyDropped')
)
select added.kind, added.role,
       count(*) filter (where over.kind in ('DutyDone', 'DutyMissed') and not over.late),
       count(*) filter (where over.kind in ('DutyDone', 'DutyMissed') and over.late),
       count(*) filter (where over.kind is null and coalesce(reckoned.due, added.due) < %(now)s::timestamptz)
from added left join over using (subject, duty) left join reckoned using (subject, duty)
where added.role <> all(%(parties)s) group by 1, 2 order by min(added.subject * 1000 + added.duty::integer), 1, 2
"""
_ENDS = f"""
with closed as (
    select distinct on (subject) subject, seq, happened, data->>'end' as ending
    from {_LINES} and kind in ('Closed', 'Reopened') order by subject, seq desc
), opened as (select subject, happened from {_LINES} and kind = 'Reported')
select ending, count(*), sum(extract(epoch from closed.happened - opened.happened) / 3600)
from closed join opened using (subject) where ending is not null group by 1 order by 2 desc
"""
_SETTLED = f"""
with settled as (
    select distinct on (subject) subject, data->>'stage' as stage, (data->>'unit')::integer as unit
    from {_LINES} and kind = 'Settled' order by subject, seq desc
), ended as (
    select distinct on (subject) subject, kind from {_LINES} and kind in ('Closed', 'Reopened')
    order by subject, seq desc
)
select stage, unit, count(*) from settled join ended using (subject) where ended.kind = 'Closed' group by 1, 2
"""
_BOTH = f"""
with added as (
    select subject, data->>'duty' as duty, data->>'kind' as kind from {_LINES} and kind = 'DutyAdded'
    and data->>'kind' in ('report-in', 'attend')
), done as (select subject, data->>'duty' as duty from {_LINES} and kind = 'DutyDone')
select count(*), count(*) filter (where complete) from (
    select subject, bool_and(done.duty is not null) as complete, bool_or(kind = 'attend') as wanted
    from added left join done using (subject, duty) group by subject
) whistles where wanted
"""


def count_journal(now: datetime) -> Counts:
    """Everything the figures need; `now` decides which running duties are late."""
    matters = _rows(f"select count(*) from {_LINES} and kind = 'Reported'")[0][0]
    ends = _rows(_ENDS)
    duties = _rows(_DUTIES, {"now": moment_to_text(now), "parties": list(_PARTIES)})
    called = _rows(f"select data->>'result', count(*) from {_LINES} and kind = 'CalledBack' group by 1")
    reopened = _rows(f"select count(*) from {_LINES} and kind = 'Reopened'")[0][0]
    by_stage, by_level = _settled()
    wanted, done = _rows(_BOTH)[0]
    return Counts(
        matters=matters,
        ended=sum(row[1] for row in ends),
        ends={row[0]: row[1] for row in ends},
        duties=tuple(Duties(*row) for row in duties),
        called_back=dict(called),
        reopened=reopened,
        settled_by_stage=by_stage,
        settled_by_level=by_level,
        dual_wanted=wanted,
        dual_done=done,
        hours_to_end=float(sum(row[2] for row in ends)),
    )


def _settled() -> tuple[dict[str, int], dict[str, int]]:
    rows = _rows(_SETTLED)
    level = dict(Unit.objects.filter(pk__in={row[1] for row in rows}).values_list("pk", "level"))
    by_stage: dict[str, int] = {}
    by_level: dict[str, int] = {}
    for stage, unit, number in rows:
        by_stage[stage] = by_stage.get(stage, 0) + number
        if unit in level:
            by_level[level[unit]] = by_level.get(level[unit], 0) + number
    return _biggest_first(by_stage), _biggest_first(by_level)


def _biggest_first(split: dict[str, int]) -> dict[str, int]:
    return dict(sorted(split.items(), key=lambda item: -item[1]))


def _rows(statement: str, told: dict[str, Any] | None = None) -> list[Any]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, told)
        return list(cursor.fetchall())
