"""What a viewer asks about matters: one of them with what may be done, lists, counts, the inbox.

Everything here runs inside the viewer's scope: row security filters. Every list also names the level and key of that
scope (`own_list`, `_LISTS`), which is what an index can serve; without it a grid's page would read the whole county.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.moments import in_china
from minqing.kernel.matters.commands import Context
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.masked import open_masked
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.own_list import duties_of, list_of
from minqing.kernel.matters.reading import Line, Stored, histories, read_named, read_one
from minqing.kernel.matters.received import received_by
from minqing.kernel.matters.revealing import Named, named_in
from minqing.kernel.matters.rights import has_right
from minqing.kernel.matters.rows import COLOURS
from minqing.kernel.matters.searching import find
from minqing.kernel.matters.showing import offered
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.urgency import Clock, clock_word
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import HOUSE, Level, Scope, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import Region, level_of, range_of
from minqing.registers.vault import queries as vault

MANY = 1000  # counts stop here: "1000+"
MOST = 200  # lines of one page


@dataclass(frozen=True)
class Sight:
    """One matter as a viewer sees it: masked words, its method, what a decision would be handed, what they may do."""

    stored: Stored
    method: Method
    context: Context
    title: str
    text: str
    offers: tuple[Offer, ...]
    sealed: tuple[Named, ...] | None = None


def look(viewer: Viewer, code: str, *, only: str = "", sealed: bool = False) -> Sight:
    """One matter. Raises NotFound alike where there is none and where the viewer sees none.

    `only`: of the offers that of one verb. `sealed`: names of what the viewer may ask to open, in the same turn."""
    names: tuple[vault.Named, ...] = ()
    if sealed and viewer.person and has_right(viewer, "reveal"):
        stored, names = read_named(viewer.scope, code)
    else:
        stored = read_one(viewer.scope, code)
    matter = stored.matter
    version = (matter.method, matter.version)
    method = methods_of([version])[version]
    now = max(moments.now(), stored.happened)
    context = around([matter.place]).context(matter.place, now, viewer, {})
    offers = tuple(offered(method, matter, context, decide, only)) if _may_act(viewer) else ()
    named = named_in(viewer, stored, context, names) if sealed else None
    return Sight(stored, method, context, stored.title, stored.text, offers, named)


def _may_act(viewer: Viewer) -> bool:
    """A post acts by its right; a reporter, who has none, in the reporter's part."""
    return not viewer.role or "act" in viewer.rights


def lines_of(viewer: Viewer, code: str) -> tuple[Line, ...]:
    """All that happened to a matter that the viewer sees, in order."""
    stored = read_one(viewer.scope, code)
    return histories(viewer.scope, [stored.id]).get(stored.id, ())


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; empty: not at all. `words` are looked for in the masked copies. `mine`: not the
    viewer's area but what their unit owes or ever owed, wherever it is. `place`: there and below. `received_by`: by one
    of these people, since then."""

    state: Literal["open", "ended", "all"] = "open"
    stage: str = ""
    level: str = ""
    kind: str = ""
    category: str = ""
    channel: str = ""
    late: bool | None = None
    words: str = ""
    mine: bool = False
    place: Region = 0
    received_by: tuple[Collection[int], datetime] | None = None


@dataclass(frozen=True)
class Listed:
    """One line of a list. `due` is that of the duty that stands for the matter; None when nothing runs."""

    code: str
    title: str
    method: str
    stage: str
    level: str
    kind: str
    holder: int
    due: datetime | None
    clock: Clock
    position: int
    opened: datetime


@dataclass(frozen=True)
class Listing:
    """A page, newest first; `next` asks for the one after it, '' when this is the last."""

    rows: tuple[Listed, ...] = ()
    next: str = ""


def _newest(own: str, matter: str) -> tuple[str, str]:
    """Condition and order of matters by an index (own, matter). Not `own = key`: matters of one key stand in order in
    the index of their numbers too, and where random pages are dear (PostgreSQL's default) the planner goes through the
    whole county by that. `<=`, for the planner takes the equal ones of `<` for none."""
    return (
        f"{own} >= %(key)s and ({own}, {matter}) <= (%(key)s, %(before)s - 1)",
        f"{own} desc, {matter} desc",
    )


# The index condition of each level's matters, and their order; no list shows what stands at 'none'. A unit's are those
# it ever owed something in, each by the first such duty; a `distinct` would gather all of them for every page.
_LISTS: Mapping[Level, tuple[str, str]] = {
    "county": ("m.id < %(before)s", "m.id desc"),
    "town": _newest("m.town", "m.id"),
    "village": _newest("m.village", "m.id"),
    "region": _newest("m.region", "m.id"),
    "unit": _newest("u.unit", "u.matter_id"),
    "none": ("false", "m.id desc"),
}
_OF_A_UNIT = """matters_duty u join matters_matter m on m.id = u.matter_id and not exists (
    select from matters_duty e where e.unit = u.unit and e.matter_id = u.matter_id and e.id < u.id)"""
_LISTED = """
select m.id, m.code, m.title_masked, k.master, k.wrapped, m.method, m.stage, m.level, m.kind, m.holder, m.open,
       d.starts, d.due, d.late, m.position, m.opened
from {rows}
left join matters_duty d on d.matter_id = m.id and d.main and d.state = 0
left join vault_key k on k.subject = m.code
where {level}{filters} order by {order} limit %(limit)s"""
_FILTERS = {
    name: f" and m.{name} = %({name})s" for name in ("stage", "level", "kind", "category", "channel")
} | {"open": " and m.open", "ended": " and not m.open", "ids": " and m.id = any(%(ids)s)",
       "place": " and m.region >= %(low)s and m.region < %(high)s"}  # fmt: skip
# Late is what is past its due time, whether or not the sweep has come by since: lists, counts and tallies say it alike.
GONE = "(d.late or d.due <= %(now)s)"
_LATE = {True: f" and {GONE}", False: f" and {GONE} is not true"}
_LEVEL_OF: Mapping[str, Level] = {"town": "town", "village": "village", "grid": "region"}
_FIRST = 2**62  # before the first line: nothing was seen yet


def listing(viewer: Viewer, wanted: Wanted, limit: int = 50, after: str = "") -> Listing:
    """Matters of the viewer's own list, newest first. `after` is `next` of the page before."""
    scope = _within(list_of(viewer, wanted.mine), wanted.place)
    if not 1 <= limit <= MOST:
        raise BadInput(f"一页最少 1 条、最多 {MOST} 条（limit is 1 to {MOST}）")
    if scope.level == "none":
        return Listing()
    with seen_by(scope):
        rows = _page(scope, wanted, limit + 1, _place_of(after))
    more = len(rows) > limit
    shown = tuple(_listed(*row[1:]) for row in rows[:limit])
    return Listing(shown, shown[-1].code if more else "")


def _within(scope: Scope, place: Region) -> Scope:
    """The list of a place instead of the viewer's own: row security keeps out of it what the viewer does not see. The
    list of a unit stays what it is, and is filtered."""
    level = _LEVEL_OF.get(level_of(place)) if place and scope.level not in ("unit", "none") else None
    return replace(scope, level=level, key=place) if level is not None else scope


def _ranged(scope: Scope, place: Region) -> bool:
    """Whether a place is a filter of the list, and not its level: of a unit's list, and of any by a county or a place
    above one, which may be another's."""
    return bool(place) and (scope.level == "unit" or level_of(place) not in _LEVEL_OF)


def _place_of(after: str) -> int:
    """Where a page begins: behind a matter that the viewer sees, so that a cursor tells nothing they do not know."""
    if not after:
        return _FIRST
    with connection.cursor() as cursor:
        cursor.execute("select id from matters_matter where code = %s", [after])
        found = cursor.fetchone()
    if found is None:
        raise BadInput("翻页的位置已经失效：请从第一页重新列出（this cursor is stale: list from the first page again）")
    place: int = found[0]
    return place


def _page(scope: Scope, wanted: Wanted, many: int, before: int) -> list[Any]:
    if wanted.received_by is not None:
        return _rows(scope, wanted, many, before, received_by(*wanted.received_by))
    if not wanted.words.strip():
        return _rows(scope, wanted, many, before, None)
    rows: list[Any] = []
    asked = 2 * many
    while len(rows) < many:  # what was found may be narrowed away: then more of it
        found = find(scope, wanted.words, before, asked)
        rows += _rows(scope, wanted, many - len(rows), before, found)
        if len(found) < asked:
            break
        before, asked = found[-1], max(MANY, asked)
    return rows


def _rows(scope: Scope, wanted: Wanted, many: int, before: int, ids: Sequence[int] | None) -> list[Any]:
    names = [name for name in ("stage", "level", "kind", "category", "channel") if getattr(wanted, name)]
    asked = [*names, *([wanted.state] if wanted.state != "all" else []), *(["ids"] if ids is not None else [])]
    asked += ["place"] if _ranged(scope, wanted.place) else []
    filters = "".join(_FILTERS[name] for name in asked) + (_LATE[wanted.late] if wanted.late is not None else "")
    rows = _OF_A_UNIT if scope.level == "unit" else "matters_matter m"
    level, order = _LISTS[scope.level]
    statement = _LISTED.format(rows=rows, level=level, filters=filters, order=order)
    low, high = range_of(wanted.place) if wanted.place else (0, 0)
    told = {name: getattr(wanted, name) for name in names} | {"low": low, "high": high}
    told |= {"key": scope.key, "before": before, "limit": many, "now": moments.now(), "ids": list(ids or ())}
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return list(cursor.fetchall())


def _listed(
    code: str, title: bytes, master: int | None, wrapped: bytes | None, method: str, stage: str, level: str,
    kind: str, holder: int, running: bool, starts: datetime | None, due: datetime | None, late: bool | None,
    position: int, opened: datetime,
) -> Listed:  # fmt: skip
    now = moments.now()
    return Listed(
        code, open_masked(code, bytes(title), b"", master, wrapped).title, method, stage, level, kind, holder,
        in_china(due) if due is not None else None,
        clock_word(starts, due, bool(late), now) if running else "ended", position, in_china(opened),
    )  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """One line of an inbox: a running duty and what is shown of its matter."""

    code: str
    title: str
    stage: str
    level: str
    duty: int
    kind: str
    unit: int
    colour: int
    due: datetime
    late: bool
    starts: datetime
    method: str
    version: str


_INBOX = """
select m.code, m.title_masked, k.master, k.wrapped, m.stage, m.level, d.id, d.kind, d.unit, d.colour, d.due, d.late,
       d.starts, m.method, m.version
from (select * from matters_duty d where d.state = 0 and {level}{after} order by d.colour, d.due, d.id
      limit %(limit)s) d
join matters_matter m on m.id = d.matter_id left join vault_key k on k.subject = m.code
order by d.colour, d.due, d.id"""
_AFTER = " and (d.colour, d.due, d.id) > (%(colour)s, %(due)s, %(duty)s)"
_KINDS = " and d.kind = any(%(kinds)s)"


def inbox(
    viewer: Viewer, limit: int = 50, after: tuple[int, datetime, int] | None = None, mine: bool = False,
    kinds: Sequence[str] = (),
) -> list[Waiting]:  # fmt: skip
    """Running duties of the viewer's list, most urgent and earliest first: one line a matter in an area, every duty
    of a unit (of their own, with `mine`). `after`: colour, due and duty of the last line seen. `kinds`: these only,
    which walks past all others: for the own list of a unit."""
    scope, level, told = duties_of(viewer, mine)
    told |= {"limit": limit, "kinds": list(kinds)}
    told |= dict(zip(("colour", "due", "duty"), after, strict=True)) if after is not None else {}
    narrowed = (_AFTER if after is not None else "") + (_KINDS if kinds else "")
    statement = _INBOX.format(level=level, after=narrowed)
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(statement, told)
        return [_waiting(*row) for row in cursor.fetchall()]


def _waiting(
    code: str, title: bytes, master: int | None, wrapped: bytes | None, stage: str, level: str, duty: int, kind: str,
    unit: int, colour: int, due: datetime, late: bool, starts: datetime, method: str, version: str,
) -> Waiting:  # fmt: skip
    shown = open_masked(code, bytes(title), b"", master, wrapped).title
    return Waiting(
        code, shown, stage, level, duty, kind, unit, colour, in_china(due), late, in_china(starts), method, version
    )


# What is compared with is given, not reckoned: behind row security a server takes to the index only what cannot leak,
# and a sum that fails would tell. In the order of that index, so that it takes no other.
_COUNTS = """
select c, least(%(many)s, (
    select count(*) from (select from matters_duty d where d.state = 0 and {level} and d.colour = c and d.due > after
                          order by d.due limit %(many)s) x) + case when c %% 2 = 0 then (
    select count(*) from (select from matters_duty d where d.state = 0 and {level} and d.colour = running
                          and d.due <= %(now)s order by d.due limit %(many)s) y) else 0 end)
from unnest(%(colours)s::integer[], %(after)s::timestamptz[], %(running)s::integer[]) t(c, after, running)"""


def counts(viewer: Viewer, mine: bool = False) -> Mapping[int, int]:
    """How many lines the viewer's inbox has of each colour, each counted up to MANY only. What is past its due time
    counts as late, though the sweep that gives it that colour has not come by."""
    scope, level, told = duties_of(viewer, mine)
    now = moments.now()
    after = ["-infinity", now.isoformat()] * (COLOURS // 2)  # of the late all, of the others what is not late yet
    told |= {"many": MANY, "now": now, "after": after, "colours": list(range(COLOURS))}
    told |= {"running": list(range(1, COLOURS + 1))}
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(level=level), told)
        return {colour: count for colour, count in cursor.fetchall() if count}


@dataclass(frozen=True)
class Tally:
    """How many running duties of one kind an inbox has; of those, how many are late, and how many end today."""

    count: int
    late: int
    today: int


_TALLY = f"""
select kind, count(*), count(*) filter (where gone), count(*) filter (where not gone and due <= %(midnight)s)
from (select d.kind, d.due, {GONE} as gone from matters_duty d
      where d.state = 0 and {{level}} order by d.colour, d.due, d.id limit %(many)s) x group by kind"""


def tally(viewer: Viewer, mine: bool = False) -> Mapping[str, Tally]:
    """What the viewer's inbox holds by kind of duty: of its most urgent MANY lines."""
    scope, level, told = duties_of(viewer, mine)
    now = moments.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    told |= {"many": MANY, "now": now, "midnight": midnight}
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_TALLY.format(level=level), told)
        return {kind: Tally(*numbers) for kind, *numbers in cursor.fetchall()}


@dataclass(frozen=True)
class Size:
    """How much there is, roughly: as the planner last counted it (exact when it never did)."""

    matters: int
    lines: int


def journal_size() -> Size:
    """For progress bars."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select relname, reltuples::bigint from pg_class where oid in"
            " ('matters_matter'::regclass, 'ledger_line'::regclass)"
        )
        counted = dict(cursor.fetchall())
        if min(counted.values()) < 0:
            cursor.execute("select (select count(*) from matters_matter), (select count(*) from ledger_line)")
            return Size(*cursor.fetchone())
    return Size(counted["matters_matter"], counted["ledger_line"])
