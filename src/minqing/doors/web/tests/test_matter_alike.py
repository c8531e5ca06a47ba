"""Duplicates by pages: shown beside one another, merged by hand, and the merger taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_matter import GRID, OTHER_GRID, TOWN, hidden, html, reported, stage
from minqing.kernel.matters import ports
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.alike import MOST_COMPARED
from minqing.kernel.matters.versions import current_method
from minqing.registers.regions.codes import parse_code

LEAK = "村口桥头的自来水管爆了，水流了一路，三天没人来修"


@pytest.fixture
def two(pages: Pages) -> tuple[str, str]:
    """The same burst pipe, told twice."""
    return reported(pages, "水管爆裂", LEAK), reported(pages, "自来水管爆裂", LEAK + "，请快些")


def test_a_matter_shows_those_that_may_be_the_same_and_no_other(pages: Pages, two: tuple[str, str]) -> None:
    one, other = two
    lamp = reported(pages, "路灯不亮", "晚上巷子里黑得看不见路，老人摔了一跤")
    page = html(pages.as_(GRID), f"/matters/{one}")
    assert f'hx-get="/matters/{one}/alike"' in page
    part = html(pages.as_(GRID), f"/matters/{one}/alike", HX_Request="true")
    assert f'href="/matters/{one}/moves/merge?code={other}"' in part and lamp not in part and "<html" not in part
    assert other in html(pages.as_(GRID), f"/matters/{one}/alike")
    assert "没有找到说法相近的" in html(pages.as_(GRID), f"/matters/{lamp}/alike")


def test_few_are_compared_those_of_the_same_category_before_all_others(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = reported(pages, "水管爆裂", LEAK)
    lamps = [
        Concern(place=parse_code(pages.grids[0]), channel="web", title=f"路灯不亮{n}", text="路灯") for n in range(24)
    ]
    report(lamps, current_method("wushan-three-rests"))
    other = reported(pages, "自来水管爆裂", LEAK + "，请快些")
    find, compared = ports.repeats(), []

    def counted(texts: Sequence[str], places: Sequence[int]) -> list[tuple[tuple[int, ...], tuple[int, ...], str]]:
        compared.append(len(texts))
        return list(find(texts, places))

    monkeypatch.setattr(ports, "repeats", lambda: counted)
    assert other in html(pages.as_(GRID), f"/matters/{one}/alike") and compared == [1 + MOST_COMPARED]


def test_what_the_viewer_does_not_see_is_never_like_it(pages: Pages, two: tuple[str, str]) -> None:
    concern = Concern(place=parse_code(pages.grids[1]), channel="web", title="水管爆裂", text=LEAK)
    far = report([concern], current_method("wushan-three-rests"))[0].code
    assert far not in html(pages.as_(GRID), f"/matters/{two[0]}/alike")
    assert far in html(pages.as_(TOWN), f"/matters/{two[0]}/alike")
    assert pages.as_(OTHER_GRID).get(f"/matters/{two[0]}/alike").status_code == 404


def test_the_two_stand_side_by_side_are_merged_and_taken_apart_again(pages: Pages, two: tuple[str, str]) -> None:
    one, other = two
    grid, there = pages.as_(GRID), f"/matters/{one}/moves/merge"
    page = html(grid, f"{there}?code={other}")
    assert f'value="{other}"' in page and "这一件" in page and "那一件" in page and "自来水管爆裂" in page
    answer = grid.post(there, hidden(page) | {"code": other, "reason": "同一处水管"}, follow=True)
    shown = answer.content.decode()
    assert answer.status_code == 200 and f'href="/matters/{one}/moves/unmerge"' in shown and "合错了" in shown
    back = f"/matters/{one}/moves/unmerge"
    answer = grid.post(back, hidden(html(grid, back)) | {"reason": "看错了"}, follow=True)
    assert answer.status_code == 200 and stage(one) == "grid"
    assert "合错了" not in answer.content.decode()
