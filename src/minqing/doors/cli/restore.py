"""`minqing restore`: a backup with its keys into an empty home; verified, and erased again what was erased since.

Exit code 1: restored as it was, and the journal had faults already when the backup was taken. Docs: docs/backup.md.
"""

from __future__ import annotations

from pathlib import Path

import click

from minqing.base.backup.restoring import check_backup, check_fits, restored
from minqing.base.errors import BadInput
from minqing.base.ledger.verify import verify
from minqing.base.postgres import home_folder
from minqing.doors.cli.backup import bar, stoppable
from minqing.doors.cli.journal import STREAMS
from minqing.kernel.matters.shifting import apply_shift
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.erasures import NAME, Erasure, erase_again, read_list, write_list
from minqing.registers.vault.masters import prints_of_ring
from minqing.registers.vault.queries import check_masters
from minqing.registers.vault.rights import retain


@click.command(help="把备份恢复到空文件夹（MINQING_HOME）/ restore a backup into an empty home (MINQING_HOME)")
@click.argument("backup", type=click.Path(path_type=Path), metavar="备份")
@click.option("--keys", type=click.Path(path_type=Path), required=True, help="密钥的备份 / the copy of the keys")
@click.option("--erased", type=click.Path(path_type=Path), help="最新的删除清单 / the newest list of erasures")
@click.option("--erasures-unknown", is_flag=True, help="最新的清单找不到了 / the newest list is lost")
@click.pass_context
def restore(ctx: click.Context, backup: Path, keys: Path, erased: Path | None, erasures_unknown: bool) -> None:
    """All of it or nothing: what fails leaves the home empty."""
    if (erased is not None) == erasures_unknown:
        raise BadInput(
            f"备份之后可能有人要求删除了个人信息：请用 --erased 给出最新的 {NAME}（原来那台机器的 keys 文件夹里，"
            "或最近一次密钥备份里）；实在没有，写 --erasures-unknown"
            f"（what was erased after the backup must not come back: give the newest {NAME} with --erased, "
            "or say --erasures-unknown）"
        )
    home, keys = home_folder(), keys.absolute()
    checked = check_backup(backup.absolute())
    check_fits(checked, keys, prints_of_ring)
    erasures = _erasures(keys, erased)
    with bar() as told, stoppable(), restored(home, checked, keys, told):
        with seen_by(HOUSE):
            check_masters()
        apply_shift()
        found = verify(STREAMS, home_folder())
        again = erase_again(erasures, lambda: seen_by(HOUSE))
        write_list(home_folder(), erasures)
        ended = retain(lambda: seen_by(HOUSE)).erased
    click.echo(
        f"已恢复 / restored: {home}\n根相同 same root {checked.manifest.counted.root}，核对了 {found.lines:,} 行日志"
    )
    for fault in found.faults:
        click.echo(fault.sentence)
    if found.count:
        click.echo(f"备份时日志就有 {found.count} 处问题（the journal had these faults when it was backed up）")
    click.echo(
        f"重新删除 {len(again)} 件，到期销毁 {ended} 项（{len(again)} matters erased again, {ended} values ended）"
    )
    if erasures_unknown:
        click.echo(f"注意：{checked.manifest.taken} 之后的删除无从得知，请查访后用 minqing vault erase 重做"
                   "（erasures after the backup are unknown: find out and do them again）", err=True)  # fmt: skip
    click.echo("请让所有人重新登录，核对口令和令牌（everybody signs in anew; look through people and tokens）")
    ctx.exit(1 if found.count else 0)


def _erasures(keys: Path, erased: Path | None) -> set[Erasure]:
    """Those known with the keys and those of the newest list."""
    known = read_list(keys / NAME) if (keys / NAME).exists() else set[Erasure]()
    return known | (read_list(erased) if erased is not None else set())
