"""A desk takes a concern in: the form, what is refused, the receipt."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from minqing.doors.web.desk.where import spot_of
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, codes_on, html_of
from minqing.kernel.matters.events import Acted
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import lines_of, look
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import code_of
from minqing.registers.vault.queries import names_of

GRID = "grid-330727101201001"


def filled_in(client: Client, **told: object) -> HttpResponse:
    """The form as somebody sends it who opened it just now."""
    page = html_of(client, "/new")
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    form = {
        "once": once[1],
        "text": "村口三盏路灯不亮。三天了",
        "place": "330727101201001",
        "people": "1",
        "channel": "phone",
    }
    return client.post("/new", form | {"call_back": "yes"} | told)  # type: ignore[operator,return-value]


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def code_of_receipt(answer: HttpResponse) -> str:
    assert answer.status_code == 201, said(answer)
    found = re.search(r'<dd class="code">([2-9A-Z]{4}-[2-9A-Z]{4})</dd>', said(answer))
    assert found is not None
    return found[1]


def test_what_a_caller_said_becomes_a_matter_with_code_and_secret_to_read_out(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    answer = filled_in(village, name="演示居民", phone="138 0000 0000", unnamed="yes")
    code = code_of_receipt(answer)
    assert secret_of(code) in said(answer) and "演示201村" in said(answer)
    sight = look(Viewer(scope=HOUSE), code)
    matter = sight.stored.matter
    assert (sight.title, matter.channel, matter.reporter, matter.wants_call_back) == (
        "村口三盏路灯不亮",
        "phone",
        "unnamed",
        True,
    )
    assert codes_on(html_of(village, "/inbox")) == [code]


def test_a_form_that_is_sent_twice_is_taken_in_once(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    first = code_of_receipt(filled_in(village, once="x" * 30))
    assert code_of_receipt(filled_in(village, once="x" * 30)) == first
    other = filled_in(village, once="x" * 30, text="井盖松动")
    assert other.status_code == 422 and "刚才那一份已经收到" in said(other) and "井盖松动" in said(other)
    assert len(codes_on(html_of(village, "/inbox"))) == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"text": " "}, "请记一下对方说了什么"),
        ({"text": "长" * 10_001}, "写得太长了"),
        ({"place": ""}, "请选事情发生的地点"),
        ({"place": "外县的村"}, "册子上没有“外县的村”"),
        ({"place": "演示"}, "有几个地点都对得上"),
        ({"phone": "没有电话"}, "电话只写数字"),
        ({"people": "很多"}, "人数写一个不小于 1 的整数"),
        ({"people": "²"}, "人数写一个不小于 1 的整数"),
        ({"nobody": "yes", "name": "演示居民"}, "请二选一"),
        ({"against": "演示"}, "“演示”对得上几个单位"),
        ({"title": "长" * 501}, "写得太长了"),
        ({"once": "old"}, "请再点一次"),
        (
            {"text": "半个\ud83d字".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "place": "x"},
            "册子上没有“x”",
        ),
    ],
)
def test_what_is_refused_is_told_beside_its_field_with_all_that_was_typed(
    pages: Pages, told: dict[str, str], sentence: str
) -> None:
    typed = {"text": "村口路灯不亮", "name": "演示居民", "phone": "13800000000"} if "nobody" not in told else {}
    answer = filled_in(pages.as_(VILLAGE), **(typed | told))
    html = said(answer)
    assert answer.status_code == 422 and sentence in html
    assert all(value in html for name, value in typed.items() if name not in told)


def place_of(answer: HttpResponse) -> str:
    return code_of(look(Viewer(scope=HOUSE), code_of_receipt(answer)).stored.matter.place)


def test_a_desk_takes_in_for_any_place_of_its_county(pages: Pages) -> None:
    assert place_of(filled_in(pages.as_(TOWN), place="演示201村 演示2格")) == pages.grids[1]
    assert place_of(filled_in(pages.as_(VILLAGE), place="330727101")) == "330727101"
    there = filled_in(pages.as_(GRID), place=pages.grids[0], elsewhere="演示2格")
    assert place_of(there) == pages.grids[1] and "登记的地点：" in said(there)
    assert place_of(filled_in(pages.as_("trial-water"), place="330727")) == "330727"


def test_a_place_on_no_register_is_taken_in_at_the_desks_own_with_the_words_as_the_spot(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    asked = said(filled_in(village, place="", elsewhere="外县的村"))
    assert '<option value="-" selected>' in asked and 'name="elsewhere"' in asked and 'value="外县的村"' in asked
    answer = filled_in(village, place="-", elsewhere="外县的村", spot="桥头")
    assert "册子上没有“外县的村”：先登记在" in said(answer) and place_of(answer) == "330727101201"
    with seen_by(HOUSE):
        assert "location" in {one.kind for one in names_of(code_of_receipt(answer))}
    assert spot_of("桥头", "外县的村") == "外县的村 桥头"


def test_a_unit_complained_of_neither_handles_nor_sees_it(pages: Pages) -> None:
    code = code_of_receipt(filled_in(pages.as_(TOWN), against="演示201村"))
    assert codes_on(html_of(pages.as_(VILLAGE), "/matters?state=all")) == []
    assert codes_on(html_of(pages.as_(TOWN), "/matters")) == [code]


def test_a_unit_on_no_register_keeps_nobody_from_being_registered(pages: Pages) -> None:
    answer = filled_in(pages.as_(VILLAGE), against="某某物业公司、演示201村")
    assert "“某某物业公司”不在单位名册里" in said(answer)
    sight = look(Viewer(scope=HOUSE), code_of_receipt(answer))
    assert sight.stored.matter.against_unknown == 1 and len(sight.stored.matter.against) == 1
    assert "投诉的是：某某物业公司" in sight.text


def test_a_photo_of_a_patrol_is_of_who_was_there_and_no_reporters(pages: Pages) -> None:
    def who_put(answer: HttpResponse) -> list[tuple[str, bool]]:
        acts = (line.event for line in lines_of(Viewer(scope=HOUSE), code_of_receipt(answer)))
        return [(act.role, bool(act.by)) for act in acts if isinstance(act, Acted) and act.verb == "record"]

    village = pages.as_(VILLAGE)
    ((role, named),) = who_put(filled_in(village, nobody="yes", call_back="", files=[picture()]))
    assert role != "reporter" and named
    away = filled_in(pages.as_(GRID), nobody="yes", call_back="", files=[picture()], elsewhere="演示2格")
    assert [named for _role, named in who_put(away)] == [True] and "没有收下" not in said(away)
    assert who_put(filled_in(village, phone="13800000000", files=[picture()])) == [("reporter", False)]


@pytest.mark.parametrize("unit", [GRID, VILLAGE, TOWN])
def test_a_photo_that_comes_with_an_emergency_is_not_the_first_act_its_clock_waits_for(pages: Pages, unit: str) -> None:
    answer = filled_in(pages.as_(unit), text="有人要跳楼，快来", nobody="yes", call_back="", files=[picture()])
    matter = look(Viewer(scope=HOUSE), code_of_receipt(answer)).stored.matter
    assert "没有收下" not in said(answer)
    assert [one for one in matter.open_duties() if one.kind.startswith("respond:")]


def test_what_a_patrol_found_has_nobody_to_read_a_secret_to(pages: Pages) -> None:
    answer = filled_in(pages.as_(VILLAGE), nobody="yes")
    assert secret_of(code_of_receipt(answer)) not in said(answer)


def test_nobody_is_promised_that_who_handles_it_never_learns_who_reported(pages: Pages) -> None:
    form = html_of(pages.as_(VILLAGE), "/new")
    assert "不具名：只有承办和回访的人能看到是谁反映的" in form and "不想让办理的人知道" not in form
    english = pages.as_(VILLAGE).get("/new", headers={"accept-language": "en"}).content.decode()
    assert "only who handles it and who calls back can see who reported it" in english


def test_an_emergency_says_on_the_receipt_what_was_done(pages: Pages) -> None:
    assert "已按紧急事项处理" in said(filled_in(pages.as_(VILLAGE), text="有人要跳楼，快来"))


def test_the_next_one_begins_at_the_same_place_and_way(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    again = re.search(r'href="(/new\?[^"]+)"', said(filled_in(village, channel="window")))
    assert again is not None
    html = html_of(village, again[1].replace("&amp;", "&"))
    assert '<option value="330727101201001" selected>' in html and '<option value="window" selected>' in html


def picture(name: str = "a.jpg") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue())


def sealed_kinds(code: str) -> list[str]:
    """What is sealed under a matter, as its county's centre may ask to open it."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select name from vault_file where subject = %s", [code])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("who", [{"phone": "13800000000"}, {"nobody": "yes", "call_back": ""}])
def test_photos_and_the_spot_come_along_and_what_is_no_photo_is_told(pages: Pages, who: dict[str, str]) -> None:
    files = [picture(), SimpleUploadedFile("b.txt", b"words")]
    answer = filled_in(pages.as_(VILLAGE), spot="村口第三盏", lat="29.05", lon="120.45", files=files, **who)
    code = code_of_receipt(answer)
    assert "有一个文件没有收下" in said(answer) and len(sealed_kinds(code)) == 1
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from vault_value where subject = %s and kind = 'location'", [code])
        assert cursor.fetchone() == (1,)


def test_too_many_photos_are_refused_before_anything_is_on_record_and_what_was_typed_stays(pages: Pages) -> None:
    village = pages.as_(VILLAGE)
    answer = filled_in(village, spot="村口第三盏", files=[picture(f"{number}.jpg") for number in range(6)])
    assert answer.status_code == 422 and "一次最多 5 张" in said(answer) and 'value="村口第三盏"' in said(answer)
    assert codes_on(html_of(village, "/inbox")) == []
