"""The days up to that of a brief, drawn: what came in, what ended, what ran past its limit.

A place below the towns does not tell how few came in or ended on a day, as the brief itself; what offices owe is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from minqing.doors.web.charts import Chart, Series
from minqing.insight.measures.day_by_day import OneDay, count_days
from minqing.insight.measures.rules import FEWEST
from minqing.registers.accounts.rules import Scope
from minqing.registers.regions.codes import Region, level_of

DAYS = 14


def two_weeks(area: Region, on: date, now: datetime, scope: Scope) -> Chart:
    """Of what the scope sees of the area, up to a day."""
    return chart_of(count_days(area, on, DAYS, now, scope), few=level_of(area) == "village")


def chart_of(days: Sequence[OneDay], few: bool) -> Chart:
    """The drawing. `few`: of a place in which fewer than five are told apart by their neighbours."""
    came = Series(_("收到"), tuple(_told(one.came, few) for one in days))
    ended = Series(_("已办结"), tuple(_told(one.ended, few) for one in days), "outline")
    late = Series(_("到了时限没办完"), tuple(one.late for one in days), "line")
    hidden = any(count is None for one in (came, ended) for count in one.counts)
    return Chart(
        "days", _("最近 %(n)d 天") % {"n": len(days)}, _("日期"), tuple(f"{one.day:%m-%d}" for one in days),
        (came, ended, late),
        note=_("“—”：不到 5 件，不单列，图上不画。") if hidden else "",
    )  # fmt: skip


def _told(count: int, few: bool) -> int | None:
    return None if few and 0 < count < FEWEST else count
