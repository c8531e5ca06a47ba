"""The list of all matters, and the page of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.base import moments
from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, codes_on, come_in, html_of
from minqing.kernel.matters import queries
from minqing.kernel.matters.actions import Concern, act, report
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.trial_county import COUNTY
from minqing.kernel.matters.versions import method_of_county
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.regions.actions import GridPlan, open_grids
from minqing.registers.regions.codes import parse_code
from minqing.tools.notice.actions import put_notices
from minqing.tools.notice.rules import Notice


def test_a_search_finds_words_of_the_masked_text_and_the_address_keeps_them(pages: Pages) -> None:
    (lamp,) = come_in(pages, "村口路灯不亮")
    come_in(pages, "井盖松动")
    html = html_of(pages.as_(VILLAGE), "/matters?q=路灯")
    assert codes_on(html) == [lamp] and 'value="路灯"' in html


def test_filters_of_a_list_narrow_it_and_stand_chosen_in_the_form(pages: Pages) -> None:
    (grave,) = come_in(pages, "很多人反映路灯不亮", people=50)
    (mild,) = come_in(pages, "路灯不亮")
    town = pages.as_(TOWN)
    for asked, codes in (
        ("level=red", [grave]), ("level=green", [mild]), ("channel=hotline", [mild, grave]), ("channel=web", []),
        ("stage=village", [mild]), ("late=1", []), ("late=0", [mild, grave]), ("state=ended", []),
    ):  # fmt: skip
        html = html_of(town, f"/matters?{asked}")
        assert codes_on(html) == codes, asked
        assert f'<option value="{asked.partition("=")[2]}" selected>' in html, asked


def test_a_list_goes_on_where_the_page_before_ended_with_the_same_filters(pages: Pages) -> None:
    codes = come_in(pages, *(f"路灯不亮 {number}" for number in range(40)))
    village = pages.as_(VILLAGE)
    first = html_of(village, "/matters?channel=hotline")
    more = re.search(r'id="more">\s*<a[^>]* href="([^"]+)"', first)
    assert more is not None and "channel=hotline" in more[1]
    second = html_of(village, more[1].replace("&amp;", "&"), HX_Request="true")
    assert codes_on(first) + codes_on(second) == codes[::-1] and "<html" not in second


def test_an_address_with_nonsense_in_it_is_an_empty_list_and_no_fault(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    html = html_of(pages.as_(VILLAGE), "/matters?stage=%7Fx&late=perhaps&state=what&q=" + "长" * 300)
    assert codes_on(html) == [] and "没有找到" in html
    assert pages.as_(VILLAGE).get("/matters?stage=%00x").status_code == 422, "no database holds that: told what to do"


def test_the_day_begins_with_call_backs_whistles_and_what_is_due_of_the_own_unit(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    (settled,) = come_in(pages, "井盖松动")
    person = next(one for one in pages.people if one.unit == VILLAGE)
    act(settled, Command("settle", records=("result",)), viewer_in(person.post), words="已换好")
    town = html_of(pages.as_(TOWN), "/today")
    assert "要打的回访电话" in town and town.count(f"/matters/{settled}") == 1, "listed once, without a heap of its own"
    village = html_of(pages.as_(VILLAGE), "/today")
    assert "要回访" not in village and "路灯不亮" in village
    assert codes_on(html_of(pages.as_(TOWN), "/inbox?list=mine&sort=call-back")) == [settled]
    assert codes_on(html_of(pages.as_(TOWN), "/inbox?list=mine&sort=ruling")) == []


def test_what_was_told_since_stands_on_the_day_until_the_unit_says_it_has_seen_it(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    unit = viewer_in(next(one.post for one in pages.people if one.unit == VILLAGE)).unit
    put_notices([Notice(unit, "to-handle", code, moments.now(), 1)])
    village, town = pages.as_(VILLAGE), pages.as_(TOWN)
    html = html_of(village, "/today")
    line = re.search(r'name="line" value="(\d+)"', html)
    assert line is not None and f"{code} 转到你单位办理" in html
    town.post("/today/seen", {"line": line[1]})  # another unit's word counts for nothing
    assert f"{code} 转到你单位办理" in html_of(village, "/today")
    assert village.post("/today/seen", {"line": [line[1], "x"]}).status_code == 302
    assert "转到你单位办理" not in html_of(village, "/today") and "没有新消息" in html_of(village, "/today")


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    """The clock of this process, moved on; no sweep comes by."""
    before = moments.shift()
    moments.shift_by(before + by)
    try:
        yield
    finally:
        moments.shift_by(before)


def test_late_is_the_same_in_the_heaps_the_chip_the_filter_and_the_list_before_the_sweep_comes_by(pages: Pages) -> None:
    gone = come_in(pages, "很多人反映路灯不亮", people=50) + come_in(pages, "路灯不亮")
    with later(timedelta(days=40)):
        (fresh,) = come_in(pages, "井盖松动")
        town = pages.as_(TOWN)
        assert codes_on(html_of(town, "/inbox?list=area&late=1")) == gone
        assert codes_on(html_of(town, "/inbox?list=area&gravity=2&late=1")) == gone[1:]
        assert set(codes_on(html_of(town, "/matters?late=1"))) == set(gone)
        assert codes_on(html_of(town, "/matters?late=0")) == [fresh]
        assert re.search(r'已超时<span class="ms-2 text-secondary">2</span>', html_of(town, "/inbox?list=area"))
        assert re.search(r'text-red">2</span><span><svg(?:(?!heap-count).)*辖区已超时', html_of(town, "/today"), re.S)


def test_channels_of_other_systems_have_names_and_narrow_a_list(pages: Pages) -> None:
    html = html_of(pages.as_(VILLAGE), "/matters?channel=petition")
    assert '<option value="petition" selected>信访转来</option>' in html and ">110 转来<" in html


def test_nothing_late_is_not_red(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    assert re.search(
        r'text-secondary">0</span><span><svg(?:(?!heap-count).)*辖区已超时', html_of(pages.as_(TOWN), "/today"), re.S
    )


def test_posts_without_work_of_their_own_are_told_what_they_have_instead(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    auditor, leader = (browser_of(one_more(pages, role)) for role in ("auditor", "leader"))
    for path in ("/today", "/inbox"):
        told = html_of(auditor, path)
        assert "只看、不办" in told and 'class="btn btn-primary" href="/admin/access"' in told, path
    told = html_of(leader, "/today")
    assert "打开它就能督办" in told and 'class="btn btn-primary" href="/reception/brief"' in told
    assert "只看、不办" not in told + html_of(pages.as_(TOWN), "/today")


def test_what_ends_today_is_neither_what_is_past_nor_what_ends_tomorrow(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    village = pages.as_(VILLAGE)
    due = queries.inbox(viewer_in(next(one.post for one in pages.people if one.unit == VILLAGE)))[0].due
    for before, codes in ((timedelta(hours=30), []), (timedelta(minutes=5), [code]), (-timedelta(minutes=5), [])):
        with later(due - before - moments.now()):
            assert codes_on(html_of(village, "/inbox?list=mine&today=1")) == codes, before


def test_a_code_opens_its_matter_and_one_that_is_not_theirs_is_told_like_one_that_is_none(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    answer = pages.as_(VILLAGE).get(f"/matters?q={code.lower().replace('-', '')}&late=1")
    assert answer.status_code == 302 and answer["Location"] == f"/matters/{code}"
    water = pages.as_("trial-water")
    said = [html_of(water, f"/matters?q={one}").replace(one, "") for one in (code, new_code())]
    assert "没有这个编码的事，或不归您的岗位看" in said[0]
    assert re.sub(r'csrfmiddlewaretoken" value="[^"]*', "", said[0]) == re.sub(
        r'csrfmiddlewaretoken" value="[^"]*', "", said[1]
    )


def test_a_list_is_narrowed_to_a_place_and_below_and_words_that_are_a_place_lead_there(pages: Pages) -> None:
    here, there = come_in(pages, "路灯不亮"), [one.code for one in report(
        [Concern(place=parse_code(pages.grids[1]), channel="hotline", title="路灯不亮", text="路灯不亮")],
        method_of_county(COUNTY),
    )]  # fmt: skip
    town = pages.as_(TOWN)
    assert codes_on(html_of(town, f"/matters?place={pages.grids[0]}")) == here
    assert codes_on(html_of(town, f"/matters?place={pages.grids[1]}&q=路灯")) == there
    assert set(codes_on(html_of(town, f"/matters?place={pages.grids[0][:12]}"))) == {*here, *there}
    html = html_of(town, "/matters?q=演示201村")
    assert codes_on(html) == [] and "您写的像是地点" in html
    leads = re.search(r'<a class="btn" href="(/matters\?[^"]*place=330727101201)">', html)
    assert leads is not None and set(codes_on(html_of(town, leads[1].replace("&amp;", "&")))) == {*here, *there}
    assert "您的辖区里没有这个地点" in html_of(town, "/matters?place=没有的村")


def test_places_of_a_list_are_read_once_until_a_register_changes(pages: Pages) -> None:
    town = pages.as_(TOWN)
    html_of(town, "/matters")
    with CaptureQueriesContext(connection) as again:
        html_of(town, "/matters")
    assert not [one for one in again.captured_queries if 'from "regions_grid"' in one["sql"].lower()]
    assert "新设的网格" not in html_of(town, "/matters")
    open_grids([GridPlan(parse_code(pages.grids[0][:12]), "新设的网格")])
    assert "新设的网格" in html_of(town, "/matters")
