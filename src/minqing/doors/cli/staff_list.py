"""A list of staff as an office keeps it (CSV or XLSX), read into plans; every row that cannot be is told with its line.

Columns, in Chinese or English: login and name, unit (its slug), title, role, from, to. The last four may be left out.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.exchange.tables import Row, Table, read_table
from minqing.registers.accounts.actions import StaffPlan

_COLUMNS = {
    "login": "登录名", "name": "姓名", "unit": "单位", "title": "职务", "role": "角色", "from": "自", "to": "至",
}  # fmt: skip
_NEEDED = ("login", "name", "unit")
_SHOWN = 20


def read_staff(path: Path) -> list[StaffPlan]:
    """The plans of all rows; where a row cannot be read, nothing is taken and all faults are told."""
    table = read_table(path)
    missing = [f"{_COLUMNS[name]}（{name}）" for name in _NEEDED if not {name, _COLUMNS[name]} & set(table.columns)]
    if missing:
        raise BadInput(f"{path} 缺少列：{'、'.join(missing)}（columns are missing）")
    plans, faults = _plans(table)
    if faults:
        more = f"\n……共 {len(faults)} 行" if len(faults) > _SHOWN else ""
        raise BadInput("名单有问题，什么都没有登记（nothing was taken）：\n" + "\n".join(faults[:_SHOWN]) + more)
    return plans


def _plans(table: Table) -> tuple[list[StaffPlan], list[str]]:
    plans, faults = [], [f"第 {fault.line} 行：{fault.why}" for fault in table.faults]
    for row in table.rows:
        try:
            plans.append(_plan(row))
        except ValueError as fault:
            faults.append(f"第 {row.line} 行：{fault}")
    return plans, faults


def _plan(row: Row) -> StaffPlan:
    told = {name: row.cells.get(name) or row.cells.get(title, "") for name, title in _COLUMNS.items()}
    if empty := [_COLUMNS[name] for name in _NEEDED if not told[name]]:
        raise ValueError(f"{empty[0]}为空")
    starts, ends = _day(told["from"]) or moments.today(), _day(told["to"])
    title = told["title"] or "staff"
    return StaffPlan(told["login"], told["name"], told["unit"], title, starts, ends, told["role"])


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise ValueError(f"{text[:20]} 不是日期，请写成 2026-01-01") from None
