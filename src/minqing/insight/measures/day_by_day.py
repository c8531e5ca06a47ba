"""What came in, what ended and what ran past its limit on each of some days: counts of what the viewer sees of the area
(row security, as in `days`), the present day as far as it has come.

What came in, ended and grew late is found by its day, over indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from minqing.base.moments import CHINA
from minqing.kernel.matters.rows import COLOURS
from minqing.registers.accounts.rules import Scope
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import Region, range_of


@dataclass(frozen=True)
class OneDay:
    """`ended`: as the day's own count has it, joined ones left out; `late`: limits of stages that ended on that day
    without what was owed."""

    day: date
    came: int = 0
    ended: int = 0
    late: int = 0


_ON = "floor(extract(epoch from {0} - %(start)s) / 86400)::int"  # China keeps no summer time: a day is 86400 s
# Late is what grew late, and what runs past its limit and was not swept since: that stands for its matter, in its list.
_COUNTED = f"""
select 'came', {_ON.format("opened")}, count(*) from matters_matter
where region >= %(low)s and region < %(high)s and opened >= %(start)s and opened < %(end)s group by 2
union all
select 'ended', on_day, sum(many) from (
    select {_ON.format("l.happened")} as on_day, count(distinct m.id) as many
    from ledger_line l join matters_matter m on m.id = l.subject
    where l.stream = 1 and l.kind = 'Closed' and l.happened >= %(start)s and l.happened < %(end)s
      and m.region >= %(low)s and m.region < %(high)s
      and coalesce(l.data->>'end', l.data->>'because', '') <> 'merged'
    group by 1, coalesce(l.data->>'end', l.data->>'because', '')) ends group by 2
union all
select 'late', {_ON.format("due")}, count(*) from (
    select due from matters_duty
    where late and region >= %(low)s and region < %(high)s and kind like '@%%'
      and due >= %(start)s and due < %(end)s and due <= %(now)s
    union all
    select d.due from generate_series(0, {COLOURS - 1}) c cross join lateral (
        select due from matters_duty
        where state = 0 and main and colour = c and not late and region >= %(low)s and region < %(high)s
          and kind like '@%%' and due >= %(start)s and due < %(end)s and due <= %(now)s) d) gone group by 2"""


def count_days(area: Region, last: date, many: int, now: datetime, scope: Scope) -> tuple[OneDay, ...]:
    """So many days, the last of them `last`, in their order; days on which nothing was are among them."""
    low, high = range_of(area)
    first = last - timedelta(days=many - 1)
    start = datetime.combine(first, time(), CHINA)
    told: dict[str, Any] = {"low": low, "high": high, "now": now, "start": start, "end": start + timedelta(days=many)}
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_COUNTED, told)
        found = {(what, on): int(count) for what, on, count in cursor.fetchall()}
    return tuple(
        OneDay(first + timedelta(days=on), *(found.get((what, on), 0) for what in ("came", "ended", "late")))
        for on in range(many)
    )
