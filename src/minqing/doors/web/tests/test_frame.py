"""The frame of pages: who is let in where."""

from __future__ import annotations

import re

from minqing.doors.web.resident.choosing_place import served_counties
from minqing.doors.web.tests.conftest import Pages


def test_a_desk_page_asks_whoever_is_not_signed_in_to_the_door_and_remembers_where_they_went(pages: Pages) -> None:
    answer = pages.as_().get("/inbox")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Finbox")


def test_a_desk_page_opens_for_whoever_is_signed_in_in_a_post(pages: Pages) -> None:
    grid = pages.people[0].unit
    assert pages.as_(grid).get("/inbox").status_code == 200


def test_an_address_that_is_no_page_is_a_page_that_says_so(pages: Pages) -> None:
    answer = pages.as_().get("/nothing")
    assert answer.status_code == 404 and "没有这个页面" in answer.content.decode()


def test_the_first_page_names_the_county(pages: Pages) -> None:
    (county,) = served_counties()
    assert county.name in pages.as_().get("/").content.decode()


def test_who_may_not_open_a_page_keeps_the_bar_and_is_led_back_to_their_own_first_page(pages: Pages) -> None:
    answer = pages.as_(pages.people[0].unit).get("/admin/units")
    said = answer.content.decode()
    assert answer.status_code == 403 and "打不开" in said and "没有办成" not in said
    assert 'class="nav-link"' in said and 'class="btn" href="/today"' in said


def test_the_gallery_of_parts_opens_for_staff_and_is_no_page_for_strangers(pages: Pages) -> None:
    assert pages.as_().get("/gallery").status_code == 404
    answer = pages.as_(pages.people[0].unit).get("/gallery")
    assert answer.status_code == 200 and "已超时" in answer.content.decode()


def test_the_gallery_shows_every_part_of_pages_and_no_name_twice(pages: Pages) -> None:
    said = pages.as_(pages.people[0].unit).get("/gallery").content.decode()
    parts = {
        "status chip": '-lt chip"', "clock with its reasons": "为什么是这个时间", "masked person": "＊＊＊",
        "reveal": "写明理由并查看", "move bar": "move-bar", "timeline": "timeline-plain", "map": 'class="place-map"',
        "chart": 'data-chart="chart-week"', "empty": 'class="empty"', "error": "没有这个页面",
        "slow": "position-static",
    }  # fmt: skip
    assert [name for name, mark in parts.items() if mark not in said] == []
    names = re.findall(r' id="([^"]+)"', said)
    assert sorted(names) == sorted(set(names))
