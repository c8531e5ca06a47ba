"""What a day brought to a place, and what is owed there now: work counts of what the viewer sees of the area (row
security: nothing against themselves or those above them, nothing closer than they may see), and what ends today.

What came, ended and ends is found by its day, over indexes; what is owed is counted whole: one walk over the running
duties of the instance, meant for a sheet that is made once or twice a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from minqing.base.moments import CHINA, in_china
from minqing.kernel.matters.rows import COLOURS
from minqing.registers.accounts.rules import Scope
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import LEVELS, Region, level_of, range_of


@dataclass(frozen=True)
class Owing:
    """What runs in an area at a moment: open matters' duties of stages, of those late and due until midnight; refusals
    that wait for a ruling, call-backs to make, first acts owed in emergencies. `late_own`: of those late what units of
    the area itself or above it owe, not those of its parts."""

    running: int = 0
    late: int = 0
    due: int = 0
    rulings: int = 0
    call_backs: int = 0
    urgent: int = 0
    late_own: int = 0


@dataclass(frozen=True)
class Ending:
    """What stands for its matter and ends today: who owes it, and when."""

    code: str
    unit: int
    due: datetime


@dataclass(frozen=True)
class Day:
    """A day in an area. `answered`: of the urgent ones those somebody answered to; `ends`: how matters ended, by the
    end, joined ones left out; `reopened`: at somebody's wish; `alarmed`: because danger was told afterwards;
    `sent_back`: after a call-back found the reporter not satisfied.

    `places`: parts of the area -> came in; `late`: parts -> running late now; 0 where the part is not known.
    `categories`: the first step of the category -> came in, '' for those without."""

    came: int = 0
    came_before: int = 0
    urgent: int = 0
    answered: int = 0
    settled: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    reopened: int = 0
    alarmed: int = 0
    sent_back: int = 0
    places: Mapping[Region, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    late: Mapping[Region, int] = field(default_factory=dict)
    owing: Owing = Owing()


_AREA = "{0}region >= %(low)s and {0}region < %(high)s"
_URGENT = "coalesce(state->>'emergency', '') <> ''"
_ANSWERED = """exists (select from matters_duty d
    where d.matter_id = m.id and d.kind like 'respond:%%' and d.state = 1)"""
_CAME = f"""
select coalesce({{part}}, 0), split_part(category, '/', 1), opened >= %(start)s,
       count(*), count(*) filter (where {_URGENT}), count(*) filter (where {_URGENT} and {_ANSWERED})
from matters_matter m where {_AREA.format("")} and opened >= %(before)s and opened < %(end)s group by 1, 2, 3"""
_LINES = f"""
select l.kind, coalesce(l.data->>'end', l.data->>'because', '') as why, count(distinct m.id)
from ledger_line l join matters_matter m on m.id = l.subject
where {_AREA.format("m.")} and l.stream = 1 and l.happened >= %(start)s and l.happened < %(end)s and {{kinds}}
group by 1, 2"""
# Two looks, each a stretch of the index of outcomes.
_DONE = f"""{_LINES.format(kinds="l.kind in ('Settled', 'Closed', 'Reopened')")} union all
{_LINES.format(kinds="l.kind = 'Entered' and l.data->>'because' = 'unsatisfied'")}"""
_OWING = f"""
select coalesce({{part}}, 0), case when kind = 'ruling' or kind = '@call-back' then kind
                               when kind like 'respond:%%' then 'respond' else '' end,
       count(*), count(*) filter (where late or due <= %(now)s),
       count(*) filter (where not late and due > %(now)s and due <= %(end)s),
       count(*) filter (where (late or due <= %(now)s)
                        and unit in (select id from regions_unit where level = any(%(own)s)))
from matters_duty where state = 0 and {_AREA.format("")} and (main or kind = 'ruling' or kind like 'respond:%%')
group by 1, 2"""
# The first of each colour, as the index of the county's list has them, and of those the first.
_ENDING = f"""
select m.code, d.unit, d.due from (
    select d.* from generate_series(0, {COLOURS - 1}) c cross join lateral (
        select id, matter_id, unit, due from matters_duty
        where state = 0 and main and colour = c and not late and {_AREA.format("")}
          and due > %(now)s and due <= %(end)s order by due, id limit %(many)s) d
    order by d.due, d.id limit %(many)s) d
join matters_matter m on m.id = d.matter_id order by d.due, d.id"""

_OF_STAGES = ("", "@call-back")  # what stands for its matter; the others run beside


def count_day(area: Region, day: date, now: datetime, scope: Scope) -> Day:
    """The counts of what the scope sees; `owing` and `late` are of now, whatever the day."""
    told = _told(area, day, now)
    part = "town" if level_of(area) == "county" else "village" if level_of(area) == "town" else "null::bigint"
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_CAME.format(part=part), told)
        came = cursor.fetchall()
        cursor.execute(_DONE, told)
        done = {(kind, why): count for kind, why, count in cursor.fetchall()}
        cursor.execute(_OWING.format(part=part), told)
        owed = cursor.fetchall()
    return _day(came, done, owed)


def ending_today(area: Region, now: datetime, many: int, scope: Scope) -> tuple[Ending, ...]:
    """What the scope sees of what ends between now and midnight, the earliest first."""
    told = _told(area, in_china(now).date(), now) | {"many": many}
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_ENDING, told)
        return tuple(Ending(code, unit, in_china(due)) for code, unit, due in cursor.fetchall())


def _told(area: Region, day: date, now: datetime) -> dict[str, Any]:
    low, high = range_of(area)
    start = datetime.combine(day, time(), CHINA)
    own = list(LEVELS[: LEVELS.index(level_of(area)) + 1])
    told = {"low": low, "high": high, "now": now, "start": start, "own": own}
    return told | {"before": start - timedelta(days=1), "end": start + timedelta(days=1)}


def _day(came: list[Any], done: Mapping[tuple[str, str], int], owed: list[Any]) -> Day:
    there = [row for row in came if row[2]]
    ends = _summed((why, count) for (kind, why), count in done.items() if kind == "Closed" and why != "merged")
    reopened = sum(count for (kind, why), count in done.items() if kind == "Reopened" and why != "emergency")
    return Day(
        came=sum(row[3] for row in there),
        came_before=sum(row[3] for row in came if not row[2]),
        urgent=sum(row[4] for row in there),
        answered=sum(row[5] for row in there),
        settled=sum(count for (kind, _why), count in done.items() if kind == "Settled"),
        ends=ends,
        reopened=reopened,
        alarmed=done.get(("Reopened", "emergency"), 0),
        sent_back=done.get(("Entered", "unsatisfied"), 0),
        places=_summed((row[0], row[3]) for row in there),
        categories=_summed((row[1], row[3]) for row in there),
        late=_summed((row[0], row[3]) for row in owed if row[1] in _OF_STAGES),
        owing=_owing(owed),
    )


def _owing(owed: list[Any]) -> Owing:
    def of(*kinds: str) -> int:
        return sum(row[2] for row in owed if row[1] in kinds)

    stages = [row for row in owed if row[1] in _OF_STAGES]
    return Owing(
        sum(row[2] for row in stages), sum(row[3] for row in stages), sum(row[4] for row in stages),
        of("ruling"), of("@call-back"), of("respond"), sum(row[5] for row in stages),
    )  # fmt: skip


def _summed(pairs: Any) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key, count in pairs:
        found[key] = found.get(key, 0) + count
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
