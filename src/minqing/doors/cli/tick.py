"""`minqing tick`: one sweep at the instance's present, and what it fired; then past days get their signed root."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import traceback

import click
from django.db import DatabaseError, OperationalError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from minqing.base import moments
from minqing.base.errors import BadInput, MinqingError
from minqing.base.ledger.roots import Root, seal_past
from minqing.base.moments import in_china
from minqing.base.postgres import home_folder
from minqing.doors.cli.instance import instance
from minqing.kernel.matters.escalation import RungsStuck, Swept, sweep

_SHOWN = 20


@click.command(help="巡钟一次：触发所有到点的责任 / fire every duty whose time has come")
@click.option("--until", metavar="TIME", help="巡到何时，默认现在 / up to when: 2026-06-05 10:00, now by default")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
@click.pass_context
def tick(ctx: click.Context, until: str | None, as_json: bool) -> None:
    """Sweeps once; exit code 1 when a rung could not be decided or a day not sealed, after all else was done."""
    asked = _moment(until) if until is not None else None
    instance()
    moment = moments.now() if asked is None else asked
    if moment > moments.now():
        raise BadInput(
            f"{moment:%Y-%m-%d %H:%M} 还没有到，现在是 {moments.now():%Y-%m-%d %H:%M}：试用时可先用 minqing clock shift"
            " 拨动时钟（that moment has not come: on a trial instance move the clock with `minqing clock shift`）"
        )
    swept = _sweep(moment)
    sealed = seal_days()
    if as_json:
        days = [root.day.isoformat() for root in sealed or ()]
        click.echo(json.dumps(plain(swept, moment) | {"sealed": days}, ensure_ascii=False))
    else:
        click.echo(told(swept, moment))
        tell_sealed(sealed)
    complain(swept)
    ctx.exit(1 if swept.refused or sealed is None else 0)


def _moment(text: str) -> dt.datetime:
    try:
        return in_china(dt.datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        raise BadInput(f"{text[:40]!r} 不是时间：请写成 2026-06-05 10:00（write it like 2026-06-05 10:00）") from None


def _sweep(moment: dt.datetime) -> Swept:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("巡钟 sweeping {task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        try:
            return sweep(moment, by=f"tick {os.getpid()}", progress=lambda fired: bar.update(task, completed=fired))
        except RungsStuck as stuck:
            return stuck.swept


def seal_days() -> list[Root] | None:
    """Seals the days that are over; None when that failed, with its sentence on stderr. A lost database is raised."""
    try:
        return seal_past(home_folder())
    except (MinqingError, OSError, DatabaseError) as fault:
        if isinstance(fault, OperationalError):
            raise
        click.echo(f"日志没有封存，巡钟照常（the past days could not be sealed）：{fault}", err=True)
        return None


def tell_sealed(sealed: list[Root] | None) -> None:
    """One line when days were sealed, else nothing."""
    if sealed:
        span = f"{sealed[0].day}" if len(sealed) == 1 else f"{sealed[0].day} 至 {sealed[-1].day}"
        click.echo(f"已封存日志 {len(sealed)} 天：{span}（{len(sealed)} days of the journal sealed）")


def told(swept: Swept, moment: dt.datetime) -> str:
    """What was fired, in lines: the sum, then each kind of duty."""
    lines = [f"{moment:%Y-%m-%d %H:%M:%S} 触发 {swept.fired} 级，{swept.moved} 件换了环节（{swept.fired} rungs fired）"]
    lines += [f"  {count:>8} {_kind(kind)}" for kind, count in swept.kinds.most_common()]
    return "\n".join(lines)


def _kind(kind: str) -> str:
    return f"环节 {kind[1:]}" if kind.startswith("@") else kind


def plain(swept: Swept, moment: dt.datetime) -> dict[str, object]:
    """The same for a program."""
    return {
        "until": moment.isoformat(),
        "fired": swept.fired,
        "moved": swept.moved,
        "batches": swept.batches,
        "kinds": dict(swept.kinds),
        "stuck": [
            {"code": one.code, "duty": one.number, "kind": one.kind, "rung": one.rung, "why": one.why}
            for one in swept.refused
        ],
    }


def complain(swept: Swept) -> None:
    """What is stuck, a sentence each on stderr; a fault of ours with its traceback."""
    for stuck in swept.refused[:_SHOWN]:
        click.echo(str(stuck), err=True)
        if stuck.fault is not None:
            traceback.print_exception(stuck.fault, file=sys.stderr)
    if len(swept.refused) > _SHOWN:
        click.echo(f"……共 {len(swept.refused)} 项", err=True)
