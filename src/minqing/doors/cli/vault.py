"""`minqing vault`: the rights of a person (look up, export, erase), the end of retention, other master keys.

Every look-up, copy and erasure asks a reason and leaves lines in the access stream (`minqing journal export`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minqing.base.errors import BadInput
from minqing.doors.cli.instance import instance
from minqing.registers.accounts.queries import users_by_login
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.copies import LABELS, export_person
from minqing.registers.vault.erasures import erase_again, read_list
from minqing.registers.vault.queries import Named, names_of
from minqing.registers.vault.rights import KINDS, by, erase_subjects, find, own_matters
from minqing.registers.vault.rights import retain as retain_all
from minqing.registers.vault.rotation import keys_to_rotate
from minqing.registers.vault.rotation import rotate as rotate_masters


def house() -> AbstractContextManager[None]:
    """A transaction that sees the whole house: this is the county's own command line."""
    return seen_by(HOUSE)


@click.group()
def vault() -> None:
    """封存的个人信息：查找、导出、删除、到期、换钥。 / Sealed personal data: find, export, erase, retain, rotate."""


def _person(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name a person."""
    for kind, title in reversed(KINDS.items()):
        command = click.option(f"--{kind.replace('_', '-')}", kind, help=f"{title} / {kind.replace('_', ' ')}")(command)
    return command


def _asked(told: dict[str, str | None]) -> dict[str, str]:
    given = {kind: value for kind, value in told.items() if value}
    if not given:
        names = "、".join(f"--{kind.replace('_', '-')}" for kind in KINDS)
        raise BadInput(f"请用 {names} 说明是谁；用几项的，要都对得上（say who; several have to fit all）")
    return given


_by_whom = click.option("--as", "login", required=True, help="经办人的登录名，留痕 / who does this, on record")


def _actor(login: str) -> int:
    """The number of the user who opens the vault: no line of it is nobody's."""
    number = users_by_login([login]).get(login)
    if number is None:
        raise BadInput(f"没有登录名为“{login}”的用户：请先 minqing user add（no such user: add them first）")
    return number


@vault.command("look-up", help="本人的事项有哪些（留痕）/ the matters of a person; leaves a line")
@_person
@_by_whom
@click.option("--reason", required=True, help="为什么查 / why")
def look_up(reason: str, login: str, **told: str | None) -> None:
    """Codes only, one a line."""
    person = _asked(told)
    instance()
    with house():
        codes = find(person, reason, _actor(login))
    for code in codes:
        click.echo(code)
    click.echo(f"找到 {len(codes)} 件，已留痕（{len(codes)} matters; the look-up is on record）", err=True)


@vault.command(help="把本人的全部信息导出给本人（ZIP）/ a person's copy of everything kept, as a ZIP")
@_person
@_by_whom
@click.option("--to", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="写入文件 / file")
@click.option("--reason", default="本人申请查阅、复制", show_default=True, help="为什么导出 / why")
def export(target: Path, reason: str, login: str, **told: str | None) -> None:
    """The file is there only once the lines of the access stream are."""
    person = _asked(told)
    instance()
    actor = _actor(login)
    with _private_file(target) as beside:
        with house(), beside.open("wb") as file:
            copied = export_person(person, reason, file, actor)
        if not copied.codes:
            raise BadInput(
                "没有这个人反映的事项，没有写文件（no matter was brought by this person; nothing was written）"
            )
    click.echo(
        f"{len(copied.codes)} 件事项、{copied.values} 项内容、{copied.files} 个附件，写入 {target}；交给本人后请删除"
        f"（{len(copied.codes)} matters, {copied.values} values, {copied.files} files）"
    )
    if copied.others:
        click.echo(f"另有 {copied.others} 件由别人反映、提到此人，没有导出（brought by others: not exported）")


@contextmanager
def _private_file(target: Path) -> Iterator[Path]:
    """A file beside the target that only its owner reads; it takes the target's name when all went well."""
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield beside
        beside.replace(target)
    except OSError as fault:
        raise BadInput(f"写不了 {target}：{fault.strerror}（the file cannot be written）") from fault
    finally:
        beside.unlink(missing_ok=True)


@vault.command(help="删除已办结事项的全部个人内容 / erase everything sealed about ended matters")
@click.argument("codes", nargs=-1, required=True, metavar="编码...")
@_person
@_by_whom
@click.option("--reason", required=True, help="为什么删除 / why")
@click.option("--on-order", is_flag=True, help="不是本人要求：依据写明在理由里的决定 / not asked for by the person")
@click.option("--yes", is_flag=True, help="不再列出，直接删除 / erase without listing first")
def erase(codes: tuple[str, ...], reason: str, login: str, on_order: bool, yes: bool, **told: str | None) -> None:
    """Without --yes it only lists what would go. Only what the person brought, or on order of the county."""
    if on_order == any(told.values()):
        raise BadInput(
            "请写明是谁要求删除（例如 --phone），或者写 --on-order（say whose wish it is, or that it is an order）"
        )
    instance()
    actor = _actor(login)
    if not on_order:
        _check_own(codes, _asked(told))
    if not yes:
        _list(codes)
        click.echo("什么也没有删；确认无误后加上 --yes 再运行（nothing was erased; run again with --yes）")
        return
    with house():
        done = erase_subjects(codes, reason, actor, "order" if on_order else by(_asked(told)))
    for one in done:
        click.echo(f"{one.code} 已删除：{one.values} 项内容、{one.files} 个附件（erased）")
    click.echo("此前的备份里还有：请按 docs/vault.md 处理备份（backups taken before still hold it: see docs/vault.md）")


@vault.command(
    "erase-again",
    help="数据库回到从前之后，按删除清单重新删除 / after the database went back in time, erase again by the list",
)
@click.argument("listed", type=click.Path(path_type=Path, dir_okay=False), metavar="清单")
def again(listed: Path) -> None:
    """`minqing restore` does it by itself; this is for a recovery to a moment, and for a replica that was behind."""
    erasures = read_list(listed)
    instance()
    codes = erase_again(erasures, house)
    for code in codes:
        click.echo(code)
    click.echo(f"清单 {len(erasures)} 条，重新删除 {len(codes)} 件（{len(codes)} matters erased again）", err=True)


def _check_own(codes: tuple[str, ...], person: dict[str, str]) -> None:
    with house():
        others = sorted(set(codes) - set(own_matters(person)))
    if others:
        raise BadInput(
            f"{'、'.join(others)} 不是这个人反映的，或者查无此件：请核对编码，什么也没有删"
            "（not brought by this person: nothing was erased）"
        )


def _list(codes: tuple[str, ...]) -> None:
    with house():
        for code in codes:
            names = names_of(code)
            click.echo(f"{code}：" + ("、".join(map(_title, names)) if names else "没有封存的内容（nothing sealed）"))


def _title(named: Named) -> str:
    return named.title or LABELS.get(named.kind, "办理记录" if not named.kind.startswith("form.") else named.kind)


@vault.command(help="换主密钥，系统照常运行 / exchange the master key while the system runs")
def rotate() -> None:
    """Broken off anywhere, it goes on when called again."""
    instance()
    with _progress("换钥 · rotating", keys_to_rotate(house)) as advance:
        done = rotate_masters(house, advance)
    gone = "、".join(map(str, done.dropped)) or "无"
    click.echo(
        f"第 {done.master} 号主密钥启用，{done.keys:,} 把钥匙已重新加封，已销毁旧的：{gone}"
        f"（master {done.master} wraps {done.keys:,} keys anew）"
    )
    click.echo("请马上备份 keys 文件夹（copy the folder of the keys now）")


@vault.command(
    help="到期的内容逐项销毁；未办结的延长 90 天 / destroy what is past its end; open matters keep it longer"
)
def retain() -> None:
    """Run daily by `minqing work`; by hand after a pause."""
    instance()
    with _progress("清理到期内容 · retaining", None) as advance:
        done = retain_all(house, advance)
    click.echo(
        f"{done.erased_matters} 件的 {done.erased} 项到期内容已销毁，"
        f"{done.prolonged_matters} 件未办结的 {done.prolonged} 项延长 90 天"
        f"（{done.erased} values destroyed, {done.prolonged} kept 90 days longer）"
    )


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on the error stream."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
