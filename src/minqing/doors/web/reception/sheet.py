"""The brief of a day as sentences, tiles and tables: one value for the page and for the sheet of paper.

Counts are of what its reader may see of the area; splits show no cell in which somebody could be recognised
(`insight.measures.cells`), nor does a place below the towns (`few`) tell how few came in. What offices owe is told as
it is. Sentences are in the tongue that is active: a paper is made in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.doors.web.wordings import category_title
from minqing.insight.measures.cells import shown_cells
from minqing.insight.measures.days import Day
from minqing.insight.measures.rules import FEWEST
from minqing.kernel.methods.words import ENDS
from minqing.registers.regions.codes import code_of
from minqing.registers.regions.queries import known_places
from minqing.tools.letters.values import Brief, Section, Table, Tile

_ROWS = 14  # of a table: one sheet
_HIDDEN = "—"


def sheet_of(
    day: Day, on: date, place: str, lang: str, *, today: bool, few: bool = False, own: str = "",
    due: Sequence[tuple[str, ...]] = (),
) -> Brief:  # fmt: skip
    """The brief. `today`: what runs now is told only of the present day. `few`: of a place in which fewer than five
    are told apart by their neighbours. `own`: names the row of what the area's own units owe, not those of its parts;
    `due`: what ends today, as rows."""
    return Brief(
        title=_("社会治理日报"),
        place=place,
        day=on,
        tiles=tuple(_tiles(day, today, few)),
        sections=tuple(_sections(day, lang, today, few)),
        tables=tuple(_tables(day, lang, today, own, due)),
        foot=_("只计本岗位看得到的事项；件数少于 5 的分项不单列。反映多少不作为好坏的评价；按登记和办理记录自动汇总。"),
    )


def _tiles(day: Day, today: bool, few: bool) -> Iterator[Tile]:
    yield Tile(_("收到反映"), _count(day.came, few), _("前一天 %(n)s") % {"n": _count(day.came_before, few)})
    yield Tile(_("其中紧急"), _count(day.urgent, few), "", "grave" if day.urgent else "plain")
    yield Tile(_("报告办好"), _count(day.settled, few))
    again = day.reopened + day.alarmed + day.sent_back
    beside = _("重新办理 %(n)s") % {"n": _count(again, few)} if again else ""
    yield Tile(_("已办结"), _count(_ended(day), few), beside)
    if today:
        late = day.owing.late
        beside = _("在办 %(n)d") % {"n": day.owing.running}
        yield Tile(_("在办已超时"), str(late), beside, "warn" if late else "plain", "late" if late else "")


def _count(count: int, few: bool) -> str:
    """A count of what was reported, as it may be told of that place."""
    return _("不到 5") if few and 0 < count < FEWEST else str(count)


def _ended(day: Day) -> int:
    return sum(day.ends.values())


def _sections(day: Day, lang: str, today: bool, few: bool) -> Iterator[Section]:
    yield Section(_("当天情况"), ((" " if lang == "en" else "").join(_happened(day, lang, few)),))
    if today:
        found = tuple(_to_watch(day))
        yield Section(_("要盯住的事"), (), tuple(said for said, _of in found), tuple(of for _said, of in found))


def _happened(day: Day, lang: str, few: bool) -> Iterator[str]:
    if not day.came:
        yield _("当天没有收到新的反映。")
    else:
        told = {"n": _count(day.came, few)}
        yield ngettext("当天收到反映 %(n)s 件。", "当天收到反映 %(n)s 件。", day.came) % told
    yield from _alarms(day, few)
    most = [
        _("%(title)s %(n)d 件") % {"title": _category(key, lang), "n": count}
        for key, count in shown_cells(day.categories).items()
        if key and count
    ]
    if most:
        yield _("反映较多的是%(what)s。") % {"what": _("、").join(most[:3])}
    told = {"settled": _count(day.settled, few), "ended": _count(_ended(day), few)}
    yield _("报告办好 %(settled)s 件，办结 %(ended)s 件。") % told
    again = (
        (day.reopened, _("有 %(n)s 件应反映人要求重新办理。")),
        (day.sent_back, _("有 %(n)s 件回访时反映人不满意，退回重新办理。")),
        (day.alarmed, _("有 %(n)s 件办结后发现紧急情况，恢复办理。")),
    )
    for count, said in again:
        if count:
            yield said % {"n": _count(count, few)}


def _alarms(day: Day, few: bool) -> Iterator[str]:
    """Emergencies: only of those somebody answered to is it said that somebody did."""
    if not day.urgent:
        return
    yield ngettext("其中紧急事项 %(n)s 件，", "其中紧急事项 %(n)s 件，", day.urgent) % {"n": _count(day.urgent, few)}
    if day.answered == day.urgent:
        yield _("已有人到场或回应。")
    elif day.answered and not few:
        told = {"answered": day.answered, "told": day.urgent - day.answered}
        yield _("%(answered)d 件已有人到场或回应，%(told)d 件已发出通知。") % told
    else:
        yield _("已发出通知。")


def _to_watch(day: Day) -> Iterator[tuple[str, str]]:
    """What waits for somebody now, with the list it counts; a day on which nothing does says so."""
    owing = day.owing
    lines = (
        (owing.urgent, _("紧急事项还没有人到场或回应：%(n)d 件，请马上打电话确认"), ""),
        (owing.rulings, _("退单等裁定：%(n)d 件，由共同的上级定，办理时限照常在走"), ""),
        (owing.due, _("今天到期：%(n)d 件"), "due"),
        (owing.late, _("已经超时还在办：%(n)d 件，请逐件催办"), "late"),
        (owing.call_backs, _("办好等回访：%(n)d 件，由没有经手的人回访"), "call-backs"),
    )
    found = [(said % {"n": count}, of) for count, said, of in lines if count]
    yield from found or [(_("没有等裁定、今天到期或超时的事。"), "")]


def _tables(day: Day, lang: str, today: bool, own: str, due: Sequence[tuple[str, ...]]) -> Iterator[Table]:
    places = _places(day, today, own)
    if places is not None:
        yield places
    shown = shown_cells({_category(key, lang): count for key, count in day.categories.items()})
    few = _("各类件数都少，不单列。")
    yield Table(_("按类别"), (_("类别"), _("收到")), _rows(shown), few)
    if day.ends:
        ends = {ENDS[end][1 if lang == "en" else 0]: count for end, count in day.ends.items()}
        yield Table(_("怎样办结的"), (_("结果"), _("件数")), _rows(shown_cells(ends)), few)
    if today and due:
        title = _("今天到期的") if len(due) >= day.owing.due else _("今天到期的（前 %(n)d 件）") % {"n": len(due)}
        yield Table(title, (_("编码"), _("单位"), _("时间")), tuple(due),
                    of=tuple(f"matter:{row[0]}" for row in due))  # fmt: skip


def _rows(shown: Mapping[str, int | None]) -> tuple[tuple[str, ...], ...]:
    return tuple((title, str(count)) for title, count in shown.items() if count)[:_ROWS]


def _places(day: Day, today: bool, own: str) -> Table | None:
    """Parts of the area of which something may be told. What is known of no part is one of them (0), lest it come out
    by subtraction; a column in which all is hidden is left out. What the area's own units owe is told as it is, below
    the parts, in which it is counted too."""
    ours = day.owing.late_own if today and own else 0
    keys = dict.fromkeys([*day.places, *day.late])
    came = shown_cells({key: day.places.get(key, 0) for key in keys})
    late = shown_cells({key: day.late.get(key, 0) if today else 0 for key in keys})
    there = sorted(
        (key for key in keys if came[key] or late[key]), key=lambda key: (-(late[key] or 0), -(came[key] or 0))
    )
    columns = [
        (title, column)
        for title, column in ((_("收到"), came), (_("在办已超时"), late))
        if any(column[key] for key in there) or (column is late and ours)
    ]
    if not columns:
        return None
    there = there[: _ROWS - bool(ours)]
    names = {key: one.name for key, one in known_places(there).items()}
    rows = [(names.get(key) or _("没有写明"), *(_cell(column[key]) for _t, column in columns)) for key in there]
    notes = [_("“—”：件数少，不单列")] if any(_HIDDEN in row for row in rows) else []
    of = [f"late:{code_of(key)}" if key and late[key] else "" for key in there]
    if ours:
        rows.append((own, *("" for _column in columns[1:]), str(ours)))
        notes += [_("“%(own)s”也算在各地方里") % {"own": own}] if there else []
        of.append("")
    head = (_("地方"), *(title for title, _c in columns))
    return Table(_("按地方"), head, tuple(rows), note=_("；").join(notes), of=tuple(of))


def _cell(count: int | None) -> str:
    return _HIDDEN if count is None else str(count)


def _category(key: str, lang: str) -> str:
    return category_title(key, lang) if key else _("还没有归类")
