"""`minqing post list|units|open|import|end|leave`: who serves where, from when to when, and who stands in.

A post is one person in one unit. Whoever follows gets a post of their own: end the old one, open a new one.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.cli.handing import hand_over_now
from minqing.doors.cli.instance import instance
from minqing.doors.cli.rows import as_json_option, day_of, day_type, show_rows
from minqing.doors.cli.staff_list import read_staff
from minqing.registers.accounts.actions import open_seat, open_staff
from minqing.registers.accounts.posts import MACHINE_ROLE, ROLES
from minqing.registers.accounts.queries import SeatRow, posts
from minqing.registers.accounts.terms import end_post, set_leave
from minqing.registers.regions.queries import units_by_slug, units_named

_ROLES = "、".join(f"{slug} {one.zh}" for slug, one in ROLES.items() if slug != MACHINE_ROLE)
_HEADINGS = {
    "post": "岗位 post", "unit": "单位 unit", "unit_name": "名称", "title": "职务 title", "login": "登录名 login",
    "person": "姓名", "role": "角色 role", "starts": "自 from", "ends": "至 to", "away": "离岗 away",
    "stand_in": "代班岗位 stand-in",
}  # fmt: skip
_UNITS = {"slug": "标识 slug", "name": "名称 name", "kind": "类别 kind", "level": "级别 level", "place": "区划 place"}


@click.group()
def post() -> None:
    """岗位：谁在哪里任职、自何时到何时、离岗谁代班。 / Posts: who serves where, and who stands in."""


@post.command("list", help="在任的岗位 / the posts that run")
@click.option("--unit", default="", metavar="SLUG", help="只看这个单位 / of this unit only")
@click.option("--all", "past", is_flag=True, help="连同已结束的 / those that are over too")
@as_json_option
def listing(unit: str, past: bool, as_json: bool) -> None:
    """In the order of places."""
    instance()
    if unit and unit not in units_by_slug([unit]):
        raise BadInput(
            f"没有标识为 {unit[:60]} 的单位：请看 minqing post units（no such unit: see `minqing post units`）"
        )
    show_rows([{**row.__dict__, "away": _away(row)} for row in posts(unit, past=past)], _HEADINGS, as_json)


def _away(row: SeatRow) -> str:
    return f"{row.absent_from} → {row.absent_to or ''}" if row.absent_from else ""


@post.command("units", help="单位及其标识 / the units and what they are called by")
@click.argument("words", default="")
@as_json_option
def unit_listing(words: str, as_json: bool) -> None:
    """Those whose name or slug holds the words."""
    instance()
    show_rows([row.__dict__ for row in units_named(words)], _UNITS, as_json)


@post.command("open", help="开设岗位并任职 / open a post for a user")
@click.option("--user", "login", required=True, metavar="LOGIN", help="谁 / who")
@click.option("--unit", required=True, metavar="SLUG", help="在哪个单位 / in which unit")
@click.option(
    "--title", default="staff", show_default=True, metavar="SLUG", help="职务 / what as: head, staff, mediator"
)
@click.option("--role", default="", metavar="ROLE", help=f"角色，默认随单位 / that of the unit, or: {_ROLES}")
@click.option("--from", "starts", type=day_type, help="自哪天，默认今天 / from which day; today by default")
@click.option("--to", "ends", type=day_type, help="到哪天（含），默认长期 / last day; open by default")
def open_post(
    login: str, unit: str, title: str, role: str, starts: dt.datetime | None, ends: dt.datetime | None
) -> None:
    """Prints the number of the post: tokens are issued to it."""
    instance()
    number = open_seat(login, unit, title, day_of(starts) or moments.today(), day_of(ends), role)
    click.echo(
        f"已开设 {number} 号岗位。需要令牌：minqing token new --post {number} --title 用途（next: issue a token to it）"
    )


@post.command("import", help="按名单（登录名、姓名、单位，可有职务、角色、自、至）任职 / users and posts of a list")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def import_staff(path: Path) -> None:
    """CSV or XLSX; all rows or none. Whose login is known gets another post."""
    plans = read_staff(path)
    instance()
    click.echo(f"已任职 {len(open_staff(plans))} 人次（posts opened）。查看：minqing post list")


@post.command(help="结束岗位：手上的事项交回单位 / end a post: its matters go back to the unit")
@click.argument("number", metavar="ID", type=int)
@click.option("--on", type=day_type, help="最后一天，默认今天 / the last day; today by default")
def end(number: int, on: dt.datetime | None) -> None:
    """What is in hand is handed over when the last day is over."""
    instance()
    last = day_of(on) or moments.today()
    end_post(number, last)
    click.echo(f"{number} 号岗位到 {last} 结束（the post ends on {last}）")
    if last < moments.today():
        hand_over_now()
    else:
        click.echo("手上未办结的事项，届时由 minqing work 自动交回单位（what is open goes back to the unit then）")


@post.command(help="离岗与代班 / leave and stand-in")
@click.argument("number", metavar="ID", type=int)
@click.option("--from", "since", type=day_type, help="自哪天，默认今天 / from which day; today by default")
@click.option("--to", "until", type=day_type, help="到哪天（含） / last day")
@click.option("--stand-in", type=int, metavar="ID", help="哪个岗位代班 / which post stands in")
@click.option("--back", is_flag=True, help="已回岗 / is back")
def leave(number: int, since: dt.datetime | None, until: dt.datetime | None, stand_in: int | None, back: bool) -> None:
    """The token of whoever is away rests; who stands in gets one by `minqing token new --post ID`."""
    if back and (since or until or stand_in):
        raise BadInput("--back 表示已回岗，不能与其他选项同用（--back stands alone）")
    instance()
    if back:
        set_leave(number, None)
        click.echo(f"{number} 号岗位已回岗（back）")
        return
    first = day_of(since) or moments.today()
    set_leave(number, first, day_of(until), stand_in)
    click.echo(f"{number} 号岗位自 {first} 离岗（away），" + _covered(number, stand_in))


def _covered(number: int, stand_in: int | None) -> str:
    if stand_in is None:
        return "无人代班，事项由上级单位照看（nobody stands in: the unit above looks after it）"
    return (
        f"由 {stand_in} 号岗位代班；代班人要令牌：minqing token new --post {number} --title 代班"
        "（issue the stand-in a token）"
    )
