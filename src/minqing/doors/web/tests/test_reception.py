"""The reception desk: whoever comes is registered, sees the lawful paths, and is followed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from minqing.base import moments
from minqing.doors.web.reception import receiving
from minqing.doors.web.reception.paths import law_of
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, html_of
from minqing.doors.web.tests.test_desk_taking_in import picture, sealed_kinds
from minqing.doors.web.tests.test_matter import COUNTY, GRID, POLICE, sent
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.matter import Duty
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.regions.codes import parse_code


def came(client: Client, page: str = "", **told: object) -> HttpResponse:
    """Somebody comes to the window; `page`: the form as it was shown before."""
    once = re.search(r'name="once" value="([^"]+)"', page or html_of(client, "/reception"))
    assert once is not None
    form = {"once": once[1], "text": "村口三盏路灯不亮。三天了", "place": "330727101201001", "people": "1"}
    form |= {"channel": "window", "name": "演示居民", "phone": "13800000000", "call_back": "yes"}
    return client.post("/reception", form | told)  # type: ignore[operator,return-value]


def code_in(answer: HttpResponse) -> str:
    assert answer.status_code == 201, answer.content.decode()
    found = re.search(r'<dd class="code">([2-9A-Z]{4}-[2-9A-Z]{4})</dd>', answer.content.decode())
    assert found is not None
    return found[1]


def test_whoever_comes_is_registered_and_gets_code_secret_and_paths_on_one_screen(pages: Pages) -> None:
    answer = came(pages.as_(VILLAGE))
    code, said = code_in(answer), answer.content.decode()
    assert secret_of(code) in said and f"/matters/{code}/letters/acceptance.pdf" in said
    assert "已登记受理，时限已经起算" in said
    assert look(Viewer(scope=HOUSE), code).stored.matter.channel == "window"


def test_paths_are_what_the_kernel_offers_taking_it_on_first_and_each_says_its_law(pages: Pages) -> None:
    concern = Concern(place=parse_code(pages.grids[0]), channel="window", title="路灯不亮", text="路灯不亮")
    code = report([concern], current_method("panan-three-feelings"))[0].code
    said = html_of(pages.as_(VILLAGE), f"/reception/of/{code}")
    shown = re.findall(rf'class="btn btn-lg[^"]*" href="/matters/{code}/moves/(\w+)"', said)
    assert shown[0] == "accept" and {"guide", "refer"} <= set(shown)
    assert "refuse" not in shown, "nobody is turned away here"
    assert "第三十一条第一项至第五项" in said and "第二十二条" in said
    matter_page = html_of(pages.as_(VILLAGE), f"/matters/{code}")
    assert all(f"/matters/{code}/moves/{verb}" in matter_page for verb in shown)


def test_a_path_is_taken_by_the_form_of_its_move(pages: Pages) -> None:
    concern = Concern(place=parse_code(pages.grids[0]), channel="window", title="路灯不亮", text="路灯不亮")
    code = report([concern], current_method("panan-three-feelings"))[0].code
    assert sent(pages.as_(VILLAGE), code, "accept").status_code == 302
    assert "/moves/guide" in html_of(pages.as_(VILLAGE), f"/reception/of/{code}")


def test_the_desk_follows_what_its_people_took_in_and_no_name_stands_there(pages: Pages) -> None:
    code = code_in(came(pages.as_(VILLAGE)))
    other = code_in(came(pages.as_(TOWN), text="另一个窗口登记的事"))
    for client in (pages.as_(VILLAGE), pages.as_(f"{VILLAGE}/2")):
        said = html_of(client, "/reception")
        assert f"/reception/of/{code}" in said and f"/reception/of/{other}" not in said
        assert "演示居民" not in said and "13800000000" not in said


def test_what_this_window_took_in_is_found_however_much_others_took_in_and_leafed_through(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "PAGE", 2)
    mine = [code_in(came(pages.as_(VILLAGE), text=f"路灯不亮，第{number}盏")) for number in range(3)]
    others = [code_in(came(pages.as_(TOWN), text=f"镇里登记的第{number}件")) for number in range(3)]
    said = html_of(pages.as_(VILLAGE), "/reception")
    assert [code for code in mine + others if f"/reception/of/{code}" in said] == mine[1:]
    older = re.search(r'rel="next" href="([^"#]+)', said)
    assert older is not None
    said = html_of(pages.as_(VILLAGE), older[1])
    assert [code for code in mine + others if f"/reception/of/{code}" in said] == mine[:1] and "回到最新的" in said


def test_what_was_taken_in_before_the_last_days_is_not_followed_any_more(pages: Pages) -> None:
    code = code_in(came(pages.as_(VILLAGE)))
    before = moments.shift()
    try:
        moments.shift_by(before + timedelta(days=8))
        assert f"/reception/of/{code}" not in html_of(pages.as_(VILLAGE), "/reception")
    finally:
        moments.shift_by(before)


def test_the_same_form_sent_twice_is_one_matter(pages: Pages) -> None:
    page = html_of(pages.as_(VILLAGE), "/reception")
    assert code_in(came(pages.as_(VILLAGE), page)) == code_in(came(pages.as_(VILLAGE), page))


def test_photos_and_papers_are_taken_at_the_window_too_and_what_is_not_is_told(pages: Pages) -> None:
    client = pages.as_(VILLAGE)
    assert 'enctype="multipart/form-data"' in html_of(client, "/reception")
    answer = came(client, files=[picture(), SimpleUploadedFile("b.txt", b"words")])
    code, said = code_in(answer), answer.content.decode()
    assert said.count("有一个文件没有收下") == 1
    assert len(sealed_kinds(code)) == 1
    many = came(client, files=[picture(f"{number}.jpg") for number in range(6)])
    assert many.status_code == 422 and "一次最多 5 张" in many.content.decode()


def test_what_is_refused_keeps_all_that_was_typed_and_the_list(pages: Pages) -> None:
    answer = came(pages.as_(VILLAGE), text="", name="演示来访人")
    said = answer.content.decode()
    assert answer.status_code == 422 and "演示来访人" in said and "本窗口登记的" in said


def test_a_desk_that_may_not_see_it_any_more_still_reads_out_code_and_secret(pages: Pages) -> None:
    code = code_in(answer := came(pages.as_(POLICE)))
    said = answer.content.decode()
    assert secret_of(code) in said and "本窗口不再看得到内容" in said
    assert pages.as_(POLICE).get(f"/reception/of/{code}").status_code == 404


def test_what_went_elsewhere_keeps_its_code_in_the_list_of_who_read_it_out_and_of_nobody_else(pages: Pages) -> None:
    code = code_in(came(pages.as_(POLICE)))
    said = html_of(pages.as_(POLICE), "/reception")
    assert code in said and "已转到别处的" in said and f"/reception/of/{code}" not in said and "路灯" not in said
    assert code not in html_of(pages.as_(f"{POLICE}/2"), "/reception"), "nothing is told of it to others there"
    mine = code_in(came(pages.as_(VILLAGE)))
    said = html_of(pages.as_(VILLAGE), "/reception")
    assert f"/reception/of/{mine}" in said and "已转到别处的" not in said


def test_the_law_of_the_running_limit_is_told_and_that_of_petitions_only_for_petitions(pages: Pages) -> None:
    concern = Concern(place=parse_code(pages.grids[0]), channel="window", title="路灯不亮", text="路灯不亮")
    code = report([concern], current_method("panan-three-feelings"))[0].code
    page = html_of(pages.as_(VILLAGE), f"/reception/of/{code}")
    said = page[page.index('id="paths"') : page.index('id="step"')]
    articles = re.findall(r"([^<>]*)《信访工作条例》", said)
    assert articles and all(one == "如果是信访事项：" for one in articles)
    duty = Duty(1, "@county", "county", 1, moments.now(), moments.now(), law="petition.close")
    assert law_of(duty) == "信访工作条例 34（信访事项办结）" and law_of(replace(duty, law="")) == "" == law_of(None)


def test_the_days_for_judicial_confirmation_run_from_the_agreement_taking_effect(pages: Pages) -> None:
    assert "调解协议生效之日起 30 日内" in html_of(pages.as_(VILLAGE), "/reception")
    assert "达成协议后" not in html_of(pages.as_(VILLAGE), "/reception")


def test_only_who_receives_people_opens_the_reception(pages: Pages) -> None:
    assert pages.as_(GRID).get("/reception").status_code == 403
    assert "/reception" not in html_of(pages.as_(GRID), "/today")
    assert 'href="/reception"' in html_of(pages.as_(COUNTY), "/today")
    assert pages.as_("").get("/reception").status_code == 302


def test_at_the_window_nobody_reports_without_standing_there_and_what_is_near_is_looked_for(pages: Pages) -> None:
    window, phone = (html_of(pages.as_(VILLAGE), page) for page in ("/reception", "/new"))
    assert 'name="nobody"' in phone and 'name="nobody"' not in window
    assert "data-here" in phone and "data-here" not in window
    assert "data-near" in window and "desk" in window[: window.index("</head>")].split('src="')[-1]
