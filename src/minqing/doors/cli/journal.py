"""`minqing journal`: verify everything, seal days, export the lines, rebuild the matters and compare.

What is wrong is a sentence a line; the exit code is then 1.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minqing.base import moments
from minqing.base.ledger.export import export_lines
from minqing.base.ledger.roots import roots_in_database, seal_until
from minqing.base.ledger.streams import KEPT_HERE
from minqing.base.ledger.verify import Findings
from minqing.base.ledger.verify import verify as verify_ledger
from minqing.base.postgres import home_folder
from minqing.doors.cli.instance import instance
from minqing.doors.cli.matter_page import show_matter
from minqing.kernel.matters.queries import journal_size
from minqing.kernel.matters.reading import MATTERS
from minqing.kernel.matters.rebuild import compare as compare_rows
from minqing.kernel.matters.telling import Lang

STREAMS = (MATTERS, *KEPT_HERE)


@click.group()
def journal() -> None:
    """日志：核对、封存、导出、重演。 / The journal: verify, seal, export, rebuild."""


@journal.command(help="逐行核对日志链、记录与日根 / check every line, row and daily root")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Exit code 1 when something was altered, removed or moved."""
    instance()
    with _progress("核对日志 · verifying", journal_size().lines, as_json) as advance:
        found = verify_ledger(STREAMS, home_folder(), advance)
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=1))
    else:
        _print(f"核对了 {found.lines:,} 行日志、{found.subjects:,} 个对象、{found.days:,} 个日根。", found.count,
               [fault.sentence for fault in found.faults])  # fmt: skip
        if found.unsealed:
            click.echo(f"有 {found.unsealed:,} 天没有封存（请运行 minqing journal root 或让 minqing work 常开）")
    ctx.exit(1 if found.count else 0)


def _plain(found: Findings) -> dict[str, object]:
    return found.__dict__ | {"faults": [fault.__dict__ for fault in found.faults]}


def _print(counted: str, count: int, sentences: list[str]) -> None:
    click.echo(counted)
    for sentence in sentences:
        click.echo(sentence)
    if count > len(sentences):
        click.echo(f"……另有 {count - len(sentences):,} 处没有列出。")
    click.echo(f"发现 {count:,} 处问题。" if count else "没有发现问题。")


@journal.command("show", help="一件事的来龙去脉和时限 / one matter: its journal and its clocks")
@click.argument("code")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
def show(code: str, lang: Lang) -> None:
    """Masked copies only."""
    instance()
    show_matter(code, Console(), lang)


@journal.command(help="封存到某一天（默认昨天）为止的每一天：签名的日根 / seal days with a signed root")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="封存到哪一天 / up to which day; yesterday by default")
def root(day: dt.datetime | None) -> None:
    """Prints the roots it made and where their files are."""
    instance()
    home = home_folder()
    yesterday = moments.today() - dt.timedelta(days=1)
    if day is None and yesterday in roots_in_database():
        click.echo(f"{yesterday} 已经封存。")
        return
    for made in seal_until(home, day.date() if day is not None else yesterday):
        click.echo(f"{made.day} {made.root} {home / 'roots' / f'{made.day}.json'}")
    click.echo("请把 roots 文件夹抄送到本机管理员改不到的地方：日志有没有被截尾，只有日根看得出来。")


@journal.command(help="导出日志，每行一个 JSON / export the lines as JSON lines")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="写入文件 / file; else the screen")
def export(to: Path | None) -> None:
    """Code, seq, moments in microseconds, kind, actor, hash, data: enough to check the chain without us."""
    instance()
    if to is None:
        for line in export_lines(STREAMS):
            click.echo(line)
        return
    with to.open("w", encoding="utf-8") as file, _progress("导出 · exporting", journal_size().lines, False) as advance:
        for line in export_lines(STREAMS):
            file.write(line + "\n")
            advance(1)


@journal.command(help="按日志重演每件事项，并与库里的记录逐项比较 / replay every matter and compare it with its rows")
@click.option("--compare", is_flag=True, required=True, help="只比较，不改动 / compare only; nothing is changed")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
@click.pass_context
def rebuild(ctx: click.Context, compare: bool, as_json: bool) -> None:
    """Exit code 1 when a row differs from what the journal leads to."""
    instance()
    with _progress("重演 · replaying", journal_size().matters, as_json) as advance:
        found = compare_rows(advance)
    if as_json:
        click.echo(json.dumps(found.__dict__, ensure_ascii=False, indent=1))
    else:
        _print(f"重演了 {found.matters:,} 件事项、{found.lines:,} 行日志。", found.count, found.differences)
    ctx.exit(1 if found.count else 0)


@contextmanager
def _progress(what: str, total: int, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A bar on the error stream, so that what is printed can be piped."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
