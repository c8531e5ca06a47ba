"""A county's list of places as a table: what each row would do, told before anything is done, then done in one go.

A row without a code is a new grid. What the table does not name stays as it is; an empty cell changes nothing. Names of
towns and villages go by the public list. `read_rows` is pure: it is handed what stands.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from minqing.base.errors import BadInput, Conflict
from minqing.registers.regions import grids
from minqing.registers.regions.actions import GridPlan, open_grids
from minqing.registers.regions.county import units_of_county
from minqing.registers.regions.grids import DivisionPlan, GridChange
from minqing.registers.regions.journal import register_held
from minqing.registers.regions.place_cells import CELLS, Unfit, code_in
from minqing.registers.regions.places import PlaceRow, places_in
from minqing.registers.regions.rules import (
    Region,
    code_of,
    holds,
    level_of,
    parent,
)

MOST_ROWS = 5_000


@dataclass(frozen=True)
class Foreseen:
    """What a row would do: 'new', 'changed', 'closed', 'reopened', 'same' or 'refused'. `row` is the place as it would
    be (key 0: a grid that is given the next number of its village `above`)."""

    line: int
    outcome: str
    row: PlaceRow
    above: Region = 0
    before: PlaceRow | None = None
    faults: tuple[tuple[str, str], ...] = ()  # column, what to do

    def changes(self) -> list[tuple[str, object, object]]:
        """Columns that change, with what stands and what is to stand."""
        if self.before is None:
            return []
        pairs = [(name, getattr(self.before, name), getattr(self.row, name)) for name in _FIELDS]
        return [(name, old, new) for name, old, new in pairs if old != new]


_FIELDS = ("name", "kind", "households", "spot")


def foresee(county: Region, rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[Foreseen]:
    """What these rows (line of the table, cells by column) would do to the county; nothing is written."""
    if len(rows) > MOST_ROWS:
        raise BadInput(
            f"一次最多 {MOST_ROWS:,} 行：请分成几个文件（at most {MOST_ROWS:,} rows at once: split the file）"
        )
    standing = places_in(county)
    staffed = grids.staffed_grids([row.key for row in standing if row.level == "grid"])
    return read_rows(county, rows, standing, staffed)


def take(county: Region, rows: Sequence[tuple[int, Mapping[str, str]]], mark: str) -> list[Foreseen]:
    """Does what was foreseen (`mark_of` what was shown), all or nothing; refused rows are left out. Refuses where the
    register has changed since."""
    with register_held():
        found = foresee(county, rows)
        if mark_of(found) != mark:
            raise Conflict(
                "预览之后名录有了变化，什么都没有写入：请再看一遍预览，再确认（the register changed since the preview,"
                " nothing was written: look at the preview again)"
            )
        _write(county, found)
    return found


def mark_of(found: Sequence[Foreseen]) -> str:
    """A mark of what was foreseen: other effects have another one."""
    return hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()


def _write(county: Region, found: Sequence[Foreseen]) -> None:
    new = [one for one in found if one.outcome == "new"]
    divisions = sorted((one.row.key, one.row.name) for one in new if one.row.level != "grid")
    opened = sorted((one for one in new if one.row.level == "grid"), key=lambda one: not one.row.key)
    points = {one.row.key: one.row.spot for one in found if one.outcome not in ("refused", "same") and one.row.key}
    if divisions:
        grids.open_divisions([DivisionPlan(key, name) for key, name in divisions])
    if opened:
        keys = open_grids([_plan(one) for one in opened])
        points |= {key: one.row.spot for key, one in zip(keys, opened, strict=True)}
    grids.change_grids([_change(one.row) for one in found if _names_or_counts(one)])
    grids.close_grids([one.row.key for one in found if one.outcome == "closed"])
    grids.reopen_grids([one.row.key for one in found if one.outcome == "reopened"])
    grids.locate({key: spot for key, spot in points.items() if spot is not None})
    if new:
        units_of_county(code_of(county))


def _plan(one: Foreseen) -> GridPlan:
    serial = one.row.key - one.above if one.row.key else None
    return GridPlan(one.above, one.row.name, one.row.kind, one.row.households, serial)


def _change(row: PlaceRow) -> GridChange:
    return GridChange(row.key, row.name, row.kind, row.households)


def _names_or_counts(one: Foreseen) -> bool:
    settled = one.outcome in ("changed", "closed", "reopened") and one.row.level == "grid"
    return settled and any(name != "spot" for name, _old, _new in one.changes())


def read_rows(
    county: Region, rows: Sequence[tuple[int, Mapping[str, str]]], standing: Sequence[PlaceRow],
    staffed: Collection[Region],
) -> list[Foreseen]:  # fmt: skip
    """The same of what stands, and the grids where somebody serves. Villages first: a grid may lie in a new one."""
    reading = _Reading(county, {row.key: row for row in standing}, staffed)
    divisions_first = sorted(rows, key=lambda pair: (_width(pair[1]), pair[0]))
    found = sorted((reading.read(line, cells) for line, cells in divisions_first), key=lambda one: one.line)
    return _without_namesakes(found, standing)


def _without_namesakes(found: Sequence[Foreseen], standing: Sequence[PlaceRow]) -> list[Foreseen]:
    """Two grids of one village are never called alike when the whole list is done: names may be swapped in it, and a
    table sent twice opens nothing twice. A row that is refused leaves its grid the name it has, which another row may
    want: so again until nobody does."""
    left = list(found)
    while True:
        names = _names_after(left, standing)
        refused = [_namesake(one, names) for one in left]
        if refused == left:
            return left
        left = refused


_Names = dict[tuple[Region, str], list[int]]


def _names_after(found: Sequence[Foreseen], standing: Sequence[PlaceRow]) -> _Names:
    """Who is called how when the list is done: keys of grids, lines (below zero) of those without one. First come those
    that keep their name, then the others as they stand in the list."""
    named = [one for one in found if _is_named(one)]
    renamed = {one.row.key for one in named if one.before is not None}
    names: _Names = defaultdict(list)
    for row in standing:
        if row.level == "grid" and row.key not in renamed:
            names[parent(row.key) or 0, row.name].append(row.key)
    for one in named:
        names[one.above, one.row.name].append(one.row.key or -one.line)
    return names


def _is_named(one: Foreseen) -> bool:
    """Whether the row gives a grid a name that it has not."""
    if one.row.level != "grid" or one.outcome == "refused":
        return False
    return one.before is None or one.before.name != one.row.name


def _namesake(one: Foreseen, names: _Names) -> Foreseen:
    """The row, refused where another grid of its village has the name before it."""
    if not _is_named(one):
        return one
    there = names[one.above, one.row.name][0]
    if there == (one.row.key or -one.line):
        return one
    zh, en = (f"代码 {code_of(there)}", code_of(there)) if there > 0 else (f"第 {-there} 行", f"row {-there}")
    said = (
        f"这个村已有同名网格，{zh}：是同一个就填它的代码，不是就换个名称（the village has a grid of this name,"
        f" {en}: give its code, or another name）"
    )
    return Foreseen(one.line, "refused", one.row, faults=(("name", said),))


def _width(cells: Mapping[str, str]) -> int:
    return len(cells.get("code", "").strip()) or 15


@dataclass
class _Reading:
    county: Region
    known: dict[Region, PlaceRow]
    staffed: Collection[Region]
    seen: dict[Region, int] = field(default_factory=dict)

    def read(self, line: int, cells: Mapping[str, str]) -> Foreseen:
        """What the row would do; all its faults at once."""
        faults: list[tuple[str, str]] = []

        def tried(make: Callable[[Mapping[str, str]], object]) -> object:
            try:
                return make(cells)
            except Unfit as unfit:
                faults.append((unfit.column, str(unfit)))
                return None

        key = tried(self._key)
        told = {name: tried(make) for name, make in CELLS.items()}
        row = PlaceRow(key if isinstance(key, int) else 0, cells.get("name", "").strip(), "grid")
        if faults or not isinstance(key, int):
            return Foreseen(line, "refused", row, faults=tuple(faults))
        try:
            return self._settled(line, key, told, cells)
        except Unfit as unfit:
            return Foreseen(line, "refused", row, faults=((unfit.column, str(unfit)),))

    def _key(self, cells: Mapping[str, str]) -> Region:
        """The key of the row; 0 for a grid without a number."""
        code = code_in(cells, "code")
        if not code:
            return 0
        if level_of(code) not in ("town", "village", "grid") or not holds(self.county, code):
            raise Unfit(
                "code",
                f"请写本县乡镇、村或网格的代码，以 {code_of(self.county)} 开头，9、12 或 15 位"
                f"（write the code of a town, village or grid of this county, {code_of(self.county)}…）",
            )
        return code

    def _settled(self, line: int, key: Region, told: Mapping[str, object], cells: Mapping[str, str]) -> Foreseen:
        if key and key in self.seen:
            raise Unfit(
                "code",
                f"这个代码在第 {self.seen[key]} 行已有：请删去一行"
                f"（the code stands in row {self.seen[key]} already: delete one）",
            )
        before = self.known.get(key) if key else None
        made = self._changed(line, before, told) if before is not None else self._new(line, key, told, cells)
        if key:
            self.seen[key] = line
            self.known.setdefault(key, made.row)
        return made

    def _changed(self, line: int, before: PlaceRow, told: Mapping[str, object]) -> Foreseen:
        given = {name: told[name] for name in _FIELDS if told[name] not in (None, "")}
        row = replace(before, **given)  # type: ignore[arg-type]
        if before.level != "grid":
            _refuse_for_division(before, row, told)
        outcome = "same" if row == before else "changed"
        if told["state"] == "closed" and before.closed is None:
            if before.key in self.staffed:
                raise Unfit(
                    "state",
                    "这个网格还有人任职：请先在“岗位”里结束任职，再停用"
                    "（somebody still serves in this grid: end the posts first）",
                )
            outcome = "closed"
        elif told["state"] == "open" and before.closed is not None:
            outcome = "reopened"
        return Foreseen(line, outcome, row, parent(before.key) or 0, before)

    def _new(self, line: int, key: Region, told: Mapping[str, object], cells: Mapping[str, str]) -> Foreseen:
        above = parent(key) if key else code_in(cells, "above")
        level = level_of(key) if key else "grid"
        column = "code" if key else "above"
        if not above:
            raise Unfit(
                "above",
                "新网格请填所在村（社区）的 12 位代码；已有的网格请填它自己的代码"
                "（a new grid needs the 12-digit code of its village, one on the register its own code）",
            )
        if above not in self.known or (level == "grid" and level_of(above) != "village"):
            raise Unfit(
                column,
                f"名录里没有代码为 {code_of(above)} 的上级：请核对代码，或先加上级"
                f"（there is no place {code_of(above)}: check the code, or add it first）",
            )
        if not told["name"]:
            raise Unfit("name", "新的一行请填名称（a new row needs a name）")
        if told["state"] == "closed":
            raise Unfit("state", "名录里还没有它，不用停用：请删去这一行（it is not on the register: delete the row）")
        kind = str(told["kind"] or "rural") if level == "grid" else ""
        households, spot = told["households"], told["spot"]
        assert households is None or isinstance(households, int)
        assert spot is None or isinstance(spot, tuple)
        row = PlaceRow(key, str(told["name"]), level, kind, households, None, spot)
        if level != "grid":
            _refuse_for_division(row, row, told)
        return Foreseen(line, "new", row, above)


def _refuse_for_division(before: PlaceRow, row: PlaceRow, told: Mapping[str, object]) -> None:
    if row.name != before.name:
        raise Unfit(
            "name",
            f"乡镇和村的名称跟全国区划表走，是“{before.name}”：这里请照写，或留空"
            "（towns and villages are called as on the public list: leave the name empty）",
        )
    for column in ("kind", "households"):
        if told[column] not in (None, ""):
            raise Unfit(column, "只有网格填这一列：请清空（for grids only: empty it）")
    if told["state"] == "closed":
        raise Unfit("state", "乡镇和村不能停用：只能停用里面的网格（only grids can be closed）")
