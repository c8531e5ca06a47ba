"""Several matters at once: a step for those that are ticked, and messages of a chat group that become matters."""

from __future__ import annotations

import re

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, codes_on, come_in, html_of
from minqing.kernel.matters.actions import act
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import lines_of, look
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.accounts.rules import HOUSE, Viewer

ALL = Viewer(scope=HOUSE)
PASTED = "[10:02] 演示甲: 村口路灯不亮\n[10:03] 演示乙: 大家早\n[10:04] 演示丙: 有人要跳楼，快来"

UNFIT = "路灯\0不亮"  # no database takes it


def form_of(html: str) -> dict[str, list[str]]:
    """What the hidden fields and texts of a page would send."""
    told: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html):
        told.setdefault(name, []).append(value)
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', html):
        told.setdefault(name, []).append(value)
    told.pop("csrfmiddlewaretoken", None)
    return told


def verbs_of(code: str) -> list[str]:
    return [line.event.verb for line in lines_of(ALL, code) if type(line.event).__name__ == "Acted"]  # type: ignore[union-attr]


def test_a_step_that_all_ticked_offer_is_done_for_each_and_answered_for_each(pages: Pages) -> None:
    codes = come_in(pages, "路灯不亮", "井盖松动")
    village = pages.as_(VILLAGE)
    html = html_of(village, "/inbox/together?" + "&".join(f"tick={code}" for code in codes))
    assert 'value="accept"' in html and 'value="note"' in html and 'value="settle"' not in html
    answer = village.post("/inbox/together", form_of(html) | {"move": "accept"})
    assert answer.status_code == 200 and "办好 2 件" in answer.content.decode()
    assert [verbs_of(code) for code in codes] == [["accept"], ["accept"]]


def test_sent_twice_the_step_is_done_once(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    village = pages.as_(VILLAGE)
    form = form_of(html_of(village, f"/inbox/together?tick={code}")) | {"move": "note", "words": "已联系电工"}
    for _again in range(2):
        assert "办好 1 件" in village.post("/inbox/together", form).content.decode()
    assert verbs_of(code) == ["note"]


def test_a_form_sent_again_with_other_words_is_told_from_one_sent_twice(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    village = pages.as_(VILLAGE)
    form = form_of(html_of(village, f"/inbox/together?tick={code}")) | {"move": "note"}
    village.post("/inbox/together", form | {"words": "已联系电工"})
    other = village.post("/inbox/together", form | {"words": "电工说明天来"}).content.decode()
    assert "已经提交过一次" in other and "没办成 1 件" in other


def test_a_form_without_a_name_does_nothing_and_keeps_what_was_typed(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    village = pages.as_(VILLAGE)
    shown = form_of(html_of(village, f"/inbox/together?tick={code}"))
    form = shown | {"move": "note", "words": "已联系电工", "once": ""}
    answer = village.post("/inbox/together", form)
    assert answer.status_code == 422 and "已联系电工" in answer.content.decode()
    assert verbs_of(code) == []


def test_one_that_others_moved_meanwhile_stops_none_of_the_rest(pages: Pages) -> None:
    moved, still = come_in(pages, "路灯不亮", "井盖松动")
    village = pages.as_(VILLAGE)
    form = form_of(html_of(village, f"/inbox/together?tick={moved}&tick={still}")) | {"move": "note", "words": "看过"}
    colleague = viewer_in([one.post for one in pages.people if one.unit == VILLAGE][1])
    act(moved, Command("accept"), colleague)
    said = village.post("/inbox/together", form).content.decode()
    assert "办好 1 件" in said and "没办成 1 件" in said
    assert (verbs_of(moved), verbs_of(still)) == (["accept"], ["note"])


def test_a_step_that_needs_words_is_not_done_without_and_keeps_the_ticks(pages: Pages) -> None:
    codes = come_in(pages, "路灯不亮", "井盖松动")
    village = pages.as_(VILLAGE)
    html = html_of(village, "/inbox/together?" + "&".join(f"tick={code}" for code in codes))
    answer = village.post("/inbox/together", form_of(html) | {"move": "note", "words": " "})
    assert answer.status_code == 422 and form_of(answer.content.decode())["tick"] == codes
    assert [verbs_of(code) for code in codes] == [[], []]


def test_what_is_not_seen_or_is_no_code_is_not_listed(pages: Pages) -> None:
    (code,) = come_in(pages, "路灯不亮")
    html = html_of(pages.as_("trial-water"), f"/inbox/together?tick={code}&tick=nonsense")
    assert "还没有选事项" in html and "路灯不亮" not in html


def test_messages_of_a_group_are_shown_parted_and_read_without_their_writers(pages: Pages) -> None:
    html = pages.as_(VILLAGE).post("/paste", {"pasted": PASTED}).content.decode()
    assert form_of(html)["text-0"] == ["村口路灯不亮"] and "演示甲" not in html
    assert "看起来是" in html
    ticked = re.findall(r'name="take-(\d+)" value="yes" checked', html)
    assert ticked == ["2"] and "可能是紧急情况" in html


def test_the_ticked_messages_become_matters_at_one_place_and_no_others(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    form = form_of(village.post("/paste", {"pasted": PASTED}).content.decode())
    form |= {"take-0": ["yes"], "take-2": ["yes"], "place": ["330727101201001"]}
    for _again in range(2):  # the button pressed twice
        answer = village.post("/paste", form)
        assert answer.status_code == 201
        receipts = re.findall(r'<dd class="code">([^<]+)</dd>', answer.content.decode())
        assert receipts[1::2] == [secret_of(code) for code in receipts[::2]] and len(receipts) == 4
    codes = codes_on(html_of(pages.as_(TOWN), "/matters"))
    assert len(codes) == 2
    told = [look(ALL, code).stored.matter for code in codes]
    assert {(one.channel, one.wants_call_back) for one in told} == {("chat", False)}
    assert sorted(bool(one.emergency) for one in told) == [False, True]


def test_a_message_that_cannot_be_taken_stays_to_be_mended_while_the_others_are_on_record(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    form = form_of(village.post("/paste", {"pasted": PASTED}).content.decode())
    form |= {"take-0": ["yes"], "take-2": ["yes"], "place": ["330727101201001"], "text-0": [UNFIT]}
    answer = village.post("/paste", form)
    html, stays = answer.content.decode(), form_of(answer.content.decode())
    assert answer.status_code == 201 and "登记好了 1 件" in html and "这些还没有登记上" in html
    assert [name for name in stays if name.startswith("text-")] == ["text-0"]
    assert re.search(r'name="take-0" value="yes" checked', html) and 'id="text-0-fault"' in html
    assert re.search(r'<option value="330727101201001" selected>', html), "the place is kept"
    stays |= {"text-0": ["村口路灯不亮"], "take-0": ["yes"], "place": ["330727101201001"]}
    assert village.post("/paste", stays).status_code == 201
    assert len(codes_on(html_of(pages.as_(TOWN), "/matters"))) == 2
    stays |= {"text-0": [UNFIT]}
    alone = village.post("/paste", stays)
    assert alone.status_code == 422 and "登记好了" not in alone.content.decode()


def test_a_paste_without_place_or_tick_is_shown_again_as_it_was_changed(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    form = form_of(village.post("/paste", {"pasted": PASTED}).content.decode())
    form |= {"text-0": ["村口路灯不亮，改过"]}
    answer = village.post("/paste", form)
    html = answer.content.decode()
    assert answer.status_code == 422 and "请至少选一条" in html and "请选事情发生的地点" in html
    assert form_of(html)["text-0"] == ["村口路灯不亮，改过"] and not re.search(
        r'name="take-\d+" value="yes" checked', html
    )
    assert codes_on(html_of(village, "/matters")) == []


def test_a_paste_without_words_says_what_to_do(pages: Pages) -> None:
    answer = pages.as_(VILLAGE).post("/paste", {"pasted": " \n[10:02] 演示甲: [图片]"})
    assert answer.status_code == 422 and "没有读到能登记的话" in answer.content.decode()
