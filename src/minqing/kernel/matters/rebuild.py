"""Rebuilds every matter from its journal by `evolve` and compares it with its rows, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from minqing.base.errors import MinqingError
from minqing.kernel.matters.codec import moment_from_text
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.matter import OPEN, Matter
from minqing.kernel.matters.reading import Line, Stored, histories, read_ids
from minqing.kernel.matters.rows import main_duty, matter_row
from minqing.kernel.matters.sensitivity import sensitivity_of
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

AT_ONCE = 2_000
MOST = 1_000  # differences written out

_DERIVED = ("town", "village", "units", "hidden_from", "open")
_COPIES = f"""
select m.id, {", ".join("m." + name for name in _DERIVED)},
       (select coalesce(json_agg(json_build_array(number, next_at, main) order by number), '[]')
        from matters_duty where matter_id = m.id)::text,
       coalesce((select bool_and((d.region, d.sensitivity, d.hidden_from) = (m.region, m.sensitivity, m.hidden_from)
                                 and (d.state <> 0 or d.units = m.units))
                 from matters_duty d where d.matter_id = m.id), true)
from matters_matter m where m.id = any(%s)"""


@dataclass
class Compared:
    """How many matters and lines were replayed, and how what is stored differs, in sentences."""

    matters: int = 0
    lines: int = 0
    count: int = 0
    differences: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        self.count += 1
        if len(self.differences) < MOST:
            self.differences.append(sentence)


def compare(progress: Callable[[int], None] | None = None) -> Compared:
    """Every matter; `progress` is told how many were just compared."""
    found, low = Compared(), 0
    while ids := _ids_after(low):
        low = ids[-1]
        stored, lines, copies = read_ids(HOUSE, ids, words=False), histories(HOUSE, ids), _copies(ids)
        for number in ids:
            _compare(stored[number], lines.get(number, ()), copies[number], found)
        if progress:
            progress(len(ids))
    return found


def _ids_after(low: int) -> list[int]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select id from matters_matter where id > %s order by id limit %s", [low, AT_ONCE])
        return [row[0] for row in cursor.fetchall()]


def _copies(ids: list[int]) -> dict[int, tuple[Any, ...]]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_COPIES, [ids])
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _compare(stored: Stored, lines: tuple[Line, ...], copies: tuple[Any, ...], found: Compared) -> None:
    found.matters += 1
    found.lines += len(lines)
    code = stored.matter.code
    if not lines:
        found.tell(f"事项 {code}：日志里一行也没有。")
        return
    try:
        made = replay(line.event for line in lines)
    except (ValueError, LookupError) as fault:
        found.tell(f"事项 {code}：日志不能重演（{str(fault)[:60]}），请先运行 minqing journal verify。")
        return
    for name, said, kept in _differences(made, stored, lines, copies):
        found.tell(f"事项 {code}：{name} 按日志是 {_short(said)}，库里是 {_short(kept)}。")


def _differences(
    made: Matter, stored: Stored, lines: tuple[Line, ...], copies: tuple[Any, ...]
) -> Iterator[tuple[str, object, object]]:
    for name, said in made.__dict__.items():
        kept = stored.matter.__dict__[name]
        if said != kept:
            yield name, said, kept
    times = (("opened", lines[0].happened, stored.opened), ("happened", lines[-1].happened, stored.happened))
    yield from ((name, said, kept) for name, said, kept in times if said != kept)
    row = matter_row(made)
    *derived, duties, copied = copies
    yield from ((name, row[name], kept) for name, kept in zip(_DERIVED, derived, strict=True) if row[name] != kept)
    main = main_duty(made)
    told = [(duty.id, duty.next_at, duty.id == main and duty.state == OPEN) for duty in made.duties]
    kept_duties = [(number, at and moment_from_text(at), marked) for number, at, marked in json.loads(duties)]
    if told != kept_duties:
        yield "duties' next rungs", told, kept_duties
    if not copied:
        yield "who sees its duties", "as the matter", "otherwise"
    yield from _sensitivity(made, stored)


def _sensitivity(made: Matter, stored: Stored) -> Iterator[tuple[str, object, object]]:
    """It rises above what follows from the matter (a report may narrow it), it never lies below."""
    version = (made.method, made.version)
    try:
        method = methods_of([version])[version]
    except MinqingError:
        return  # of a method that cannot be read the clock tells; the rows are looked at here
    if (least := sensitivity_of(made, method)) > stored.sensitivity:
        yield "sensitivity", f"at least {least}", stored.sensitivity


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
