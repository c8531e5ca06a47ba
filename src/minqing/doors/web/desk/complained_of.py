"""Whom a concern is against, as a desk's form names them: units of the register by their slugs. One on no register
keeps nobody from being registered: it is counted, its name stands in the text, and the desk is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from minqing.doors.counter.problems import Problem
from minqing.registers.regions.queries import units_named

LONGEST_AGAINST = 400  # characters of the names of units
_BETWEEN = re.compile(r"[、,，;；\s]+")


def against_of(typed: str) -> tuple[list[str], list[str]]:
    """The units named, by their slugs, and the names of those on no register; a name that fits several is told so."""
    names = [name for name in dict.fromkeys(_BETWEEN.split(typed[:LONGEST_AGAINST].strip())) if name]
    known = {name: _unit_named(name) for name in names}
    return list(dict.fromkeys(filter(None, known.values()))), [name for name, slug in known.items() if not slug]


def _unit_named(name: str) -> str:
    """The slug of the unit that is meant; '' for one on no register, which keeps nobody from being registered."""
    found = units_named(name)
    exact = [unit for unit in found if unit.name == name] or found
    if len(exact) == 1:
        return exact[0].slug
    if not exact:
        return ""
    shown = "、".join(unit.name for unit in exact[:5])
    zh, en = f"“{name[:30]}”对得上几个单位：{shown}，请写全称", f"several units are called so: {shown}"
    raise Problem(422, "against", zh, en, extra={"field": "against"})


def with_those(text: str, unknown: Sequence[str]) -> str:
    """The text; it names those it is against whom no register knows, so that their names are not lost."""
    missing = [name for name in unknown if name not in text]
    return f"{text}\n投诉的是：{'、'.join(missing)}" if missing else text  # goes on record, which is kept in Chinese
