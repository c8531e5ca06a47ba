"""`minqing demo`: loaded once, told so the second time; real places, made-up everything else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from minqing.doors.cli import main
from minqing.doors.cli.demo import GRIDS
from minqing.doors.cli.demo_staff import made_up_names
from minqing.kernel.matters.reading import read_ids
from minqing.registers.accounts.posts import ROLES
from minqing.registers.accounts.queries import viewer_of
from minqing.registers.accounts.rules import HOUSE


@pytest.mark.xdist_group("demo")
def test_the_demo_loads_once_and_then_says_that_it_is_there(
    own_database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in {"MINQING_HOME": str(tmp_path), **own_database.env}.items():
        monkeypatch.setenv(name, value)
    first = CliRunner().invoke(main, ["demo", "--days", "2"])
    assert first.exit_code == 0, first.output
    assert "演示县已载入" in first.stdout and "虚构" in first.stdout
    with psycopg.connect(own_database.owner) as owner:
        ids = [number for (number,) in owner.execute("select id from matters_matter")]
        matters = len(ids)
        assert matters > 30
        assert all(one.title.endswith("（演示）") for one in read_ids(HOUSE, ids).values())
        assert owner.execute("select count(*) from regions_grid where name like '%（演示）'").fetchone() == (GRIDS,)
        assert owner.execute("select count(*) from regions_post where person not like '演示·%'").fetchone() == (0,)
        (villages,) = owner.execute("select count(*) from regions_unit where level = 'village'").fetchone()
        assert villages > 200
        seats = "count(*), count(s.id), count(distinct s.role), count(*) filter (where u.name like '演示·%')"
        joined = (
            "regions_post p left join accounts_seat s on s.post_id = p.id left join accounts_user u on u.id = s.user_id"
        )
        posts, seated, roles, named = owner.execute(f"select {seats} from {joined}").fetchone()
        assert posts == seated == named and roles == len(ROLES) - 1  # all but that of programs
        strangers = (
            "select count(*) from matters_matter where worker <> 0 and worker not in (select id from accounts_user)"
        )
        assert owner.execute(strangers).fetchone() == (0,)
        assert owner.execute("select count(*) from ledger_line where stream = 3").fetchone()[0] < 20
        second = CliRunner().invoke(main, ["demo", "--days", "2"])
        assert second.exit_code == 0 and "没有改动" in second.stdout
        assert owner.execute("select count(*) from matters_matter").fetchone() == (matters,)
    for unit, role in (("county-330727", "leader"), ("village-330727001002", "village")):
        listed = json.loads(CliRunner().invoke(main, ["post", "list", "--unit", unit, "--json"]).stdout)
        post = next(row["post"] for row in listed if row["role"] == role)
        made = CliRunner().invoke(main, ["token", "new", "--post", str(post), "--title", "试用"])
        assert viewer_of(made.stdout.strip()).role == role


def test_made_up_names_are_many_marked_and_never_twice() -> None:
    names = made_up_names()
    some = [next(names) for _ in range(2000)]
    assert len(set(some)) == len(some)
    assert all(re.fullmatch(r"演示·\w{2,3}", name) for name in some)
