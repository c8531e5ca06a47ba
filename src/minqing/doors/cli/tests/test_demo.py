"""`minqing demo`: loaded once, told so the second time; real places, made-up everything else."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from minqing.doors.cli import main
from minqing.doors.cli.demo import GRIDS, made_up_names


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
        marks = "count(*) filter (where title_masked like '%（演示）')"
        matters, marked = owner.execute(f"select count(*), {marks} from matters_matter").fetchone()
        assert 30 < matters == marked
        assert owner.execute("select count(*) from regions_grid where name like '%（演示）'").fetchone() == (GRIDS,)
        assert owner.execute("select count(*) from regions_post where person not like '演示·%'").fetchone() == (0,)
        (villages,) = owner.execute("select count(*) from regions_unit where level = 'village'").fetchone()
        assert villages > 200
        second = CliRunner().invoke(main, ["demo", "--days", "2"])
        assert second.exit_code == 0 and "没有改动" in second.stdout
        assert owner.execute("select count(*) from matters_matter").fetchone() == (matters,)


def test_made_up_names_are_many_marked_and_never_twice() -> None:
    names = made_up_names()
    some = [next(names) for _ in range(2000)]
    assert len(set(some)) == len(some)
    assert all(re.fullmatch(r"演示·\w{2,3}", name) for name in some)
