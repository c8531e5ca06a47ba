"""Parts of pages: icons, the chip of a clock, moments as people read them. Builtins of every template."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from minqing.base import moments
from minqing.doors.web.finders import PICKED, icon_address

register = template.Library()

#: How the word of a clock is shown: title, colour, icon. Never by colour alone.
CLOCKS = {
    "late": (gettext_lazy("已超时"), "red", "alert-triangle"),
    "near": (gettext_lazy("快到时限"), "orange", "clock-exclamation"),
    "running": (gettext_lazy("办理中"), "blue", "clock"),
    "ended": (gettext_lazy("已办结"), "green", "circle-check"),
    "paused": (gettext_lazy("暂停计时"), "secondary", "player-pause"),
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A drawing of the package of icons, for the eye only: what it means stands beside it in words."""
    text = (Path(settings.NODE_MODULES) / PICKED[icon_address(name)]).read_text("utf-8")
    drawn = (text.partition("-->")[2] or text).strip().replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
    return mark_safe(drawn.replace('class="', 'class="icon ', 1))


@register.simple_tag
def chip(clock: str) -> SafeString:
    """The state of a clock: 'late', 'near', 'running', 'ended', 'paused'."""
    return _chip(clock, get_language())


@cache
def _chip(clock: str, _tongue: str | None) -> SafeString:
    """A list shows one a line: drawn once for each tongue."""
    title, colour, drawing = CLOCKS[clock]
    return render_to_string("web/parts/chip.html", {"title": title, "colour": colour, "drawing": drawing})


@register.filter
def moment(value: datetime | None) -> str:
    """Day and minute; midnight is the 24:00 of the day before."""
    if value is None:
        return ""
    value = moments.in_china(value)
    if (value.hour, value.minute) == (0, 0):
        return f"{value - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{value:%Y-%m-%d %H:%M}"


@register.filter
def clock_time(value: datetime) -> str:
    """The minute of a day that stands above it."""
    return f"{moments.in_china(value):%H:%M}"


@register.filter
def from_now(value: datetime | None) -> str:
    """How far off, in the largest unit that says something: 还剩 2 天, 超 3 小时."""
    if value is None:
        return ""
    left = value - moments.now()
    return (
        _("还剩 %(span)s") % {"span": span(left)} if left > timedelta(0) else _("已超 %(span)s") % {"span": span(-left)}
    )


def span(length: timedelta) -> str:
    """A length in days, hours or minutes."""
    minutes = int(length.total_seconds()) // 60
    if minutes >= 48 * 60:
        return ngettext("%(n)d 天", "%(n)d 天", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 60:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
