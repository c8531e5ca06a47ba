"""`minqing measures`: what the journal says, as a table or JSON; each figure with its two counts and its formula."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from minqing.base import moments
from minqing.doors.cli.instance import instance
from minqing.insight.measures.queries import count_journal
from minqing.insight.measures.rules import Figure, figures
from minqing.kernel.matters.versions import methods_by_use
from minqing.kernel.methods.words import ENDS
from minqing.registers.regions.rules import LEVEL_TITLES

_GOOD = {"up": "↑", "down": "↓", "neither": "·"}


@click.command(help="按日志统计的各项指标 / measures counted from the journal")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
def measures(as_json: bool) -> None:
    """Prints every figure; nothing is counted from anywhere but the journal."""
    instance()
    found = figures(count_journal(moments.now()))
    if as_json:
        click.echo(json.dumps([_plain(figure) for figure in found], ensure_ascii=False, indent=1))
        return
    show_figures(found, titles(), Console())


def titles() -> dict[str, str]:
    """Chinese for what a figure is split by: ends, levels, stages of the published methods."""
    stages = {slug: stage.title.zh for method in methods_by_use() for slug, stage in method.stages.items()}
    levels = {level: LEVEL_TITLES[level] for level in LEVEL_TITLES}
    return stages | {end: words[0] for end, words in ENDS.items()} | {"level:" + k: v for k, v in levels.items()}


def show_figures(found: list[Figure], named: dict[str, str], console: Console) -> None:
    """The table a leader reads: name, of what, value, the two counts, which way is better."""
    table = Table(title="指标 · measures", title_justify="left")
    for heading in ("指标", "其中"):
        table.add_column(heading)
    for heading in ("数值", "分子", "分母"):
        table.add_column(heading, justify="right")
    table.add_column("向好")
    for figure in found:
        counts = ("少于 5 人", "") if figure.hidden else (f"{figure.part:,.0f}", f"{figure.whole:,.0f}")
        table.add_row(figure.zh, _of(figure, named), _shown(figure), *counts, _GOOD[figure.good])
    console.print(table)


def _of(figure: Figure, named: dict[str, str]) -> str:
    key = "level:" + figure.of if figure.measure == "settled_by_level" else figure.of
    return named.get(key, figure.of)


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "—"
    return f"{figure.value:.1f} 小时" if figure.measure == "handling_time" else f"{figure.value:.1%}"


def _plain(figure: Figure) -> dict[str, object]:
    return {**figure.__dict__, "value": figure.value}
