"""`minqing simulate METHOD`: a method tried on made-up work; needs no database.

The county is made up (towns, villages, grids, departments). `--set` changes one number of the scenario, or one limit
of the method: `arrivals=60`, `staff.town.workers=3`, `silent=10%`, `stages.grid.limit=2d`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from minqing.base.errors import BadInput
from minqing.doors.cli.methods import load
from minqing.insight.twin.ground import made_up_county
from minqing.insight.twin.outcome import OnTime, Outcome
from minqing.insight.twin.scenario import default_scenario
from minqing.insight.twin.settings import settings_in, with_settings
from minqing.insight.twin.simulate import run
from minqing.insight.twin.whatif import for_method, with_limits
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.words import ENDS

#: Both years from here are decreed, so that the run needs no provisional days.
START = "2025-01-01"
LEVELS = {
    "grid": "网格", "village": "村（社区）", "town": "乡镇（街道）", "county": "县级", "city": "市级",
    "department": "部门",
}  # fmt: skip


@click.command()
@click.argument("method")
@click.option("--days", type=click.IntRange(1, 3660), default=365, show_default=True, help="天数。 / How many days.")
@click.option("--seed", type=int, default=1, show_default=True, help="种子，同种子同结果。 / Same seed, same run.")
@click.option("--from", "start", default=START, show_default=True, metavar="DATE", help="起始日。 / First day.")
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="情景文件。 / A file.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="改一个数。 / Change a number.")
@click.option("--json", "as_json", is_flag=True, help="机读输出。 / For programs.")
def simulate(
    method: str, days: int, seed: int, start: str, scenario: Path | None, settings: tuple[str, ...], as_json: bool
) -> None:
    """用虚构的来件和人手试跑一个工作办法。 / Try a method on made-up work."""
    loaded, asked = load(method), _pairs(settings)
    told = [*(settings_in(scenario) if scenario else []), *(pair for pair in asked if not for_method(pair))]
    tried = with_limits(loaded, [pair for pair in asked if for_method(pair)])
    with _bar(quiet=as_json) as bar:
        task = bar.add_task("试跑 · simulating", total=days)
        outcome = run(
            tried, made_up_county(), with_settings(default_scenario(loaded), told), days, seed, _day(start),
            progress=lambda day: bar.update(task, completed=day),
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(plain(outcome), ensure_ascii=False, indent=2))
        return
    show(outcome, tried, Console())


def _pairs(settings: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = []
    for text in settings:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise BadInput(f"--set takes NAME=VALUE, such as arrivals=60, not “{text[:60]}”")
        pairs.append((name.strip(), value.strip()))
    return pairs


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text[:40]}” is no date: write it like {START}") from None
    if not 2004 <= day.year <= 2100:
        raise BadInput(f"the first day lies between 2004 and 2100, not in {day.year}")
    return day


def _bar(quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} 天"))
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True, disable=quiet)


def plain(outcome: Outcome) -> dict[str, object]:
    """The outcome as JSON: rates beside the two counts they come from."""
    told = dataclasses.asdict(outcome)
    told["on_time"] = _rate(outcome.on_time)
    told["on_time_by_stage"] = {stage: _rate(rate) for stage, rate in outcome.on_time_by_stage.items()}
    return told


def _rate(rate: OnTime) -> dict[str, float]:
    return {"met": rate.met, "owed": rate.owed, "rate": round(rate.rate, 4)}


def show(outcome: Outcome, method: Method, console: Console) -> None:
    """The tables a leader reads."""
    console.print(f"\n{method.title.zh}：{outcome.days} 天，{outcome.matters:,} 件，种子 {outcome.seed}（虚构数据）")
    stages = Table(title="各环节 · by stage", title_justify="left")
    for heading in ("环节", "在此办结", "按时", "按时率"):
        stages.add_column(heading, justify="left" if heading == "环节" else "right")
    for slug, rate in outcome.on_time_by_stage.items():
        share = outcome.settled_by_stage.get(slug)
        shown = "" if share is None else f"{share:.1%}"
        stages.add_row(method.stages[slug].title.zh, shown, f"{rate.met:,}/{rate.owed:,}", f"{rate.rate:.1%}")
    total = outcome.on_time
    stages.add_row("全部责任", "", f"{total.met:,}/{total.owed:,}", f"{total.rate:.1%}")
    console.print(stages)
    console.print(_levels(outcome))
    console.print(_ends(outcome.ends))
    console.print(f"在办 {outcome.open_now:,} 件，其中超期 {outcome.overdue_now:,} 件；", end="")
    console.print(f"回访不满意 {outcome.returns:,} 次，重开 {outcome.reopenings:,} 次")
    console.print(f"命令 {outcome.commands:,} 条，事件 {outcome.events:,} 个")
    for why, times in outcome.refusals.items():
        console.print(f"被拒绝 · refused: {why} × {times}")


def _levels(outcome: Outcome) -> Table:
    table = Table(title="各级 · by level", title_justify="left")
    for heading in ("级别", "在此级办结", "单位数", "平均排队", "最长排队"):
        table.add_column(heading, justify="left" if heading == "级别" else "right")
    for level, queue in outcome.queues.items():
        share = outcome.settled_by_level.get(level)
        shown = "" if share is None else f"{share:.1%}"
        table.add_row(LEVELS.get(level, level), shown, str(queue.desks), f"{queue.mean:.2f}", str(queue.longest))
    return table


def _ends(ends: Mapping[str, int]) -> Table:
    table = Table(title="办结方式 · ends", title_justify="left")
    for heading in ("方式", "件数", "占比"):
        table.add_column(heading, justify="left" if heading == "方式" else "right")
    total = sum(ends.values()) or 1
    for end, number in ends.items():
        table.add_row(ENDS[end][0], f"{number:,}", f"{number / total:.1%}")
    return table
