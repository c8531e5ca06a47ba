"""What came of a try, drawn: duties met in time at each stage and how matters ended, of both versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from minqing.doors.web.charts import Chart, Count, Look, Series
from minqing.doors.web.tongues import tongue
from minqing.insight.twin.beside import Beside
from minqing.insight.twin.outcome import OnTime, Outcome
from minqing.kernel.methods.words import ENDS


def rates_chart(found: Beside, stages: Mapping[str, str], draft: bool) -> Chart:
    """In per cent; nothing where nothing was owed."""
    both = found.new, found.before
    slugs = list(dict.fromkeys(slug for one in both if one is not None for slug in one.on_time_by_stage))
    marks = (_("全部责任"), *(stages.get(slug, slug) for slug in slugs))

    def of(one: Outcome) -> tuple[Count, ...]:
        return tuple(map(_percent, (one.on_time, *(one.on_time_by_stage.get(slug) for slug in slugs))))

    return Chart("rates", _("环节按时率"), _("环节"), marks, _series(found, draft, of), "%", across=True, stays=True)


def ends_chart(found: Beside, draft: bool) -> Chart:
    """In matters."""
    both = [one.ends for one in (found.new, found.before) if one is not None]
    slugs = [slug for slug in dict.fromkeys(slug for one in both for slug in one) if any(one.get(slug) for one in both)]
    marks = tuple(str(ENDS[slug][tongue() == "en"]) for slug in slugs)

    def of(one: Outcome) -> tuple[Count, ...]:
        return tuple(one.ends.get(slug, 0) for slug in slugs)

    return Chart("ends", _("怎样办结（件）"), _("方式"), marks, _series(found, draft, of), across=True, stays=True)


def _series(found: Beside, draft: bool, of: Callable[[Outcome], tuple[Count, ...]]) -> tuple[Series, ...]:
    runs: list[tuple[str, Outcome | None, Look]] = [
        (_("草稿") if draft else _("这一版"), found.new, "full"),
        (_("对照的版本"), found.before, "outline"),
    ]
    return tuple(Series(title, of(one), look) for title, one, look in runs if one is not None)


def _percent(rate: OnTime | None) -> Count:
    return round(100 * rate.rate, 1) if rate is not None and rate.owed else None
