"""Cells of a county's list of places: what a clerk may write in each column, and what is said of what cannot be taken.

An empty cell says nothing and changes nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from minqing.base.errors import BadInput
from minqing.registers.regions.rules import GRID_KINDS, Region, check_spot, one_line, parse_code

#: The columns in their order. `level` and `above_name` are for whoever reads the table: nothing is taken from them.
COLUMNS = {
    "code": "代码", "level": "级别", "name": "名称", "above": "上级代码", "above_name": "上级名称", "kind": "类别",
    "households": "户数", "lat": "纬度", "lon": "经度", "state": "状态",
}  # fmt: skip
STATES = {"在用": "open", "停用": "closed"}
KINDS = {title: slug for slug, title in GRID_KINDS.items()}
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")  # what a spreadsheet makes of a long code


class Unfit(Exception):
    """A cell that cannot be taken: its column, and what to do."""

    def __init__(self, column: str, said: str) -> None:
        super().__init__(said)
        self.column = column


def code_in(cells: Mapping[str, str], column: str) -> Region:
    """The key of the code in a column; 0 where there is none."""
    said = cells.get(column, "").strip()
    if _SCIENTIFIC.fullmatch(said):
        raise Unfit(
            column,
            f"{said[:20]} 被表格软件改写了：请把这一列设成“文本”，重新填代码"
            "（the spreadsheet changed it: make the column text and write the code again）",
        )
    try:
        return parse_code(said) if said else 0
    except BadInput as fault:
        raise Unfit(column, str(fault)) from fault


def _name(cells: Mapping[str, str]) -> str:
    said = cells.get("name", "")
    try:
        return one_line(said, "名称") if said.strip() else ""
    except BadInput as fault:
        raise Unfit("name", str(fault)) from fault


def _kind(cells: Mapping[str, str]) -> str:
    said = cells.get("kind", "").strip()
    if said and said not in KINDS:
        raise Unfit(
            "kind", f"请写 {'、'.join(KINDS)} 之一，或留空（no such kind: write one of the words in the template）"
        )
    return KINDS.get(said, "")


def _households(cells: Mapping[str, str]) -> int | None:
    said = cells.get("households", "").strip()
    if said and not (said.isascii() and said.isdecimal() and len(said) <= 6):
        raise Unfit("households", "请写 0 到 999999 的整数，或留空（a whole number from 0 to 999999, or nothing）")
    return int(said) if said else None


def _spot(cells: Mapping[str, str]) -> tuple[float, float] | None:
    lat, lon = _degrees(cells, "lat"), _degrees(cells, "lon")
    if (lat is None) != (lon is None):
        raise Unfit(
            "lat" if lat is None else "lon", "纬度和经度要一起填，或都留空（latitude and longitude go together）"
        )
    if lat is None or lon is None:
        return None
    try:
        check_spot(lat, lon)
    except BadInput as fault:
        raise Unfit("lat", str(fault)) from fault
    return lat, lon


def _degrees(cells: Mapping[str, str], column: str) -> float | None:
    said = cells.get(column, "").strip()
    if said and not re.fullmatch(r"\d{1,3}(\.\d{1,12})?", said, re.ASCII):
        raise Unfit(column, "请写成度，例如 29.0523，不要写度分秒（degrees with a point, such as 29.0523）")
    return round(float(said), 6) if said else None


def _state(cells: Mapping[str, str]) -> str:
    said = cells.get("state", "").strip()
    if said and said not in STATES:
        raise Unfit(
            "state", f"请写 {'、'.join(STATES)} 之一，或留空（no such state: write one of the words in the template）"
        )
    return STATES.get(said, "")


#: How the cells of a row are read; whichever cannot be taken raises Unfit.
CELLS: Mapping[str, Callable[[Mapping[str, str]], object]] = {
    "name": _name, "kind": _kind, "households": _households, "spot": _spot, "state": _state,
}  # fmt: skip
