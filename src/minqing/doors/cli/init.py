"""`minqing init`: the tables, the rights of the application's role and the keys of this instance; safe to repeat."""

from __future__ import annotations

import click

from minqing.base.backup.keys import check_whole
from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.base.postgres import home_folder
from minqing.base.postgres.instance import migrate_and_grant, open_instance
from minqing.doors.cli.county import prepare_county
from minqing.doors.counter.trial import end_trial
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.masters import masters
from minqing.registers.vault.queries import check_masters


@click.command(help="建库或升级：表、权限与密钥 / make or update the tables, rights and keys of this instance")
@click.option("--county", help="同时备好这个县：区划、单位、工作法 / also make this county ready, by its division code")
def init(county: str | None) -> None:
    """Starts the embedded database or uses DATABASE_URL; what is there already stays."""
    migrate_and_grant(open_instance())
    make_keys()
    home = home_folder()
    if county is not None:
        units, methods = prepare_county(county)
        if end_trial():
            click.echo("本实例不再是试用：登录一律要密码 / no longer a trial: everybody needs a password now")
        click.echo(f"县 {county}：新开单位 {units} 个，新发布工作法 {methods} 个 / {units} units, {methods} methods")
    click.echo(f"已就绪 / ready: {home}")
    click.echo(f"请备份 {home / 'keys'}：密钥不在数据库里，丢了就找不回。")


def make_keys() -> None:
    """The keys of this instance, each made once; refused where something was sealed by keys that are not there."""
    home = home_folder()
    with seen_by(HOUSE):
        if check_masters():  # a new key beside the old ones would fit nothing that is there
            check_whole(home / "keys")
    signing_key(home)
    body_key(home)
    secrets_key(home)
    masters(home)
