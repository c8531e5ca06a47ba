"""Units and posts in a real database: what may be opened, and who serves when somebody is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from minqing.base.errors import BadInput, Conflict, MinqingError
from minqing.base.moments import CHINA
from minqing.registers.regions import actions
from minqing.registers.regions.actions import (
    GridPlan,
    PostPlan,
    end_post,
    move_unit,
    open_grids,
    open_post,
    open_posts,
    open_unit,
    set_hours,
    set_leave,
)
from minqing.registers.regions.county import units_of_county
from minqing.registers.regions.loading import load_divisions
from minqing.registers.regions.models import Post, Revision, Unit
from minqing.registers.regions.queries import on_duty_in, relieved, units_by_slug
from minqing.registers.regions.rules import parse_code

pytestmark = pytest.mark.django_db

PANAN, TOWN, VILLAGE = parse_code("330727"), parse_code("330727001"), parse_code("330727001002")
GRID_SLUG = "grid-330727001002001"
NEW_YEAR, DAY = dt.date(2026, 1, 1), dt.date(2026, 5, 11)
NOON = dt.datetime(2026, 5, 11, 12, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def panan(panan_list: Path) -> None:
    load_divisions(panan_list, only="330727001002")
    open_grids([GridPlan(VILLAGE, "一网格")])
    units_of_county("330727")


def serving(slug: str, moment: dt.datetime = NOON) -> list[str]:
    unit = units_by_slug([slug])[slug]
    return [term.person for term in on_duty_in([unit], moment)[unit]]


def test_the_stand_in_serves_in_the_days_of_the_leave_and_not_after() -> None:
    worker = open_post(GRID_SLUG, "worker", "陈网格", NEW_YEAR)
    cadre = open_post("village-330727001002", "cadre", "周代班", NEW_YEAR)
    set_leave(worker, DAY, DAY + dt.timedelta(days=2), stand_in=cadre)
    assert serving(GRID_SLUG, NOON - dt.timedelta(days=1)) == ["陈网格"]
    assert serving(GRID_SLUG) == ["周代班"]
    assert serving(GRID_SLUG, NOON + dt.timedelta(days=3)) == ["陈网格"]
    set_leave(worker, None)
    assert serving(GRID_SLUG) == ["陈网格"]


def test_where_nobody_serves_the_unit_above_does() -> None:
    ids = units_by_slug([GRID_SLUG, "village-330727001002", "town-330727001"])
    grid, village, town = ids[GRID_SLUG], ids["village-330727001002"], ids["town-330727001"]
    assert relieved([grid], NOON) == {grid: None}
    open_post("town-330727001", "clerk", "吴镇", NEW_YEAR)
    worker = open_post(GRID_SLUG, "worker", "陈网格", NEW_YEAR)
    assert relieved([grid, village], NOON) == {grid: grid, village: town}
    set_leave(worker, DAY)
    assert relieved([grid], NOON) == {grid: town}
    assert relieved([grid], NOON, role="worker") == {grid: None}


def test_who_serves_is_asked_in_two_statements_at_most(django_assert_num_queries) -> None:
    units = list(Unit.objects.values_list("id", flat=True))
    with django_assert_num_queries(2):
        relieved(units, NOON)
    with django_assert_num_queries(1):
        on_duty_in(units, NOON)


def test_a_post_that_ended_serves_no_more_and_its_successor_does() -> None:
    first = open_post("village-330727001002", "head", "前任", NEW_YEAR)
    with pytest.raises(Conflict, match="后任的任期与前任在同一岗位重叠（2026-01-01 起，没有结束日）"):
        open_post("village-330727001002", "head", "后任", DAY)
    end_post(first, DAY - dt.timedelta(days=1))
    open_post("village-330727001002", "head", "后任", DAY)
    assert serving("village-330727001002", NOON - dt.timedelta(days=1)) == ["前任"]
    assert serving("village-330727001002") == ["后任"]
    with pytest.raises(Conflict, match="重叠"):
        end_post(first, DAY)


def test_posts_are_opened_all_or_none_and_collide_within_their_set() -> None:
    twice = PostPlan(GRID_SLUG, "worker", "陈网格", NEW_YEAR)
    with pytest.raises(Conflict, match="重叠"):
        open_posts([twice, PostPlan(GRID_SLUG, "worker", "李网格", NEW_YEAR), twice])
    assert not Post.objects.exists()
    assert len(open_posts([twice, PostPlan(GRID_SLUG, "worker", "李网格", NEW_YEAR)])) == 2
    assert serving(GRID_SLUG) == ["陈网格", "李网格"]


def test_a_unit_cannot_be_put_under_one_that_is_under_it() -> None:
    for slug in ("office", "section", "desk"):
        open_unit(slug, slug, "county", PANAN, "department")
    move_unit("section", "office")
    move_unit("desk", "section")
    with pytest.raises(BadInput, match="绕成了圈"):
        move_unit("office", "desk")
    with pytest.raises(BadInput, match="绕成了圈"):
        move_unit("office", "office")
    move_unit("desk", None)
    move_unit("office", "desk")
    assert Unit.objects.get(slug="office").above.slug == "desk"


def post_of_the_worker() -> int:
    return open_post(GRID_SLUG, "worker", "陈网格", NEW_YEAR)


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: open_unit("x", "某局", "county", parse_code("330728"), "department"), "没有代码为 “330728” 的区划"),
    (lambda: open_unit("x", "某局", "county", PANAN, "ministry"), "没有“ministry”这种单位：可用的有 territory（属地）"),
    (lambda: open_unit("x", "某局", "province", parse_code("33"), "department"), "没有“province”这种级别"),
    (lambda: open_unit("x", "某局", "town", PANAN, "department"), "乡镇级单位，330727 却是县级区划"),
    (lambda: open_unit("x", "某局", "county", PANAN, "department", above="nowhere"), "没有标识为“nowhere”的单位"),
    (lambda: open_unit("x", "某局", "county", PANAN, "department", above=GRID_SLUG), "上级不能是网格级"),
    (lambda: open_unit("x", "", "county", PANAN, "department"), "单位名称不能为空"),
    (lambda: open_unit("x", "某局", "county", PANAN, "department", categories=["a\0"]), "类别里有不能显示的字符"),
    (lambda: open_unit("X!", "某局", "county", PANAN, "department"), "不能作标识"),
    (lambda: open_unit("county-330727", "某局", "county", PANAN, "department"), "已有标识为“county-330727”的单位"),
    (lambda: open_unit("x", "二号中心", "county", PANAN), "330727 已有县级属地单位"),
    (lambda: open_post("nowhere", "worker", "陈", NEW_YEAR), "没有标识为“nowhere”的单位"),
    (lambda: open_post(GRID_SLUG, "worker", "陈", DAY, NEW_YEAR), "任期结束.*早于开始"),
    (lambda: open_post(GRID_SLUG, "网格员", "陈", NEW_YEAR), "不能作标识"),
    (lambda: open_post(GRID_SLUG, "worker", "\ud800", NEW_YEAR), "姓名里有不能显示的字符"),
    (lambda: end_post(10**6, DAY), "没有编号为 1000000 的岗位"),
    (lambda: set_leave(post_of_the_worker(), DAY, NEW_YEAR), "离岗的结束.*早于开始"),
    (lambda: set_leave(post_of_the_worker(), DAY, stand_in=10**6), "没有编号为 1000000 的岗位"),
    (lambda: set_hours([GRID_SLUG, "nowhere"], "08:00-12:00", DAY), "没有标识为“nowhere”的单位"),
    (lambda: set_hours([GRID_SLUG], "早上", DAY), "看不懂工作时间“早上”"),
]


@pytest.mark.parametrize(("act", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_what_cannot_be_is_refused_with_a_sentence(act: Callable[[], object], sentence: str) -> None:
    with pytest.raises(MinqingError, match=sentence):
        act()


def test_nobody_stands_in_for_themselves() -> None:
    worker = post_of_the_worker()
    with pytest.raises(BadInput, match="不能给自己代班"):
        set_leave(worker, DAY, stand_in=worker)


def test_every_action_is_put_on_record_and_a_refused_one_is_not() -> None:
    before = Revision.objects.count()
    worker = post_of_the_worker()
    set_leave(worker, DAY)
    end_post(worker, DAY)
    set_hours([GRID_SLUG], "08:00-12:00", DAY)
    actions.set_day(PANAN, DAY, works=False, reason="县庆")
    with pytest.raises(BadInput):
        set_hours(["nowhere"], "08:00-12:00", DAY)
    noted = Revision.objects.order_by("pk").values_list("what", flat=True)[before:]
    assert list(noted) == ["PostOpened", "LeaveSet", "PostEnded", "HoursSet", "DaySet"]
