"""`minqing user add|list|password|drop-factors|close|reopen`: who works here, each with a number for journal lines."""

from __future__ import annotations

import click

from minqing.doors.cli.handing import hand_over_now
from minqing.doors.cli.instance import instance
from minqing.doors.cli.rows import as_json_option, show_rows
from minqing.registers.accounts.actions import add_user, close_user, reopen_user
from minqing.registers.accounts.factors import drop_factors
from minqing.registers.accounts.passwords import start_password
from minqing.registers.accounts.queries import users

_HEADINGS = {"id": "编号 id", "login": "登录名 login", "name": "姓名 name", "active": "在册 active"}


@click.group()
def user() -> None:
    """用户：登记、查看、注销。 / Users: the people who work with the system."""


@user.command(help="登记用户 / add a user")
@click.argument("login")
@click.option("--name", required=True, help="姓名 / name")
def add(login: str, name: str) -> None:
    """Then `minqing post open` gives them a post."""
    instance()
    number = add_user(login, name)
    click.echo(
        f"已登记 {number} 号用户 {login}。下一步（next）：minqing post open --user {login} --unit 单位标识，"
        f"再 minqing user password {login}"
    )


@user.command(help="初始密码，登录后要改 / a starting password, to be changed at the first sign-in")
@click.argument("login")
def password(login: str) -> None:
    """The password alone on stdout, this once. Whoever forgot theirs gets one the same way."""
    instance()
    words = start_password(login)
    click.echo(
        f"{login} 的初始密码，只显示这一次，请当面或另走一条路告诉本人；首次登录要改成自己的。"
        "其他设备上的登录已退出（shown this once: hand it over in person; it is changed at the first sign-in）：",
        err=True,
    )
    click.echo(words)


@user.command(
    "drop-factors", help="第二重验证丢了：撤下验证器、备用码和通行密钥 / second factor lost: take off all of them"
)
@click.argument("login")
def drop(login: str) -> None:
    """The password stays; the user is told at each sign-in of two weeks."""
    instance()
    click.echo(
        f"已撤下 {drop_factors(login)} 项，{login} 本人和同单位的人会看到（taken off; they and their unit are told）"
    )


@user.command("list", help="全部用户 / all users")
@as_json_option
def listing(as_json: bool) -> None:
    """Those who left stay on the list: old journal lines name them by number."""
    instance()
    show_rows([row.__dict__ for row in users()], _HEADINGS, as_json)


@user.command(
    help="注销用户：令牌失效，岗位结束，手上的事项交回单位 / close a user: tokens and posts end, matters go back"
)
@click.argument("login")
def close(login: str) -> None:
    """For whoever has left."""
    instance()
    number = close_user(login)
    click.echo(f"{number} 号用户 {login} 已注销（closed）")
    hand_over_now()


@user.command(help="恢复已注销的用户，编号不变 / reopen a closed user, with the old number")
@click.argument("login")
def reopen(login: str) -> None:
    """Posts and tokens are opened anew."""
    instance()
    number = reopen_user(login)
    click.echo(f"{number} 号用户 {login} 已恢复；岗位和令牌请另开（reopened: posts and tokens are opened anew）")
