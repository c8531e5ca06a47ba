"""`minqing doctor`: looks at one thing after the other and names each fault with its mend, a line each.

It changes nothing: an embedded database that rests is not woken, what is asked of the database is asked in a session
that may only read. Where the database does not answer, what needs it is left out and said to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import click
from django.db import DatabaseError, connections

from minqing.base.errors import MinqingError
from minqing.doors.cli.doctor_county import COUNTY
from minqing.doors.cli.doctor_database import DATABASE, opened
from minqing.doors.cli.doctor_files import FILES
from minqing.doors.cli.rows import as_json_option

State = Literal["ok", "fault", "left-out"]
Check = Callable[[], Iterator[str]]
MARKS: dict[State, str] = {"ok": "✓", "fault": "✗", "left-out": "…"}

#: In the order of a look-round: name for programs, title for people, what tells the faults.
BEFORE: tuple[tuple[str, str, Check], ...] = FILES
INSIDE: tuple[tuple[str, str, Check], ...] = (*DATABASE, *COUNTY)


@dataclass(frozen=True)
class Finding:
    """What a check came to."""

    check: str
    title: str
    state: State
    faults: tuple[str, ...] = ()


@click.command(help="体检：逐项查看，说出毛病和办法 / look at everything, name each fault and its mend")
@as_json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Exit code 0 when all is well, 1 when there is a fault."""
    found = [*_before(), *_inside()]
    connections.close_all()
    if as_json:
        click.echo(json.dumps([one.__dict__ for one in found], ensure_ascii=False, indent=1))
    else:
        _show(found)
    ctx.exit(1 if any(one.state == "fault" for one in found) else 0)


def _before() -> Iterator[Finding]:
    """What can be seen without the database."""
    for name, title, check in BEFORE:
        yield _looked(name, title, check)


def _inside() -> Iterator[Finding]:
    """The database, and what it alone can tell."""
    reached = _looked("database", "数据库连得上 database", opened)
    yield reached
    for name, title, check in INSIDE:
        yield Finding(name, title, "left-out") if reached.faults else _looked(name, title, check)


def _looked(name: str, title: str, check: Check) -> Finding:
    """A check that itself fails is a fault, told by its kind: what a database complains of may repeat a word."""
    try:
        faults = tuple(" ".join(sentence.split()) for sentence in check())
    except MinqingError as fault:
        faults = (" ".join(str(fault).split()),)
    except (DatabaseError, OSError) as fault:
        kind = type(fault).__name__
        faults = (f"没能查成（{kind}）：改正上面的再查（this could not be looked at: mend what is above first）",)
    return Finding(name, title, "fault" if faults else "ok", faults)


def _show(found: list[Finding]) -> None:
    for one in found:
        if one.state != "fault":
            click.echo(f"{MARKS[one.state]} {one.title}")
        for sentence in one.faults:
            click.echo(f"{MARKS['fault']} {one.title}：{sentence}")
    faults = sum(len(one.faults) for one in found)
    out = sum(one.state == "left-out" for one in found)
    if out:
        click.echo(f"有 {out} 项要等数据库连上才能查（left out until the database answers）")
    click.echo(f"发现 {faults} 处毛病（faults: {faults}）" if faults else "一切正常（all well）")
