"""Lines of an inbox as pages show them: what they are narrowed to, a page of them, words for levels and duties.

The kernel walks an inbox by colour (twice the gravity of the level, less one when late), due time and duty; what is
narrowed here to some colours or to a day is read as stretches of that order, so that an index serves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.web.tongues import tongue
from minqing.kernel.matters.consequences import duty_title
from minqing.kernel.matters.queries import MANY, Waiting, inbox, tally
from minqing.kernel.matters.rows import GRAVITIES
from minqing.kernel.matters.urgency import Clock, clock_word
from minqing.kernel.matters.versions import current_methods, methods_of
from minqing.kernel.methods.model import CALL_BACK, Method
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import code_of
from minqing.registers.regions.queries import names_of_units, slugs_of, units_named

PAGE = 30
_EARLIEST = datetime(1949, 1, 1, tzinfo=UTC)
#: Duties that need something of their own: slug of the filter, title, drawing, kinds (ending in ':': what begins so).
SORTS = (
    ("call-back", _("要回访"), "phone", ("@" + CALL_BACK,)),
    ("whistle", _("要应哨"), "alert-triangle", ("report-in", "attend", "answer")),
    ("ruling", _("要裁定的退单"), "edit", ("ruling",)),
    ("letter", _("来函和督办要回复"), "file-text", ("reply:", "report-back")),
    ("emergency", _("紧急响应"), "clock-exclamation", ("respond:",)),
)
#: Duties of the kernel itself, in the reader's tongue; those of a method file keep its words.
_KERNEL_DUTIES = {
    "report-in": _("报到"), "attend": _("到场"), "answer": _("答复"), "ruling": _("退单裁定"),
    "report-back": _("督办报告"), "outside": _("来件单位时限"), "@" + CALL_BACK: _("回访"),
}  # fmt: skip
_COLOURS = ("red", "yellow", "green")

_PAST_ALL = 2**62  # behind every duty of that colour and due time

After = tuple[int, datetime, int]
Stretch = tuple[int, datetime, datetime | None]  # colour; due after the first moment, not after the second


@dataclass(frozen=True)
class Narrowed:
    """What an inbox is narrowed to, as its address says it. `mine`: what the own unit owes, not the whole area."""

    mine: bool = True
    gravity: int | None = None
    late: bool = False
    today: bool = False
    sort: str = ""

    def stretches(self) -> list[Stretch]:
        """The parts of the inbox's order that are wanted, most urgent first. Late is what the kernel counts as late:
        also what is past its due time and has not got the colour of the late yet."""
        now = moments.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        found: list[Stretch] = []
        for gravity in range(GRAVITIES) if self.gravity is None else [self.gravity]:
            late, running = 2 * gravity, 2 * gravity + 1
            if self.late and self.today:
                continue
            if not self.today:
                found.append((late, _EARLIEST, None))
            if self.today:
                found.append((running, now, midnight))
            else:
                found.append((running, _EARLIEST, now if self.late else None))
        return found

    def told(self) -> dict[str, str]:
        """As an address says it."""
        told = {"list": "mine" if self.mine else "area"}
        told |= {"gravity": str(self.gravity)} if self.gravity is not None else {}
        told |= {name: "1" for name in ("late", "today") if getattr(self, name)}
        return told | ({"sort": self.sort} if self.sort else {})

    def address(self, **changes: object) -> str:
        """The same inbox, changed so."""
        return "/inbox?" + urlencode(replace(self, **changes).told())  # type: ignore[arg-type]


def narrowed(asked: QueryDict, viewer: Viewer) -> Narrowed:
    """What an address asks for; what it does not know is left out, so that an old bookmark still opens."""
    gravity = asked.get("gravity", "")
    sorts = {slug for slug, *_ in SORTS}
    only_mine = viewer.scope.level in ("unit", "none")
    return Narrowed(
        mine=only_mine or (bool(viewer.unit) and asked.get("list") != "area"),
        gravity=int(gravity) if gravity.isascii() and gravity.isdigit() and int(gravity) < GRAVITIES else None,
        late=asked.get("late") == "1",
        today=asked.get("today") == "1",
        sort=asked.get("sort", "") if asked.get("sort") in sorts else "",
    )


def place_of(after: str) -> After | None:
    """Where a page begins: behind this line; raises BadInput for what was never such a place."""
    if not after:
        return None
    try:
        colour, due, duty = after.split("~")
        return int(colour), datetime.fromtimestamp(int(due), UTC), int(duty)
    except (ValueError, OverflowError, OSError) as fault:
        raise BadInput(
            "翻页的位置已经失效：请从第一页重新看（this place is stale: begin with the first page）"
        ) from fault


@dataclass(frozen=True)
class Line:
    """One duty as a page shows it."""

    number: int
    code: str
    title: str
    duty: str
    unit: str
    due: datetime
    clock: Clock
    level: str
    colour: str
    place: str


@dataclass(frozen=True)
class Page:
    """Some lines; `next` is where those after them begin, '' when there are none."""

    lines: tuple[Line, ...] = ()
    next: str = ""


def page(
    viewer: Viewer, wanted: Narrowed, after: After | None = None, many: int = PAGE, kinds: Sequence[str] = ()
) -> Page:
    """A page of the inbox; of the own list with `kinds` those kinds of duties alone."""
    kinds = kinds_of(wanted.sort, tally(viewer, mine=True)) if wanted.sort else kinds
    if wanted.sort and not kinds:
        return Page()
    found = _read(viewer, wanted, kinds, after, many + 1)
    lines = shown(found[:many])
    return Page(lines, lines[-1].place if len(found) > many else "")


def _read(viewer: Viewer, wanted: Narrowed, kinds: Sequence[str], after: After | None, many: int) -> list[Waiting]:
    """One statement where nothing is narrowed by colour or day; else one a stretch."""
    mine = wanted.mine or bool(kinds)
    if wanted.gravity is None and not wanted.late and not wanted.today:
        return inbox(viewer, many, after, mine, kinds)
    found: list[Waiting] = []
    for colour, begins, until in wanted.stretches():
        if len(found) >= many or (after is not None and colour < after[0]):
            continue
        start = max((colour, begins, _PAST_ALL), after) if after is not None else (colour, begins, _PAST_ALL)
        rows = inbox(viewer, many - len(found), start, mine, kinds)
        found += [row for row in rows if row.colour == colour and (until is None or row.due <= until)]
    return found


def kinds_of(sort: str, owed: Iterable[str]) -> tuple[str, ...]:
    """Of the kinds of duties that are owed those of a sort."""
    names = next(kinds for slug, _title, _drawing, kinds in SORTS if slug == sort)
    begun = tuple(name for name in names if name.endswith(":"))
    return tuple(kind for kind in owed if kind in names or (begun and kind.startswith(begun)))


def shown(rows: Sequence[Waiting]) -> tuple[Line, ...]:
    """Duties with the words of their methods and the names of units."""
    methods = methods_of({(row.method, row.version) for row in rows})
    units = names_of_units({row.unit for row in rows})
    now = moments.now()
    return tuple(_line(row, methods[row.method, row.version], units, now) for row in rows)


def _line(row: Waiting, method: Method, units: Mapping[int, str], now: datetime) -> Line:
    level = method.levels.get(row.level)
    return Line(
        number=row.duty,
        code=row.code,
        title=row.title,
        duty=str(_KERNEL_DUTIES.get(row.kind) or duty_title(method, row.kind).said(tongue())),
        unit=units.get(row.unit, ""),
        due=row.due,
        clock=clock_word(row.starts, row.due, row.late, now),
        level=level.title.said(tongue()) if level is not None else "",
        colour=colour_of(row.colour // 2) if level is not None else "",
        place=f"{row.colour}~{int(row.due.timestamp())}~{row.duty}",
    )


def colour_of(gravity: int) -> str:
    """The dot beside a level, the gravest red; beside it the level always stands in words."""
    return _COLOURS[min(gravity, len(_COLOURS) - 1)]


def level_titles(gravity: int, methods: Sequence[Method]) -> str:
    """What methods call the levels of a gravity; '' where none has so many."""
    levels = [list(method.levels.values())[-1 - gravity] for method in methods if len(method.levels) > gravity]
    return " / ".join(dict.fromkeys(level.title.said(tongue()) for level in levels))


def methods_of_viewer(viewer: Viewer) -> list[Method]:
    """The published methods that serve the viewer's county."""
    code = area_of(viewer)
    return [method for method in current_methods() if code.startswith(method.place)]


def area_of(viewer: Viewer) -> str:
    """The code of the widest place a viewer works in: their own area, else that of their unit; '' for none."""
    if viewer.scope.areas:
        return code_of(viewer.scope.areas[0][0])
    slug = slugs_of([viewer.unit]).get(viewer.unit, "") if viewer.unit else ""
    return next((unit.place for unit in units_named(slug) if unit.slug == slug), "") if slug else ""


def capped(count: int) -> str:
    """A count as it is shown: none beyond what is counted."""
    return f"{MANY}+" if count >= MANY else str(count)
