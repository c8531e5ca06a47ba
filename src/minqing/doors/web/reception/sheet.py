"""The brief of a day as sentences, tiles and tables: one value for the page and for the sheet of paper.

Counts are of the whole area; splits show no cell in which somebody could be recognised (`insight.measures.cells`).
Sentences are in the tongue that is active: a paper is made in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.doors.web.wordings import category_title
from minqing.insight.measures.cells import shown_cells
from minqing.insight.measures.days import Day
from minqing.registers.regions.queries import known_places
from minqing.tools.letters.values import Brief, Section, Table, Tile

_ROWS = 14  # of a table: one sheet
_HIDDEN = "—"


def sheet_of(day: Day, on: date, place: str, lang: str, *, today: bool, due: Sequence[tuple[str, ...]] = ()) -> Brief:
    """The brief. `today`: what runs now is told only of the present day. `due`: what ends today, as rows."""
    return Brief(
        title=_("社会治理日报"),
        place=place,
        day=on,
        tiles=tuple(_tiles(day, today)),
        sections=tuple(_sections(day, lang, today)),
        tables=tuple(_tables(day, lang, today, due)),
        foot=_("件数少于 5 的分项不单列。反映多少不作为好坏的评价；按登记和办理记录自动汇总。"),
    )


def _tiles(day: Day, today: bool) -> Iterator[Tile]:
    yield Tile(_("收到反映"), str(day.came), _("前一天 %(n)d") % {"n": day.came_before})
    yield Tile(_("其中紧急"), str(day.urgent), "", "grave" if day.urgent else "plain")
    yield Tile(_("报告办好"), str(day.settled))
    yield Tile(_("已办结"), str(day.ended), _("重新办理 %(n)d") % {"n": day.reopened} if day.reopened else "")
    if today:
        late = day.owing.late
        beside = _("在办 %(n)d") % {"n": day.owing.running}
        yield Tile(_("在办已超时"), str(late), beside, "warn" if late else "plain")


def _sections(day: Day, lang: str, today: bool) -> Iterator[Section]:
    yield Section(_("当天情况"), ((" " if lang == "en" else "").join(_happened(day, lang)),))
    if today:
        yield Section(_("要盯住的事"), (), tuple(_to_watch(day)))


def _happened(day: Day, lang: str) -> Iterator[str]:
    if not day.came:
        yield _("当天没有收到新的反映。")
    else:
        yield ngettext("当天收到反映 %(n)d 件。", "当天收到反映 %(n)d 件。", day.came) % {"n": day.came}
    if day.urgent:
        yield ngettext(
            "其中紧急事项 %(n)d 件，已当场通知到人。", "其中紧急事项 %(n)d 件，已当场通知到人。", day.urgent
        ) % {"n": day.urgent}  # fmt: skip
    most = [
        _("%(title)s %(n)d 件") % {"title": _category(key, lang), "n": count}
        for key, count in shown_cells(day.categories).items()
        if key and count
    ]
    if most:
        yield _("反映较多的是%(what)s。") % {"what": _("、").join(most[:3])}
    yield _("报告办好 %(settled)d 件，办结 %(ended)d 件。") % {"settled": day.settled, "ended": day.ended}
    if day.reopened:
        yield _("有 %(n)d 件应反映人要求重新办理。") % {"n": day.reopened}


def _to_watch(day: Day) -> Iterator[str]:
    """What waits for somebody now; a day on which nothing does says so."""
    owing = day.owing
    lines = (
        (owing.urgent, _("紧急事项还没有人到场或回应：%(n)d 件，请马上打电话确认")),
        (owing.rulings, _("退单等裁定：%(n)d 件，由共同的上级定，办理时限照常在走")),
        (owing.due, _("今天到期：%(n)d 件")),
        (owing.late, _("已经超时还在办：%(n)d 件，请逐件催办")),
        (owing.call_backs, _("办好等回访：%(n)d 件，由没有经手的人回访")),
    )
    found = [said % {"n": count} for count, said in lines if count]
    yield from found or [_("没有等裁定、今天到期或超时的事。")]


def _tables(day: Day, lang: str, today: bool, due: Sequence[tuple[str, ...]]) -> Iterator[Table]:
    places = _places(day, today)
    if places and all(row[1] == _HIDDEN for row in places):
        yield Table(_("按地方"), (_("地方"), _("在办已超时")), tuple((name, late) for name, _came, late in places))
    elif places:
        head = (_("地方"), _("收到"), _("在办已超时")) if today else (_("地方"), _("收到"))
        yield Table(_("按地方"), head, places, note=_("“—”：件数少，不单列"))
    shown = shown_cells({_category(key, lang): count for key, count in day.categories.items()})
    rows = tuple((title, str(count)) for title, count in shown.items() if count)[:_ROWS]
    yield Table(_("按类别"), (_("类别"), _("收到")), rows, _("各类件数都少，不单列。"))
    if today and due:
        yield Table(_("今天到期的（前 %(n)d 件）") % {"n": len(due)}, (_("编码"), _("单位"), _("时间")), tuple(due))


def _places(day: Day, today: bool) -> tuple[tuple[str, ...], ...]:
    """Parts of the area in which something came in that may be told, or (today) something runs late."""
    names = {key: one.name for key, one in known_places([*day.places, *day.late]).items()}
    came = shown_cells({key: day.places.get(key, 0) for key in names})
    late = {key: day.late.get(key, 0) if today else 0 for key in names}
    there = sorted((key for key in names if came[key] or late[key]), key=lambda key: (-late[key], -(came[key] or 0)))
    rows = [(names[key], _HIDDEN if came[key] is None else str(came[key]), str(late[key])) for key in there]
    return tuple(row if today else row[:2] for row in rows[:_ROWS])


def _category(key: str, lang: str) -> str:
    return category_title(key, lang) if key else _("还没有归类")
