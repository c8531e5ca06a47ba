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

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, codes_on, html_of
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import look
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by


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
        ({"place": "330727101"}, "您的辖区里没有这个地点"),
        ({"place": "演示"}, "有几个地点都对得上"),
        ({"phone": "没有电话"}, "电话只写数字"),
        ({"people": "很多"}, "人数写一个不小于 1 的整数"),
        ({"people": "²"}, "人数写一个不小于 1 的整数"),
        ({"nobody": "yes", "name": "演示居民"}, "请二选一"),
        ({"against": "没有的单位"}, "没有叫“没有的单位”的单位"),
        ({"title": "长" * 501}, "写得太长了"),
        ({"once": "old"}, "请再点一次"),
        (
            {"text": "半个\ud83d字".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "place": "x"},
            "没有这个地点",
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


def test_a_post_takes_in_for_its_own_area_alone_and_a_department_for_the_county(pages: Pages) -> None:
    assert filled_in(pages.as_(VILLAGE), place="330727").status_code == 422
    assert filled_in(pages.as_(TOWN), place="演示201村 演示2格").status_code == 201
    assert filled_in(pages.as_("trial-water"), place="330727").status_code == 201


def test_a_unit_complained_of_neither_handles_nor_sees_it(pages: Pages) -> None:
    code = code_of_receipt(filled_in(pages.as_(TOWN), against="演示201村"))
    assert codes_on(html_of(pages.as_(VILLAGE), "/matters?state=all")) == []
    assert codes_on(html_of(pages.as_(TOWN), "/matters")) == [code]


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
