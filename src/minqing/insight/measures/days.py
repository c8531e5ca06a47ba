"""What a day brought to a place, and what is owed there now: work counts of the whole area, never lists of matters.

Read from the rows, of which those touched since that day are looked up in the journal: one walk over the matters of the
instance (about a second for a million), meant for a sheet that is made once or twice a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from minqing.base.moments import CHINA
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import Region, level_of, range_of


@dataclass(frozen=True)
class Owing:
    """What runs in an area at a moment: open matters' duties of stages, of those late and due until midnight; refusals
    that wait for a ruling, call-backs to make, first acts owed in emergencies."""

    running: int = 0
    late: int = 0
    due: int = 0
    rulings: int = 0
    call_backs: int = 0
    urgent: int = 0


@dataclass(frozen=True)
class Day:
    """A day in an area. `places`: parts of the area -> came in; `late`: parts -> running late now; `categories`: the
    first step of the category -> came in, '' for those without."""

    came: int = 0
    came_before: int = 0
    urgent: int = 0
    settled: int = 0
    ended: int = 0
    reopened: int = 0
    places: Mapping[Region, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    late: Mapping[Region, int] = field(default_factory=dict)
    owing: Owing = Owing()


_AREA = "region >= %(low)s and region < %(high)s"
_CAME = f"""
select coalesce({{part}}, 0), split_part(category, '/', 1), opened >= %(start)s,
       count(*), count(*) filter (where coalesce(state->>'emergency', '') <> '')
from matters_matter where {_AREA} and opened >= %(before)s and opened < %(end)s group by 1, 2, 3"""
_DONE = f"""
select l.kind, count(distinct m.id) from matters_matter m join ledger_line l on l.stream = 1 and l.subject = m.id
where m.{_AREA.replace(" and ", " and m.")} and m.happened >= %(start)s and l.happened >= %(start)s
  and l.happened < %(end)s and l.kind in ('Settled', 'Closed', 'Reopened') group by 1"""
_OWING = f"""
select coalesce({{part}}, 0), case when kind = 'ruling' or kind = '@call-back' then kind
                               when kind like 'respond:%%' then 'respond' else '' end,
       count(*), count(*) filter (where late or due <= %(now)s),
       count(*) filter (where not late and due > %(now)s and due <= %(end)s)
from matters_duty where state = 0 and {_AREA} and (main or kind = 'ruling' or kind like 'respond:%%') group by 1, 2"""

_OF_STAGES = ("", "@call-back")  # what stands for its matter; the others run beside


def count_day(area: Region, day: date, now: datetime) -> Day:
    """The counts; `owing` and `late` are of now, whatever the day."""
    low, high = range_of(area)
    start = datetime.combine(day, time(), CHINA)
    told: dict[str, Any] = {"low": low, "high": high, "now": now}
    told |= {"before": start - timedelta(days=1), "start": start, "end": start + timedelta(days=1)}
    part = "town" if level_of(area) == "county" else "village" if level_of(area) == "town" else "null::bigint"
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_CAME.format(part=part), told)
        came = cursor.fetchall()
        cursor.execute(_DONE, told)
        done = dict(cursor.fetchall())
        cursor.execute(_OWING.format(part=part), told)
        owed = cursor.fetchall()
    return _day(came, done, owed)


def _day(came: list[Any], done: Mapping[str, int], owed: list[Any]) -> Day:
    there = [row for row in came if row[2]]
    return Day(
        came=sum(row[3] for row in there),
        came_before=sum(row[3] for row in came if not row[2]),
        urgent=sum(row[4] for row in there),
        settled=done.get("Settled", 0),
        ended=done.get("Closed", 0),
        reopened=done.get("Reopened", 0),
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
        of("ruling"), of("@call-back"), of("respond"),
    )  # fmt: skip


def _summed(pairs: Any) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key, count in pairs:
        found[key] = found.get(key, 0) + count
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
