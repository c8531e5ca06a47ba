"""`minqing import messages FILE --map MAP --place CODE`: a table of messages becomes matters, told row by row."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minqing.doors.cli.instance import instance
from minqing.doors.exchange.mapping import read_map
from minqing.doors.exchange.messages import Imported, Outcome, import_messages
from minqing.doors.exchange.writing import harmless
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.ports import repeats
from minqing.kernel.matters.versions import current_method, method_of_county
from minqing.kernel.methods.model import Method
from minqing.registers.regions.rules import parse_code

_SHOWN = 8


@click.group("import", help="导入外来表格 / bring tables in")
def imports() -> None:
    """Tables from elsewhere, by a mapping file."""


@imports.command(help="导入市民留言 / import residents' messages")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "map_file", type=click.Path(path_type=Path), required=True, help="对照文件 / mapping file")
@click.option("--place", required=True, help="县级区划代码 / division code of the county")
@click.option("--method", "slug", help="工作法 / method (default: the one that serves the county)")
@click.option("--replay", is_flag=True, help="按各自的时间起算 / clocks start at each message's own time")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="逐行结果表 / row-by-row result as CSV")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
def messages(
    file: Path, map_file: Path, place: str, slug: str | None, replay: bool, report_file: Path | None, as_json: bool
) -> None:
    """Reads the table, reports what can be taken, and says of every other row why not."""
    mapping, county = read_map(map_file), parse_code(place)
    instance()
    method = current_method(slug) if slug else method_of_county(place)
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as bar:
        task = bar.add_task("导入 importing", total=None)
        done = import_messages(
            file,
            mapping,
            method,
            county,
            replay=replay,
            repeats=repeats(),
            progress=lambda number: bar.advance(task, number),
            starting=lambda total: bar.update(task, total=total),
        )
    fired = _replayed(done, replay)
    if report_file is not None:
        _write_report(report_file, done.rows)
    summary = _summary(done, method, fired)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        _show(done, summary, report_file, Console())


def _replayed(done: Imported, replay: bool) -> int:
    """With replay the clock has acted up to the last message, each rung at its own moment."""
    last = max((a.matter.duties[0].starts for a in done.answers.values() if a.matter is not None), default=None)
    if not replay or last is None:
        return 0
    fired: int = sweep(last, by="import", at_rung_time=True).fired
    return fired


def _summary(done: Imported, method: Method, fired: int) -> dict[str, object]:
    fresh = [answer.matter for answer in done.answers.values() if answer.matter is not None]
    return {
        "read_as": done.read_as,
        "new": done.count("new"),
        "known": done.count("known"),
        "refused": done.count("refused"),
        "without_place": done.without_place,
        "emergencies": sum(bool(matter.emergency) for matter in fresh),
        "levels": dict(Counter(method.levels[matter.level].title.zh for matter in fresh if matter.level)),
        "stages": dict(Counter(method.stages[matter.stage].title.zh for matter in fresh)),
        "kinds": dict(Counter(method.kinds[matter.kind].title.zh for matter in fresh)),
        "unsorted": sum(not matter.category or matter.category == "unsorted" for matter in fresh),
        "against_somebody": sum(bool(matter.against) for matter in fresh),
        "repeat_groups": len(done.repeats),
        "characters_replaced": done.replaced,
        "rungs_fired": fired,
        "due_compared": _due_compared(done),
    }


def _due_compared(done: Imported) -> dict[str, int]:
    """Where the sender gave a due time: whether our first duty ends before or after it."""
    pairs = [
        (answer.matter.duties[0].due, answer.matter.external_due)
        for answer in done.answers.values()
        if answer.matter is not None and answer.matter.external_due is not None
    ]
    earlier = sum(ours <= theirs for ours, theirs in pairs)
    return {"given": len(pairs), "ours_earlier_or_equal": earlier, "ours_later": len(pairs) - earlier}


def _show(done: Imported, summary: dict[str, object], report_file: Path | None, console: Console) -> None:
    console.print(f"[bold]{summary['read_as']}[/bold]")
    console.print(f"新增 {summary['new']}，已有 {summary['known']}，未收 {summary['refused']}（new, known, refused）")
    for key, zh in (("stages", "去向"), ("levels", "等级"), ("kinds", "类别")):
        split = summary[key]
        assert isinstance(split, dict)
        console.print(f"{zh}：" + "，".join(f"{name} {number}" for name, number in split.items()))
    console.print(
        f"紧急 {summary['emergencies']}，未写明地点（由县中心询问）{summary['without_place']}，"
        f"未归类 {summary['unsorted']}，疑似重复 {summary['repeat_groups']} 组"
    )
    compared = _due_compared(done)
    if compared["given"]:
        console.print(
            f"来表写了期限的 {compared['given']} 件：本县首个时限不晚于来表 {compared['ours_earlier_or_equal']} 件，"
            f"更晚 {compared['ours_later']} 件（their due times compared with ours）"
        )
    refused = [row for row in done.rows if row.outcome == "refused"]
    for row in refused[:_SHOWN]:
        console.print(f"  第 {row.line} 行未收：{row.why}", markup=False)
    if len(refused) > _SHOWN:
        more = f"  还有 {len(refused) - _SHOWN} 行"
        console.print(more + (f"，见 {report_file}" if report_file else "，用 --report FILE 写出全部"), markup=False)


def _write_report(path: Path, rows: list[Outcome]) -> None:
    """A table for a spreadsheet: cells that a sheet would take for a formula get a quote before them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行 line", "结果 outcome", "编码 code", "原因 why"])
        writer.writerows([row.line, row.outcome, row.code, harmless(row.why)] for row in rows)
