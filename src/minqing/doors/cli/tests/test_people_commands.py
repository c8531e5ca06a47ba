"""user, post and token as an administrator meets them: from nobody to a working token, and back."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connections

from minqing.base import moments
from minqing.doors.cli import main
from minqing.kernel.matters.actions import Concern, act, report
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.queries import viewer_in, viewer_of
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.regions.codes import code_of
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
TOWN = "town-330727101"
DAY = dt.timedelta(days=1)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def number_in(said: Result) -> str:
    assert said.exit_code == 0, said.output
    return re.search(r"\d+", said.stdout)[0]


@pytest.fixture
def county(own_database, tmp_path, monkeypatch):
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    moments.shift_by(dt.timedelta(0))
    (tmp_path / "lists").mkdir()
    yield open_trial_county(tmp_path / "lists")
    connections.close_all()


def test_a_new_clerk_gets_a_number_a_post_and_a_token_that_works_until_revoked(county) -> None:
    assert "1 号用户 chen" in run("user", "add", "chen", "--name", "演示·陈").stdout
    post = number_in(run("post", "open", "--user", "chen", "--unit", TOWN, "--title", "head"))
    made = run("token", "new", "--post", post, "--title", "手机", "--days", "30", "--rights", "read, act")
    words = made.stdout.strip()
    assert re.fullmatch(r"mq_[\w-]{43}", words), "the token alone on stdout"
    assert "演示·陈" in made.stderr and "只显示这一次" in made.stderr and words not in made.stderr
    viewer = viewer_of(words)
    assert (viewer.person, viewer.role, viewer.rights) == (1, "town_centre", frozenset({"read", "act"}))
    (listed,) = json.loads(run("token", "list", "--json").stdout)
    assert (listed["title"], listed["name"], listed["state"]) == ("手机", "演示·陈", "valid")
    assert words not in run("token", "list").stdout
    assert run("token", "revoke", str(listed["id"])).exit_code == 0
    assert viewer_of(words) is None
    assert "没有记录" in run("token", "list").stdout
    assert json.loads(run("token", "list", "--all", "--json").stdout)[0]["state"] == "revoked"
    again = run("token", "revoke", str(listed["id"]))
    assert again.exit_code == 2 and "没有 1 号有效令牌" in again.stderr


def test_a_program_gets_a_token_bound_to_its_source(county) -> None:
    made = json.loads(run("token", "new", "--machine", "12345-hotline", "--title", "热线对接", "--json").stdout)
    viewer = viewer_of(made["token"])
    assert (viewer.source, viewer.role) == ("12345-hotline", "machine")


def test_a_post_ends_and_the_list_shows_only_those_that_run(county) -> None:
    run("user", "add", "chen", "--name", "演示·陈")
    post = number_in(run("post", "open", "--user", "chen", "--unit", TOWN, "--from", "2026-01-01"))
    assert [row["login"] for row in json.loads(run("post", "list", "--unit", TOWN, "--json").stdout)] == ["chen"]
    assert "minqing work" in run("post", "end", post).stdout  # today is still served
    yesterday = str(moments.today() - DAY)
    assert "交回单位 0 件" in run("post", "end", post, "--on", yesterday).stdout
    assert json.loads(run("post", "list", "--json").stdout) == []
    assert len(json.loads(run("post", "list", "--all", "--json").stdout)) == 1
    refused = run("token", "new", "--post", post, "--title", "手机")
    assert refused.exit_code == 2 and "今天没有人在任" in refused.stderr


def test_a_post_that_is_over_gives_back_what_its_person_had_in_hand(county) -> None:
    publish(WUSHAN)
    unit, posts = f"grid-{code_of(county[0])}", {}
    for login, title in (("chen", "worker"), ("zhou", "head")):
        run("user", "add", login, "--name", f"演示·{login}")
        posts[login] = number_in(run("post", "open", "--user", login, "--unit", unit, "--title", title))
    (answer,) = report([Concern(county[0], "web", text="路灯不亮")], WUSHAN)
    act(answer.code, Command("assign", person=1), viewer_in(int(posts["chen"])))
    assert read_one(HOUSE, answer.code).matter.worker == 1
    closed = run("user", "close", "chen")
    assert "交回单位 1 件" in closed.stdout, closed.output
    assert read_one(HOUSE, answer.code).matter.worker == 2
    assert run("journal", "verify").exit_code == 0


def test_on_leave_the_token_is_issued_to_who_stands_in(county) -> None:
    posts = []
    for login in ("chen", "zhou"):
        run("user", "add", login, "--name", f"演示·{login}")
        posts.append(number_in(run("post", "open", "--user", login, "--unit", TOWN)))
    assert "代班" in run("post", "leave", posts[0], "--stand-in", posts[1]).stdout
    made = run("token", "new", "--post", posts[0], "--title", "代班")
    assert "演示·zhou" in made.stderr
    assert run("post", "leave", posts[0], "--back").exit_code == 0
    assert viewer_of(made.stdout.strip()) is None


def test_a_closed_user_serves_nowhere(county) -> None:
    run("user", "add", "chen", "--name", "演示·陈")
    post = number_in(run("post", "open", "--user", "chen", "--unit", TOWN))
    words = run("token", "new", "--post", post, "--title", "手机").stdout.strip()
    closed = run("user", "close", "chen")
    assert "已注销" in closed.stdout and "交回单位" in closed.stdout
    assert viewer_of(words) is None
    assert [row["active"] for row in json.loads(run("user", "list", "--json").stdout)] == [False]
    assert "1 号用户 chen 已恢复" in run("user", "reopen", "chen").stdout
    assert [row["active"] for row in json.loads(run("user", "list", "--json").stdout)] == [True]
    assert viewer_of(words) is None


def test_a_list_of_staff_opens_users_and_posts_all_or_none(county, tmp_path) -> None:
    path = tmp_path / "名单.csv"
    rows = ["登录名,姓名,单位,职务,角色,自,至", f"chen,演示·陈,{TOWN},head,,2026-01-01,", f"zhou,演示·周,{TOWN},,,,"]
    path.write_text("\n".join([*rows, f"chen,演示·陈,{TOWN},clerk,leader,,2030-12-31"]), encoding="gb18030")
    assert "3 人次" in run("post", "import", str(path)).stdout
    listed = json.loads(run("post", "list", "--unit", TOWN, "--json").stdout)
    assert {(row["login"], row["title"], row["role"]) for row in listed} == {
        ("chen", "head", "town_centre"),
        ("zhou", "staff", "town_centre"),
        ("chen", "clerk", "leader"),
    }
    path.write_text("\n".join([*rows[:1], f"wang,演示·王,{TOWN},,,,", "lin,演示·林,nowhere,,,,"]), encoding="utf-8")
    said = run("post", "import", str(path))
    assert said.exit_code == 2 and "没有标识为“nowhere”的单位" in said.stderr
    path.write_text("\n".join([*rows[:1], f"wang,,{TOWN},,,,", f"lin,演示·林,{TOWN},,,五月,"]), encoding="utf-8")
    said = run("post", "import", str(path))
    assert "第 2 行：姓名为空" in said.stderr and "第 3 行：五月 不是日期" in said.stderr
    path.write_text("姓名,单位\n演示·林,x", encoding="utf-8")
    assert "缺少列：登录名（login）" in run("post", "import", str(path)).stderr
    assert len(json.loads(run("user", "list", "--json").stdout)) == 2


def test_units_are_found_by_a_word_of_their_name(county) -> None:
    found = json.loads(run("post", "units", "水利", "--json").stdout)
    assert [(row["slug"], row["kind"]) for row in found] == [("trial-water", "department")]
    assert TOWN in run("post", "units", "--json").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("user", "add", "陈", "--name", "演示·陈"), "不能作登录名"),
        (("user", "add", "chen", "--name", " "), "姓名不能为空"),
        (("user", "close", "nobody"), "没有登录名为“nobody”"),
        (("post", "open", "--user", "nobody", "--unit", TOWN), "没有登录名为“nobody”"),
        (("post", "open", "--user", "wang", "--unit", "nowhere"), "没有标识为“nowhere”的单位"),
        (("post", "open", "--user", "wang", "--unit", TOWN, "--role", "county_centre"), "town_centre（乡镇中心）"),
        (("post", "list", "--unit", "nowhere"), "minqing post units"),
        (("post", "end", "999"), "没有编号为 999 的岗位"),
        (("post", "leave", "999", "--back", "--stand-in", "1"), "--back"),
        (("token", "new", "--title", "手机"), "--post"),
        (("token", "new", "--title", "手机", "--post", "1", "--machine", "x"), "--post"),
        (("token", "new", "--title", "手机", "--post", "999"), "999 号岗位今天没有人在任"),
        (("token", "new", "--title", "手机", "--machine", "热线"), "不能作来源名"),
        (("token", "new", "--title", "手机", "--machine", "hotline", "--rights", "reveal"), "没有“reveal”"),
        (("token", "new", "--title", "手机", "--machine", "hotline", "--county", "330000"), "minqing init --county"),
        (("token", "revoke", "999"), "没有 999 号有效令牌"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_is_refused_with_a_sentence(county, arguments: tuple[str, ...], sentence: str) -> None:
    run("user", "add", "wang", "--name", "演示·王")
    said = run(*arguments)
    assert said.exit_code == 2 and sentence in said.stderr, said.output
    assert "Traceback" not in said.stderr


def test_a_starting_password_is_shown_once_alone_and_noted_without_its_words(county) -> None:
    run("user", "add", "chen", "--name", "演示·陈")
    made = run("user", "password", "chen")
    words = made.stdout.strip()
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", words), "the password alone on stdout"
    assert "只显示这一次" in made.stderr and words not in made.stderr
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select kind, data from ledger_line join ledger_subject s using (stream, subject)"
            " where s.code = 'user:1' order by seq desc limit 1"
        )
        assert cursor.fetchone() == ("PasswordStarted", {"user": 1})
        cursor.execute("select must_change, password from accounts_user")
        must_change, kept = cursor.fetchone()
    assert must_change and kept.startswith("argon2") and words not in kept
    assert run("user", "password", "chen").stdout.strip() != words
    run("user", "close", "chen")
    for login in ("chen", "nobody"):
        refused = run("user", "password", login)
        assert refused.exit_code == 2 and "没有登录名为" in refused.stderr
