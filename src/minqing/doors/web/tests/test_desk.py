"""The inbox of a desk: own list and area, filters, pages, and what has come in since."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.base import moments
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.trial_county import COUNTY
from minqing.kernel.matters.versions import method_of_county
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.regions.codes import parse_code
from minqing.tools.notice.actions import put_notices
from minqing.tools.notice.rules import Notice

VILLAGE, TOWN = "village-330727101201", "town-330727101"


def come_in(pages: Pages, *titles: str, **told: object) -> list[str]:
    """Concerns reported at the first grid; their codes."""
    concerns = [
        Concern(place=parse_code(pages.grids[0]), channel="hotline", title=title, text=title, **told)  # type: ignore[arg-type]
        for title in titles
    ]
    return [answer.code for answer in report(concerns, method_of_county(COUNTY))]


def codes_on(html: str) -> list[str]:
    """The codes of the lines of a page, in order, each once."""
    return list(dict.fromkeys(re.findall(r'<span class="code">([2-9A-Z]{4}-[2-9A-Z]{4})</span>', html)))


def html_of(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers or None)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_village_finds_what_it_owes_in_its_inbox_with_title_duty_and_who_owes_it(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    html = html_of(pages.as_(VILLAGE), "/inbox")
    assert codes_on(html) == [code]
    assert "路灯不亮" in html and "村级自办" in html and "演示201村" in html and "还剩" in html


def test_a_town_owes_nothing_of_what_its_village_has_but_sees_it_in_its_area(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    town = pages.as_(TOWN)
    assert codes_on(html_of(town, "/inbox")) == []
    assert codes_on(html_of(town, "/inbox?list=area")) == [code]


def test_a_department_has_no_area_and_is_offered_none(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    html = html_of(pages.as_("trial-water"), "/inbox?list=area")
    assert codes_on(html) == [] and "辖区全部" not in html and "现在没有要您单位办的事" in html


def test_pages_of_an_inbox_follow_one_another_without_gap_or_repeat(pages: Pages) -> None:
    codes = come_in(pages, *(f"路灯不亮 {number}" for number in range(70)))
    village, seen, address = pages.as_(VILLAGE), [], "/inbox"
    while address:
        html = html_of(village, address)
        seen += codes_on(html)
        more = re.search(r'id="more">\s*<a class="btn" href="([^"]+)"', html)
        address = more[1].replace("&amp;", "&") if more else ""
    assert sorted(seen) == sorted(codes) and len(seen) == 70


def test_a_script_that_asks_for_more_is_given_lines_alone(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    part = html_of(pages.as_(VILLAGE), "/inbox", HX_Request="true")
    assert "waiting-line" in part and "<html" not in part


def test_an_inbox_narrowed_to_a_level_shows_that_level_only_and_counts_all(pages: Pages) -> None:
    grave = come_in(pages, "很多人反映路灯不亮", people=50)
    mild = come_in(pages, "路灯不亮")
    town = pages.as_(TOWN)
    both = html_of(town, "/inbox?list=area")
    assert set(codes_on(both)) == {*grave, *mild} and codes_on(both)[0] == grave[0]
    assert codes_on(html_of(town, "/inbox?list=area&gravity=0")) == grave
    assert codes_on(html_of(town, "/inbox?list=area&gravity=2")) == mild
    assert re.search(r'红色提级<span class="ms-2 text-secondary">1</span>', both)


def test_an_address_that_names_no_filter_opens_the_whole_inbox(pages: Pages) -> None:
    codes = come_in(pages, "路灯不亮")
    assert codes_on(html_of(pages.as_(VILLAGE), "/inbox?gravity=x&sort=nothing&late=maybe")) == codes


def test_a_place_that_was_never_one_is_refused_with_what_to_do(pages: Pages) -> None:
    for after in ("x", "1~2", "1~9999999999999999~3", "a~b~c"):
        answer = pages.as_(VILLAGE).get(f"/inbox?after={after}")
        assert answer.status_code == 422 and "请从第一页重新看" in answer.content.decode(), after


def test_the_page_asks_how_many_came_in_since_and_is_not_told_of_what_it_shows_already(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    village = pages.as_(VILLAGE)
    ask = asks(village, "/inbox")
    assert village.get(ask).status_code == 204
    come_in(pages, "路灯又不亮", "井盖松动")
    assert "有新的 2 件" in html_of(village, ask)
    assert "有新的" not in html_of(pages.as_(TOWN), ask)
    assert village.get(asks(village, "/inbox")).status_code == 204, "what is shown is not told again"


def asks(client: Client, address: str) -> str:
    """Where a page asks whether something changed."""
    found = re.search(r'data-live="([^"]+)"', html_of(client, address))
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_the_page_is_told_when_a_line_it_shows_grew_late_and_the_day_when_there_is_news(pages: Pages) -> None:
    codes = come_in(pages, "路灯不亮", "井盖松动")
    village, person = pages.as_(VILLAGE), next(one for one in pages.people if one.unit == VILLAGE)
    inbox, today = asks(village, "/inbox"), asks(village, "/today")
    put_notices([Notice(viewer_in(person.post).unit, "to-handle", codes[0], moments.now(), 1)])
    assert village.get(inbox).status_code == 204
    assert "有新消息" in html_of(village, today) and 'href="/today"' in html_of(village, today)
    moments.shift_by(moments.shift() + timedelta(days=40))
    try:
        assert "有变化" in html_of(village, inbox)
    finally:
        moments.shift_by(moments.shift() - timedelta(days=40))
    assert village.get(inbox.replace("since=", "since=x")).status_code == 204


def test_asking_whether_something_changed_is_one_statement_on_matters(pages: Pages) -> None:
    come_in(pages, "路灯不亮")
    village = pages.as_(VILLAGE)
    ask = asks(village, "/inbox")
    with CaptureQueriesContext(connection) as captured:
        assert village.get(ask).status_code == 204
    assert sum("matters_" in query["sql"] for query in captured) == 1
