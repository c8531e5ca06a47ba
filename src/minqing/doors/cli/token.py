"""`minqing token new|list|revoke`: the keys of the doors. A token's words are printed once and kept nowhere."""

from __future__ import annotations

import json

import click

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.cli.instance import instance
from minqing.doors.cli.rows import as_json_option, show_rows
from minqing.registers.accounts.actions import LONGEST_DAYS, Issued, issue_machine_token, issue_token, revoke_token
from minqing.registers.accounts.posts import RIGHTS
from minqing.registers.accounts.queries import names_of, tokens

_HEADINGS = {
    "id": "编号 id", "state": "状态 state", "title": "用途 title", "post": "岗位 post", "name": "姓名 name",
    "source": "来源 source", "rights": "权限 rights", "expires": "到期 expires", "last_used": "最近使用 last used",
}  # fmt: skip


@click.group()
def token() -> None:
    """令牌：签发、查看、作废。 / Tokens: the keys with which people and programs come in."""


@token.command(help="签发令牌，只显示一次 / issue a token, shown once")
@click.option("--post", type=int, help="给这个岗位今天的在任人 / for whoever serves in this post today")
@click.option("--machine", metavar="SOURCE", help="给一个程序，只能以此来源报件 / for a program: its only source")
@click.option("--title", required=True, help="用途，如 小程序、热线对接 / what it is for")
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=365, show_default=True, help="有效天数 / days")
@click.option("--rights", metavar="LIST", help=f"只给其中几项，逗号分隔 / only these: {','.join(RIGHTS)}")
@click.option("--county", default="", help="几个县共用时，程序属哪个县 / where there are several counties: which one")
@as_json_option
def new(
    post: int | None, machine: str | None, title: str, days: int, rights: str | None, county: str, as_json: bool
) -> None:
    """The token alone goes to stdout, all else to stderr: TOKEN=$(minqing token new --post 12 --title …)."""
    wanted = _rights(rights)
    if (post is None) == (machine is None):
        raise BadInput("请写明给谁：--post 岗位编号，或 --machine 来源（say for whom: either --post or --machine）")
    instance()
    if post is not None:
        issued = issue_token(post, title, days, wanted)
    else:
        issued = issue_machine_token(machine or "", title, days, wanted, county)
    if as_json:
        click.echo(json.dumps(_plain(issued)))
        return
    for_whom = names_of([issued.person]).get(issued.person, machine or "")
    click.echo(
        f"{issued.id} 号令牌，给 {for_whom}，权限 {' '.join(issued.rights)}，{issued.expires:%Y-%m-%d %H:%M} 到期。"
        "只显示这一次，请立即妥善保存（shown this once: keep it safe now）：",
        err=True,
    )
    click.echo(issued.words)


def _plain(issued: Issued) -> dict[str, object]:
    return {
        "id": issued.id, "token": issued.words, "person": issued.person, "rights": issued.rights,
        "expires": issued.expires.isoformat(),
    }  # fmt: skip


def _rights(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip()) if text else ()


@token.command("list", help="全部令牌，不含内容 / all tokens, without their words")
@click.option("--all", "everything", is_flag=True, help="连同已作废、已过期的 / revoked and expired ones too")
@as_json_option
def listing(everything: bool, as_json: bool) -> None:
    """Neither the token nor its hash can be shown again."""
    instance()
    now, found = moments.now(), tokens()
    names = names_of([row.person for row in found if row.person is not None])
    rows = []
    for row in found:
        state = "revoked" if row.revoked else "valid" if row.living(now) else "expired"
        if everything or state == "valid":
            rows.append({**row.__dict__, "state": state, "name": names.get(row.person or 0, "")})
    show_rows(rows, _HEADINGS, as_json)


@token.command(help="作废令牌，立即生效 / revoke a token, at once")
@click.argument("number", metavar="ID", type=int)
def revoke(number: int) -> None:
    """Refused for a number that is none or was revoked before."""
    instance()
    if not revoke_token(number):
        raise BadInput(f"没有 {number} 号有效令牌：请看 minqing token list（no such token: see `minqing token list`）")
    click.echo(f"{number} 号令牌已作废（revoked）")
