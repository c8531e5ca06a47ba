"""The page of a matter: masked, with its clock, its journal and exactly the moves that work."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.wordings import CHANNELS
from minqing.kernel.matters.actions import Concern, Contact, report
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.regions.codes import parse_code

TOWN, VILLAGE, GRID = "town-330727101", "village-330727101201", "grid-330727101201001"
OTHER_GRID, COUNTY, POLICE = "grid-330727101201002", "county-330727", "trial-police"


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccfc0500f000485018084a98c21"
    "0000000049454e44ae426082"
)


def reported(
    pages: Pages, title: str = "路灯不亮", text: str = "村口三盏路灯不亮，电话 13800138000，请回电",
    method: str = "wushan-three-rests", channel: str = "hotline", contact: Contact | None = None,
) -> str:  # fmt: skip
    concern = Concern(
        place=parse_code(pages.grids[0]), channel=channel, title=title, text=text,
        contact=contact or Contact(name="演示居民", phone="13800138000"),
    )  # fmt: skip
    return report([concern], current_method(method))[0].code


@pytest.fixture
def code(pages: Pages) -> str:
    """A broken lamp, with a phone number in the text, held by the first grid."""
    return reported(pages)


def html(client: Client, path: str, status: int = 200, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def hidden(page: str) -> dict[str, str]:
    """What a form of a move sends along."""
    return dict(re.findall(r'<input type="hidden" name="(position|once)" value="([^"]*)">', page))


def sent(client: Client, code: str, verb: str, /, seen: str = "", **fields: Any) -> Any:
    """A move through its form; `seen`: the form as it was shown before."""
    there = f"/matters/{code}/moves/{verb}"
    typed = {name.replace("__", "@").replace("form_", "form."): value for name, value in fields.items()}
    return client.post(there, hidden(seen or html(client, there)) | typed)


def position(code: str) -> int:
    return read_one(HOUSE, code).matter.position


def stage(code: str) -> str:
    return read_one(HOUSE, code).matter.stage


def test_the_page_tells_place_holder_clock_and_masked_words(pages: Pages, code: str) -> None:
    page = html(pages.as_(GRID), f"/matters/{code}")
    assert "路灯不亮" in page and "演示201村 演示1格" in page and "请回电" in page and code in page
    assert "13800138000" not in page and "演示居民" not in page
    assert "为什么是这个时间" in page and "热线" in page
    assert html(pages.as_(GRID), f"/matters/{code.lower()}")


def test_what_is_not_seen_is_a_page_that_does_not_tell_whether_it_is_there(pages: Pages, code: str) -> None:
    for path in ("", "/slip", "/moved", "/moves/settle", "/other"):
        unseen = html(pages.as_(OTHER_GRID), f"/matters/{code}{path}", 404)
        nothing = html(pages.as_(OTHER_GRID), f"/matters/2222-2222{path}", 404)
        hide = re.compile(code + "|2222-2222|csrfmiddlewaretoken.*")
        assert hide.sub("", unseen) == hide.sub("", nothing)


def test_whoever_is_not_signed_in_is_sent_to_the_door(pages: Pages, code: str) -> None:
    for path in ("", "/slip", "/moved", "/moves/settle", "/other"):
        assert pages.as_().get(f"/matters/{code}{path}").status_code == 302
    for path in ("/moves/settle", "/sealed", "/files"):
        assert pages.as_().post(f"/matters/{code}{path}").status_code == 302


def test_a_move_is_done_from_its_form_and_leads_back_with_a_word(pages: Pages, code: str) -> None:
    answer = sent(pages.as_(GRID), code, "settle", records="result", reason="灯泡已换")
    assert (answer.status_code, answer["Location"]) == (302, f"/matters/{code}")
    assert stage(code) == "call-back"
    page = html(pages.as_(GRID), f"/matters/{code}")
    assert "办好了：办结" in page and "灯泡已换" not in page
    assert "办好了" not in html(pages.as_(GRID), f"/matters/{code}")


def test_a_script_is_told_where_to_go_after_a_move(pages: Pages, code: str) -> None:
    client = pages.as_(GRID)
    typed = hidden(html(client, f"/matters/{code}/moves/accept"))
    answer = client.post(f"/matters/{code}/moves/accept", typed, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/matters/{code}")


def test_a_script_gets_the_form_alone_and_a_page_without_script_gets_a_page(pages: Pages, code: str) -> None:
    part = html(pages.as_(GRID), f"/matters/{code}/moves/settle", **{"hx-request": "true"})
    assert "<html" not in part and part.count('id="step"') == 1 and 'name="position"' in part
    assert "<html" in html(pages.as_(GRID), f"/matters/{code}/moves/settle")


def test_papers_that_may_come_along_are_folded_away_until_one_is_ticked(pages: Pages, code: str) -> None:
    there, folded = f"/matters/{code}/moves", '<details class="mb-3"><summary>一并登记材料'
    assert folded in html(pages.as_(GRID), f"{there}/accept")
    assert "一并登记材料" not in html(pages.as_(GRID), f"{there}/settle")  # which needs its paper
    ticked = sent(pages.as_(GRID), code, "accept", records="result", look="1").content.decode()
    assert '<details class="mb-3" open><summary>一并登记材料' in ticked and folded not in ticked


def test_what_is_missing_is_told_by_the_form_which_keeps_what_was_typed(pages: Pages, code: str) -> None:
    before = position(code)
    answer = sent(pages.as_(GRID), code, "settle", reason="灯泡已换")
    page = answer.content.decode()
    assert answer.status_code == 422 and position(code) == before
    assert ">灯泡已换</textarea>" in page and "请选择这一项" in page and "autofocus" in page


def test_a_refusal_of_the_kernel_stands_by_the_form_with_what_was_typed(pages: Pages, code: str) -> None:
    answer = sent(pages.as_(VILLAGE), code, "merge", code="2222-2222", reason="同一盏灯")
    page = answer.content.decode()
    assert answer.status_code in (404, 422), page
    answer = sent(pages.as_(GRID), code, "merge", code=code, reason="同一盏灯")
    page = answer.content.decode()
    assert answer.status_code == 422 and "另一件事项的编码" in page and ">同一盏灯</textarea>" in page


def test_who_was_overtaken_sees_both_sides_and_loses_nothing(pages: Pages, code: str) -> None:
    form = html(pages.as_(GRID), f"/matters/{code}/moves/settle")
    assert sent(pages.as_(VILLAGE), code, "note", reason="村里也去看过").status_code == 302
    answer = sent(pages.as_(GRID), code, "settle", form, records="result", reason="灯泡已换")
    page = answer.content.decode()
    assert answer.status_code == 409 and "记一笔" in page and ">灯泡已换</textarea>" in page
    assert stage(code) == "grid"
    again = sent(pages.as_(GRID), code, "settle", page, records="result", reason="灯泡已换")
    assert again.status_code == 302 and stage(code) == "call-back"


def test_what_others_did_already_is_not_offered_again_and_what_was_typed_can_be_copied(pages: Pages, code: str) -> None:
    form = html(pages.as_(GRID), f"/matters/{code}/moves/settle")
    assert sent(pages.as_(GRID + "/2"), code, "settle", records="result").status_code == 302
    answer = sent(pages.as_(GRID), code, "settle", form, records="result", reason="灯泡是我换的")
    page = answer.content.decode()
    assert answer.status_code == 409 and "灯泡是我换的" in page and "现在不能办" in page
    assert "现在可以办的" in page


def test_a_form_that_is_sent_twice_is_done_once(pages: Pages, code: str) -> None:
    form = html(pages.as_(GRID), f"/matters/{code}/moves/note")
    for _ in range(2):
        assert sent(pages.as_(GRID), code, "note", form, reason="看过一次").status_code == 302
        there = position(code)
    assert "没有重复办理" in html(pages.as_(GRID), f"/matters/{code}")
    assert sent(pages.as_(GRID), code, "note", form, reason="另一句话").status_code == 422
    assert position(code) == there


def test_a_step_that_cannot_be_made_twice_is_told_done_when_its_form_is_sent_again(pages: Pages, code: str) -> None:
    form = html(pages.as_(GRID), f"/matters/{code}/moves/settle")
    for _ in range(2):
        assert sent(pages.as_(GRID), code, "settle", form, records="result").status_code == 302


def test_what_is_sealed_is_opened_for_a_reason_and_shown_once(pages: Pages, code: str) -> None:
    client = pages.as_(GRID)
    page = html(client, f"/matters/{code}")
    names = re.findall(r'name="name" value="([^"]+)"> <span class="form-check-label">([^<]+)<', page)
    phone = next(name for name, title in names if title == "联系电话")
    refused = client.post(f"/matters/{code}/sealed", {"name": phone})
    assert refused.status_code == 422 and "13800138000" not in refused.content.decode()
    opened = client.post(f"/matters/{code}/sealed", {"name": phone, "reason": "回电核实"})
    assert "13800138000" in opened.content.decode() and "no-store" in opened["Cache-Control"]
    part = client.post(
        f"/matters/{code}/sealed", {"name": phone, "reason": "回电核实"}, headers={"hx-request": "true"}
    ).content.decode()
    assert "13800138000" in part and "<html" not in part
    assert "13800138000" not in html(client, f"/matters/{code}")
    assert 'id="sealed"' not in html(pages.as_(POLICE), f"/matters/{code}", 404)


def test_a_photo_is_put_on_record_and_shown_in_the_page_when_it_is_opened(pages: Pages, code: str) -> None:
    client = pages.as_(GRID)
    page = html(client, f"/matters/{code}")
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    for _ in range(2):
        photo = SimpleUploadedFile("现场照片.png", PNG, "image/png")
        answer = client.post(f"/matters/{code}/files", {"file": photo, "once": once})
        assert answer.status_code == 302, answer.content.decode()
    page = html(client, f"/matters/{code}")
    assert page.count("现场") >= 1 and "没有重复办理" in page
    name = re.findall(r'name="name" value="([^"]+)"> <span class="form-check-label">现场', page)
    assert len(name) == 1
    opened = client.post(f"/matters/{code}/sealed", {"name": name[0], "reason": "核对现场"}).content.decode()
    assert 'src="data:image/' in opened
    assert client.post(f"/matters/{code}/files", {}).status_code == 422
    large = SimpleUploadedFile("a.pdf", b"x" * 11_000_000)  # dropped before a page sees it
    answer = client.post(f"/matters/{code}/files", {"file": large, "title": "合同"})
    assert answer.status_code == 422 and "文件太大，最多 10 MB" in answer.content.decode()


def test_the_page_asks_whether_something_happened_and_is_told_so(pages: Pages, code: str) -> None:
    there = position(code)
    answer = pages.as_(GRID).get(f"/matters/{code}/moved?position={there}")
    assert answer.status_code == 204
    assert sent(pages.as_(VILLAGE), code, "note", reason="看过").status_code == 302
    assert "有新进展" in html(pages.as_(GRID), f"/matters/{code}/moved?position={there}")


def test_the_slip_says_who_owns_who_helps_and_how(pages: Pages, code: str) -> None:
    page = html(pages.as_(GRID), f"/matters/{code}/slip")
    assert "谁负责" in page and "演示1格" in page and "怎么办" in page and "办结" in page
    assert "13800138000" not in page and "没有协助单位" in page


def test_another_matter_is_held_beside_this_one_before_they_are_merged_and_taken_apart(pages: Pages, code: str) -> None:
    lead = reported(pages, "路灯坏了两盏", "村口的路灯坏了")
    client = pages.as_(VILLAGE)
    assert "路灯坏了两盏" in html(client, f"/matters/{code}/other?code={lead.lower()}")
    assert "路灯坏了两盏" not in html(pages.as_(OTHER_GRID), f"/matters/{code}/other?code={lead}", 404)
    answer = sent(client, code, "merge", look="1", code=lead)
    assert "路灯坏了两盏" in answer.content.decode() and stage(code) == "grid"
    assert "还差" not in answer.content.decode()
    assert sent(client, code, "merge", code=lead, reason="同一盏灯").status_code == 302
    page = html(client, f"/matters/{code}")
    assert f"/matters/{lead}" in page and "已并入" in page
    assert sent(client, code, "unmerge", reason="不是同一盏").status_code == 302
    assert stage(code) == "grid"


def test_the_page_is_in_english_for_who_reads_english(pages: Pages, code: str) -> None:
    page = html(pages.as_(GRID), f"/matters/{code}", **{"accept-language": "en"})
    assert "Why this time" in page and "为什么是这个时间" not in page


@pytest.mark.parametrize("slug", [slug for slug, _ in CHANNELS])
def test_how_it_came_in_is_told_in_the_words_of_the_form_it_was_taken_in_with(pages: Pages, slug: str) -> None:
    page = html(pages.as_(GRID), f"/matters/{reported(pages, channel=slug)}")
    assert f"<dd>{dict(CHANNELS)[slug]}</dd>" in page


def test_what_is_owed_besides_stands_first_and_under_its_own_name(pages: Pages) -> None:
    code = reported(pages, method="panan-three-feelings")
    assert sent(pages.as_(VILLAGE), code, "settle", records="result").status_code == 302
    page = html(pages.as_(VILLAGE), f"/matters/{code}")
    bar = page[page.index('id="move-bar"') : page.index('id="step"')]
    assert re.findall(r"/moves/(\w+)\"", bar)[0::2][:2] == ["fulfil", "note"]
    assert "结果写回民情日记</a>" in bar and "完成" not in bar


def test_signing_for_it_stands_directly_beside_what_clears_the_duty(pages: Pages, code: str) -> None:
    page = html(pages.as_(GRID), f"/matters/{code}")
    bar = page[page.index('id="move-bar"') : page.index('id="step"')]
    assert re.findall(r"/moves/(\w+)\"", bar)[0::2][1] == "accept"
