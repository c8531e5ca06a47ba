"""`minqing init`: the tables, the rights of the application's role and the keys of this instance; safe to repeat."""

from __future__ import annotations

import click

from minqing.base.ledger.keys import body_key, signing_key
from minqing.base.postgres import home_folder
from minqing.base.postgres.instance import migrate_and_grant, open_instance


@click.command(help="建库或升级：表、权限与密钥 / make or update the tables, rights and keys of this instance")
def init() -> None:
    """Starts the embedded database or uses DATABASE_URL; what is there already stays."""
    urls = open_instance()
    migrate_and_grant(urls)
    home = home_folder()
    signing_key(home)
    body_key(home)
    click.echo(f"已就绪 / ready: {home}")
    click.echo(f"请备份 {home / 'keys'}：密钥不在数据库里，丢了就找不回。")
