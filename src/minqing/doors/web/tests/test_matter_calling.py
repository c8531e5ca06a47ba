"""A call-back by pages: found on Today, the number opened for it alone, the result of it one press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from minqing.base import moments
from minqing.base.ledger.streams import ACCESS
from minqing.doors.web.matter.looked import remember
from minqing.doors.web.sessions import row_of, sealed
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_matter import GRID, TOWN, VILLAGE, html, position, reported, sent, stage
from minqing.kernel.matters.accesses import accesses
from minqing.kernel.matters.actions import Contact, act
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.trial_staff import seat_people
from minqing.registers.accounts.rules import HOUSE, Scope, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import names_of

CALLER = f"{VILLAGE}#volunteer"
NUMBER = "13800138000"
REPLY = "灯泡换了"
LAMP = "村口三盏路灯不亮，电话 13800138000"  # as it was written; what stands on the page is masked


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    before = moments.shift()
    yield
    moments.shift_by(before)


@pytest.fixture
def caller(pages: Pages) -> Any:
    """A volunteer of the village."""
    (person,) = seat_people([(VILLAGE, "village", "volunteer", 7)])
    pages.people.append(type(person)(CALLER, *list(person.__dict__.values())[1:]))
    try:
        yield pages.as_(CALLER)
    finally:
        pages.people.pop()


@pytest.fixture
def code(pages: Pages) -> str:
    """A lamp that the village says is mended: it came there from its grid."""
    return solved(pages, reported(pages))


def solved(pages: Pages, code: str) -> str:
    """The same, once the village says that it is mended."""
    assert sent(pages.as_(GRID), code, "refer").status_code == 302
    assert sent(pages.as_(VILLAGE), code, "settle", records="minutes", reason=REPLY).status_code == 302
    assert stage(code) == "call-back"
    return code


def opened(caller: Any, code: str, **more: Any) -> Any:
    """What the button of the panel answers."""
    return caller.post(f"/matters/{code}/sealed", {"panel": "call"}, **more)


def sealed_of(code: str) -> list[str]:
    """The names under which its words are kept."""
    with seen_by(HOUSE):
        return [one.name for one in names_of(code) if one.kind in ("title", "text")]


def lines_read(code: str) -> list[str]:
    auditor = Viewer(1, scope=Scope(level="county", areas=((0, 10**15),), sensitivity=9, access=True))
    return [line.what for line in accesses(auditor, code=code)[0]]


def reasons_read(code: str) -> list[str]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select l.data ->> 'reason' from ledger_line l join ledger_subject s on s.stream = l.stream and"
            " s.subject = l.subject where l.stream = %s and s.code = %s",
            [ACCESS.number, code],
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_volunteer_finds_the_call_on_today_and_in_the_inbox(caller: Any, code: str) -> None:
    today = html(caller, "/today")
    assert "要打的回访电话" in today and f'href="/matters/{code}#call"' in today and "还没打过" in today
    assert "先办这些" not in today
    assert code in html(caller, "/inbox") and code in html(caller, "/inbox?sort=call-back")


def test_who_has_no_call_to_make_is_shown_no_list_of_calls(pages: Pages, caller: Any, code: str) -> None:
    assert "要打的回访电话" not in html(pages.as_(GRID), "/today")
    assert f"/matters/{code}#call" in html(pages.as_(TOWN), "/today")
    assert sent(caller, code, "call_back", result="satisfied").status_code == 302
    page = html(caller, "/today")
    assert "要打的回访电话" not in page and code not in page
    assert "现在没有要打的回访电话" in html(caller, "/inbox")


def test_the_panel_opens_the_number_as_one_to_press_and_leaves_a_line(caller: Any, code: str) -> None:
    page = html(caller, f"/matters/{code}")
    panel = page[page.index('id="call"') : page.index('id="move-bar"')]
    assert "显示电话、称呼、给反映人的答复<" in panel and "演示201村：办结" in panel and NUMBER not in page
    assert lines_read(code) == []
    part = opened(caller, code, headers={"HX-Request": "true"}).content.decode()
    assert f'href="tel:{NUMBER}"' in part and "演示居民" in part and "<html" not in part
    assert part.strip().startswith('<div id="call-whom">') and "<textarea" not in part, "typed words stay"
    assert "没有留下电话" not in part and "显示电话" not in part
    assert REPLY in part and REPLY not in page, "who asks whether it was done well knows what was said to be done"
    assert sorted(lines_read(code)) == ["name", "phone", "settle"] and len(set(reasons_read(code))) == 1
    page = opened(caller, code).content.decode()
    assert NUMBER in page and "演示居民" in page


def test_a_number_without_a_name_is_a_number_all_the_same(pages: Pages, caller: Any) -> None:
    code = solved(pages, reported(pages, contact=Contact(phone=NUMBER)))
    page = html(caller, f"/matters/{code}")
    assert "显示电话、给反映人的答复<" in page and "没有留下电话" not in page
    page = opened(caller, code).content.decode()
    assert f'href="tel:{NUMBER}"' in page and "没有留下电话" not in page


def test_who_left_no_number_is_told_as_such_before_and_after(pages: Pages, caller: Any) -> None:
    code = solved(pages, reported(pages, contact=Contact(name="演示居民")))
    page = html(caller, f"/matters/{code}")
    assert "显示称呼、给反映人的答复<" in page and "没有留下电话" in page
    page = opened(caller, code).content.decode()
    assert "演示居民" in page and "没有留下电话" in page


def test_nothing_else_is_opened_in_the_panel_and_nothing_after_the_call(pages: Pages, caller: Any, code: str) -> None:
    assert "封存的内容" not in html(caller, f"/matters/{code}")  # what they may open stands in the panel
    for name in ("text", *sealed_of(code)):
        answer = caller.post(f"/matters/{code}/sealed", {"name": name, "reason": "回访"})
        assert answer.status_code in (403, 404, 422), name
        assert LAMP not in answer.content.decode() and NUMBER not in answer.content.decode()
        asked = caller.post(f"/matters/{code}/sealed", {"name": name, "reason": "回访", "panel": "call"})
        assert LAMP not in asked.content.decode()
    before = lines_read(code)
    assert set(before) == {"name", "phone", "settle"}
    assert sent(caller, code, "call_back", result="satisfied").status_code == 302
    answer = opened(caller, code)
    assert answer.status_code == 404 and NUMBER not in answer.content.decode()
    assert lines_read(code) == before


def test_the_buttons_are_the_results_of_the_move_and_each_is_one_press(caller: Any, code: str) -> None:
    page = html(caller, f"/matters/{code}")
    panel = page[page.index('id="call"') : page.index('id="move-bar"')]
    results = re.findall(r'name="result" value="([a-z_]+)"', panel)
    assert results == ["satisfied", "unsatisfied", "not_reached"]
    sends = dict(re.findall(r'<input type="hidden" name="(position|once)" value="([^"]*)">', panel))
    answer = caller.post(f"/matters/{code}/moves/call_back", sends | {"result": "not_reached", "reason": "没人接"})
    assert answer.status_code == 302
    page = html(caller, f"/matters/{code}")
    assert "1 次没打通，共 3 次为限" in page and "起再打" in page and "避开" in page
    assert "1 次没打通" in html(caller, "/today")


def test_the_panel_tells_the_reporters_own_answer(caller: Any, code: str) -> None:
    page = html(caller, f"/matters/{code}")
    assert "反映人自己在网上答复" not in page
    act(code, Command("note", to="unsatisfied"), reporter_of(code), words="昨晚又不亮了")
    page = html(caller, f"/matters/{code}")
    assert re.search(r"反映人自己在网上答复</dt><dd><strong>不满意</strong>", page)
    assert "请登记“不满意”" in page
    assert re.findall(r'name="result" value="([a-z_]+)"', page) == ["unsatisfied", "not_reached"]
    said = sent(caller, code, "call_back", result="satisfied")
    assert said.status_code == 422 and stage(code) == "call-back"
    act(code, Command("note", to="satisfied"), reporter_of(code))
    page = html(caller, f"/matters/{code}")
    assert "请登记“不满意”" not in page
    assert sent(caller, code, "call_back", result="satisfied").status_code == 302


def test_a_call_back_with_one_result_left_has_one_button(caller: Any, code: str) -> None:
    act(code, Command("note", to="unsatisfied"), reporter_of(code))
    for _ in range(2):
        assert sent(caller, code, "call_back", result="not_reached").status_code == 302
        moments.shift_by(moments.shift() + timedelta(days=1, hours=2))
    page = html(caller, f"/matters/{code}")
    assert re.findall(r'name="result" value="([a-z_]+)"', page) == ["unsatisfied"]
    assert sent(caller, code, "call_back", result="unsatisfied").status_code == 302


def test_the_timeline_names_no_volunteer_and_no_unit_of_theirs(pages: Pages, caller: Any, code: str) -> None:
    assert sent(caller, code, "call_back", result="unsatisfied").status_code == 302
    page = html(pages.as_(VILLAGE), f"/matters/{code}")
    assert page.count("志愿者回访：不满意") == 1 and "志愿者：回访" not in page
    assert "演示201村：回访" not in page and "演示201村回访" not in page


def test_a_step_and_what_followed_stand_on_one_line_in_the_order_of_the_day(pages: Pages, code: str) -> None:
    page = html(pages.as_(VILLAGE), f"/matters/{code}")
    past = page[page.index('id="past"') :]
    places = [past.index(said) for said in ("收到反映", "演示1格：转办", "演示201村：办结")]
    assert places == sorted(places)
    settled = re.search(r"<span>演示201村：办结</span>(.*?)</li>", past, re.S)
    assert settled is not None and "等待回访" in settled[1] and "进入“回访”" in settled[1]
    assert past.count('class="h4 timeline-day"') == 1


def test_what_happened_since_the_own_last_look_is_marked_new(pages: Pages, caller: Any, code: str) -> None:
    html(pages.as_(TOWN), f"/matters/{code}")
    assert "标着“新”" not in html(pages.as_(TOWN), f"/matters/{code}")
    assert sent(caller, code, "call_back", result="not_reached").status_code == 302
    page = html(pages.as_(TOWN), f"/matters/{code}")
    new = re.findall(r'<li class="is-new">(.*?)</li>', page, re.S)
    assert len(new) == 1 and "志愿者回访：未联系上" in new[0]
    assert "is-new" not in html(pages.as_(TOWN), f"/matters/{code}")


def test_a_look_moves_the_end_of_no_session_and_undoes_nothing_of_another_tab(pages: Pages, code: str) -> None:
    desk = pages.as_(TOWN)
    html(desk, "/today")
    key = desk.session.session_key
    row = Session.objects.get(session_key=row_of(key))
    soon = moments.now() + timedelta(hours=1)
    Session.objects.filter(pk=row.pk).update(expire_date=soon)
    answer = desk.get(f"/matters/{code}")
    assert "minqing_session" not in answer.cookies
    assert Session.objects.get(pk=row.pk).expire_date == soon
    assert desk.session["looked"] == {code: position(code)}
    told = {**desk.session, "chosen-elsewhere": 1}
    Session.objects.filter(pk=row.pk).update(session_data=sealed(row.pk, told))
    remember(key, "ANDERE22", 4)
    assert desk.session["chosen-elsewhere"] == 1
    assert desk.session["looked"] == {code: position(code), "ANDERE22": 4}


def test_only_what_the_reporter_was_told_last_is_opened(caller: Any, pages: Pages, code: str) -> None:
    assert sent(caller, code, "call_back", result="unsatisfied").status_code == 302
    again = sent(pages.as_(VILLAGE), code, "settle", records="minutes", reason="线路也换了")
    assert again.status_code == 302
    page = opened(caller, code).content.decode()
    assert "线路也换了" in page and REPLY not in page
    assert sorted(lines_read(code)) == ["name", "phone", "settle"]


def test_where_nothing_was_said_there_is_no_answer_to_open(pages: Pages, caller: Any) -> None:
    code = reported(pages)
    assert sent(pages.as_(GRID), code, "refer").status_code == 302
    assert sent(pages.as_(VILLAGE), code, "settle", records="minutes").status_code == 302
    assert "显示电话、称呼<" in html(caller, f"/matters/{code}")
