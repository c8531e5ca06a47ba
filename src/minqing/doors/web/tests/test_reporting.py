"""Reporting by the pages: a place is chosen, the form is sent once, the receipt shows what is needed to follow."""

from __future__ import annotations

import base64
import re
import wave
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from minqing.doors.web.reported import title_from
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.changes import newest_duty
from minqing.kernel.matters.queries import look
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import names_of

LAMPS = "村口三盏路灯不亮。晚上走路危险"


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (32, 24), "green").save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def form_of(client: Client, place: str) -> dict[str, Any]:
    page = client.get(f"/report/{place}")
    assert page.status_code == 200
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert once is not None
    return {"once": once[1], "text": LAMPS, "call_back": "yes", "phone": "13800001234", "name": "演示居民"}


def reported(client: Client, place: str, **more: Any) -> tuple[str, str, str]:
    """Code, secret and page of the receipt."""
    sent = client.post(f"/report/{place}", form_of(client, place) | more)
    assert sent.status_code == 302, sent.content.decode()
    assert sent["Location"] == "/receipt"
    page = client.get("/receipt").content.decode()
    code, secret = re.findall(r'<dd class="key">([^<]+)</dd>', page)
    return code, secret, page


def test_a_place_is_found_step_by_step_down_to_the_grid(pages: Pages) -> None:
    client, grid = pages.as_(), pages.grids[0]
    assert f"?in={grid[:9]}" in client.get("/report?in=330727").content.decode()
    assert f"?in={grid[:12]}" in client.get(f"/report?in={grid[:9]}").content.decode()
    village = client.get(f"/report?in={grid[:12]}").content.decode()
    assert f'href="/report/{grid}"' in village and f'href="/report/{grid[:12]}"' in village


def test_a_place_is_found_by_part_of_its_name(pages: Pages) -> None:
    page = pages.as_().get("/report", {"q": "演示1格"}).content.decode()
    assert f'href="/report/{pages.grids[0]}"' in page
    assert "没有找到这个地点" in pages.as_().get("/report", {"q": "没有这个村"}).content.decode()


def test_a_place_that_is_not_on_the_register_is_no_page(pages: Pages) -> None:
    for place in ("999999999999", "x", "33", "0"):
        answer = pages.as_().get(f"/report/{place}")
        assert answer.status_code == 404 and "地点" in answer.content.decode(), place


def test_what_is_reported_becomes_a_matter_with_a_title_of_its_first_words(pages: Pages) -> None:
    code, secret, page = reported(pages.as_(), pages.grids[0])
    sight = look(reporter_of(code), code)
    assert sight.title == "村口三盏路灯不亮" and sight.stored.matter.channel == "web"
    assert sight.stored.matter.wants_call_back and sight.stored.matter.reporter == "named"
    assert "演示1格" in page and "<svg" in page and secret in page


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路灯不亮。很黑", "路灯不亮"),
        ("  两行\n第二行", "两行"),
        ("一" * 40, "一" * 24 + "…"),
        ("。。", "…"),
    ],
)
def test_a_title_is_the_first_sentence_cut_short(text: str, title: str) -> None:
    assert title_from(text) == title


def test_neither_the_code_nor_the_secret_stands_in_an_address(pages: Pages) -> None:
    client = pages.as_()
    sent = client.post(f"/report/{pages.grids[0]}", form_of(client, pages.grids[0]))
    assert sent["Location"] == "/receipt"
    assert set(client.session["receipt"]) == {"code", "at", "trouble"}


def test_the_same_form_sent_twice_is_one_matter(pages: Pages) -> None:
    client, place = pages.as_(), pages.grids[0]
    form = form_of(client, place)
    client.post(f"/report/{place}", form | {"files": [photo()]})
    first = client.session["receipt"]["code"]
    again = client.post(f"/report/{place}", form | {"files": [photo()]})
    assert again.status_code == 302 and client.session["receipt"]["code"] == first
    with seen_by(HOUSE):
        assert [one.kind for one in names_of(first)].count("file") == 1


def test_other_words_under_the_name_of_a_form_that_was_sent_are_asked_for_again(pages: Pages) -> None:
    client, place = pages.as_(), pages.grids[0]
    form = form_of(client, place)
    client.post(f"/report/{place}", form)
    other = client.post(f"/report/{place}", form | {"text": "另一件事"})
    page = other.content.decode()
    assert other.status_code == 422 and "另一件事" in page and form["once"] not in page


def test_what_was_typed_stands_in_the_form_when_it_is_refused(pages: Pages) -> None:
    client, place = pages.as_(), pages.grids[0]
    bad = {"text": "", "phone": "打我电话", "spot": "村口第三盏", "unnamed": "yes"}
    sent = client.post(f"/report/{place}", form_of(client, place) | bad)
    page = sent.content.decode()
    assert sent.status_code == 422 and "请写一下发生了什么" in page and "电话只写数字" in page
    assert 'value="打我电话"' in page and 'value="村口第三盏"' in page and 'value="演示居民"' in page
    assert re.search(r'name="unnamed" value="yes" checked', page)
    assert "receipt" not in client.session


def test_who_leaves_no_phone_is_not_waited_for_with_a_call(pages: Pages) -> None:
    code, _secret, page = reported(pages.as_(), pages.grids[0], phone="", name="", unnamed="yes")
    matter = look(reporter_of(code), code).stored.matter
    assert not matter.wants_call_back and matter.reporter == "unnamed" and "不会打电话回访" in page


def test_position_name_phone_and_photo_are_sealed(pages: Pages) -> None:
    code, _secret, _page = reported(
        pages.as_(), pages.grids[0], lat="29.05", lon="120.45", spot="村口", files=[photo()]
    )
    with seen_by(HOUSE):
        kinds = {one.kind for one in names_of(code)}
    assert {"location", "name", "phone", "file", "text", "title"} <= kinds


def test_a_file_that_is_not_taken_does_not_stop_the_report(pages: Pages) -> None:
    sound = SimpleUploadedFile("a.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 64, "audio/mp4")
    code, _secret, page = reported(pages.as_(), pages.grids[0], files=[photo(), sound])
    assert "有一个文件没有收下" in page and "录音" in page
    with seen_by(HOUSE):
        assert [one.kind for one in names_of(code)].count("file") == 1


def spoken(seconds: float = 2, rate: int = 16_000) -> SimpleUploadedFile:
    told = BytesIO()
    with wave.open(told, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(b"\x01\x20" * int(seconds * rate))
    return SimpleUploadedFile("voice.wav", told.getvalue(), "audio/wav")


def test_who_records_is_told_that_the_voice_is_heard(pages: Pages) -> None:
    page = f"/report/{pages.grids[0]}"
    assert "承办这件事的人会听到您的声音" in pages.as_().get(page).content.decode()
    assert "will hear your voice" in pages.as_().get(page, headers={"accept-language": "en"}).content.decode()


def test_a_recording_stands_in_the_place_of_words(pages: Pages) -> None:
    code, _secret, page = reported(pages.as_(), pages.grids[0], text="", voice=spoken())
    sight = look(reporter_of(code), code)
    assert sight.title == "语音反映" and "录音" in sight.text and "没有收下" not in page
    with seen_by(HOUSE):
        assert [one.title for one in names_of(code) if one.kind == "file"] == ["录音 2 秒"]


def test_a_recording_goes_along_with_words_and_photos(pages: Pages) -> None:
    code, _secret, _page = reported(pages.as_(), pages.grids[0], files=[photo()], voice=spoken())
    assert look(reporter_of(code), code).title == "村口三盏路灯不亮"
    with seen_by(HOUSE):
        assert sorted(one.title for one in names_of(code) if one.kind == "file") == ["图片 32×24", "录音 2 秒"]


def test_a_recording_that_cannot_be_played_makes_no_matter(pages: Pages) -> None:
    broken = SimpleUploadedFile("voice.wav", b"OggS" + bytes(200), "audio/wav")
    answer = pages.as_().post(f"/report/{pages.grids[0]}", form_of(pages.as_(), pages.grids[0]) | {"voice": broken})
    page = answer.content.decode()
    assert answer.status_code == 422 and "录一段话”直接录" in page and LAMPS in page and "data:audio" not in page


def test_a_recording_stands_in_the_form_again_when_it_is_refused(pages: Pages) -> None:
    sent = form_of(pages.as_(), pages.grids[0]) | {"text": "", "phone": "打这个", "voice": spoken()}
    page = pages.as_().post(f"/report/{pages.grids[0]}", sent).content.decode()
    kept = re.search(r'src="data:audio/wav;base64,([^"]+)"', page)
    assert kept is not None and base64.b64decode(kept[1]) == spoken().read() and "照片要重新选" not in page


def test_another_recording_under_the_name_of_a_form_that_was_sent_is_asked_for_again(pages: Pages) -> None:
    client, place = pages.as_(), pages.grids[0]
    sent = form_of(client, place) | {"text": ""}
    for seconds, status in ((2, 302), (2, 302), (3, 422)):
        answer = client.post(f"/report/{place}", sent | {"voice": spoken(seconds)})
        assert answer.status_code == status, seconds


def test_a_form_whose_word_is_too_old_shows_again_what_was_typed(pages: Pages) -> None:
    here = {"accept-language": "zh-hans", "sec-fetch-site": "same-origin"}
    strict, place = Client(enforce_csrf_checks=True, headers=here), pages.grids[0]
    sent = form_of(strict, place) | {"spot": "村口第三盏", "unnamed": "yes", "csrfmiddlewaretoken": "x" * 64}
    answer = strict.post(f"/report/{place}", sent | {"voice": spoken()})
    page = answer.content.decode()
    assert answer.status_code == 403 and "内容都还在" in page and "data:audio/wav" in page
    for kept in (LAMPS, 'value="村口第三盏"', 'value="13800001234"', 'name="unnamed" value="yes" checked'):
        assert kept in page, kept
    fresh = re.findall(r'name="(csrfmiddlewaretoken|once)"\s+value="([^"]+)"', page[page.index("data-once") :])
    assert strict.post(f"/report/{place}", sent | dict(fresh)).status_code == 302


def test_a_form_of_another_site_brings_no_matter_about(pages: Pages) -> None:
    strict, place = Client(enforce_csrf_checks=True), pages.grids[0]
    newest = newest_duty()
    for elsewhere in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {}):
        answer = strict.post(f"/report/{place}", form_of(pages.as_(), place), headers=elsewhere)
        assert answer.status_code == 403 and LAMPS not in answer.content.decode(), elsewhere
    assert newest_duty() == newest


def test_files_beyond_the_limit_are_told_before_they_are_read(pages: Pages) -> None:
    answer = pages.as_().generic(
        "POST", f"/report/{pages.grids[0]}", b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH="99000000"
    )
    assert answer.status_code == 413 and "加起来 99 MB，一次最多 30 MB" in answer.content.decode()


def test_a_form_of_photos_as_phones_make_them_arrives_whole(pages: Pages) -> None:
    noise = BytesIO()
    Image.effect_noise((2600, 2600), 120).convert("RGB").save(noise, "JPEG", quality=95)
    large = [SimpleUploadedFile(f"{n}.jpg", noise.getvalue(), "image/jpeg") for n in range(2)]
    assert sum(len(noise.getvalue()) for _ in large) > 10 * 1024 * 1024
    code, _secret, page = reported(pages.as_(), pages.grids[0], files=large)
    with seen_by(HOUSE):
        found = [one.kind for one in names_of(code)].count("file")
    assert found == 1 and "没有收下" not in page  # the same picture twice is one file


def test_an_emergency_is_told_to_call_first(pages: Pages) -> None:
    _code, _secret, page = reported(pages.as_(), pages.grids[0], text="有人拿刀砍人，快来")
    assert 'href="tel:110"' in page and "情况紧急" in page
    _code, _secret, calm = reported(pages.as_(), pages.grids[0])
    assert "情况紧急" not in calm


def test_a_matter_against_a_unit_there_does_not_go_to_it(pages: Pages) -> None:
    page = pages.as_().get(f"/report/{pages.grids[0]}").content.decode()
    grid_unit = f"grid-{pages.grids[0]}"
    assert f'name="against" value="{grid_unit}"' in page
    assert re.findall(r'name="against" value="([^"]+)"', page)[0] == grid_unit  # the nearest first
    code, _secret, receipt = reported(pages.as_(), pages.grids[0], against=[grid_unit])
    matter = look(reporter_of(code), code).stored.matter
    assert len(matter.against) == 1 and matter.holder not in matter.against and "演示1格</dd>" not in receipt


def test_a_unit_that_is_on_no_register_is_refused_with_what_was_typed(pages: Pages) -> None:
    client, place = pages.as_(), pages.grids[0]
    sent = client.post(f"/report/{place}", form_of(client, place) | {"against": ["nobody-there"]})
    assert sent.status_code == 422 and LAMPS in sent.content.decode()


def test_a_receipt_that_was_closed_shows_nothing_more(pages: Pages) -> None:
    client = pages.as_()
    _code, secret, _page = reported(client, pages.grids[0])
    assert client.post("/receipt").status_code == 302
    after = client.get("/receipt")
    assert after.status_code == 302 and "receipt" not in client.session and secret not in str(after.headers)


def test_the_form_says_what_is_kept_for_what_and_until_when(pages: Pages) -> None:
    page = pages.as_().get(f"/report/{pages.grids[0]}").content.decode()
    assert "个人信息保护法第十三条" in page and "最晚保存到" in page


def test_a_resident_sees_their_matter_alone(pages: Pages) -> None:
    code, _secret, _page = reported(pages.as_(), pages.grids[0])
    assert look(reporter_of(code), code).stored.matter.code == code
    with pytest.raises(Exception, match="没有"):
        look(Viewer(), code)


def test_a_sheet_has_two_posters_when_it_is_to_be_cut(pages: Pages) -> None:
    one, two = (pages.as_().get(f"/report/{pages.grids[0]}/sheet{more}").content.decode() for more in ("", "?copies=2"))
    assert (one.count('class="qr"'), two.count('class="qr"')) == (1, 2) and two.count("<h1") == 1


def test_a_place_has_a_sheet_whose_code_opens_its_form(pages: Pages) -> None:
    page = pages.as_().get(f"/report/{pages.grids[0]}/sheet").content.decode()
    assert f"http://testserver/report/{pages.grids[0]}</p>" in page and "<svg" in page
    assert pages.as_().get("/report/999999/sheet").status_code == 404
