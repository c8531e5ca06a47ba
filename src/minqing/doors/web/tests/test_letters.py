"""What the reporter is told in writing: acceptance and result, for whoever sees the matter, without words or secret."""

from __future__ import annotations

import io

import pypdf
import pytest

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_matter import GRID, OTHER_GRID, VILLAGE, html, reported, sent
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.telling import shown
from minqing.kernel.matters.urgency import main_of
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.regions.codes import parse_code, village_of
from minqing.registers.regions.queries import known_places, names_of_units


@pytest.fixture
def code(pages: Pages) -> str:
    return reported(pages, method="panan-three-feelings")


def letter(pages: Pages, code: str, kind: str, who: str = VILLAGE) -> str:
    """The words of a letter, without gaps."""
    answer = pages.as_(who).get(f"/matters/{code}/letters/{kind}.pdf")
    assert answer.status_code == 200, answer.content[:200]
    assert answer["Content-Type"] == "application/pdf"
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split())


def settle(pages: Pages, code: str) -> None:
    assert sent(pages.as_(VILLAGE), code, "settle", records="result").status_code == 302


def test_the_acceptance_says_who_has_it_until_when_and_whom_to_turn_to(pages: Pages, code: str) -> None:
    said = letter(pages, code, "acceptance")
    for words in ("登记受理告知书", code, "办理时限", "查进度", "催一催", "上一级", "仲裁", "行政复议"):
        assert words in said, words


def test_the_place_stands_with_its_village_for_every_village_has_a_first_grid(pages: Pages, code: str) -> None:
    grid = look(Viewer(scope=HOUSE), code).stored.matter.place
    village = village_of(grid)
    assert village is not None and village != grid
    known = known_places([village, grid])
    said = letter(pages, code, "acceptance")
    settle(pages, code)
    for one in (said, letter(pages, code, "answer")):
        assert known[village].name + known[grid].name in one


def test_no_letter_holds_a_word_of_the_reporter_or_the_secret(pages: Pages, code: str) -> None:
    settle(pages, code)
    for kind in ("acceptance", "answer"):
        said = letter(pages, code, kind)
        for words in ("路灯", "演示居民", "13800138000", secret_of(code), secret_of(code).replace("-", "")):
            assert words not in said, (kind, words)


def test_a_result_is_told_once_there_is_one(pages: Pages, code: str) -> None:
    path = f"/matters/{code}/letters/answer.pdf"
    assert pages.as_(VILLAGE).get(path).status_code == 404
    assert path not in html(pages.as_(VILLAGE), f"/matters/{code}")
    settle(pages, code)
    assert path in html(pages.as_(VILLAGE), f"/matters/{code}")
    said = letter(pages, code, "answer")
    for words in ("办理结果告知书", "已报告办好", "回访的人不是办理这件事的人", "第三十五条"):
        assert words in said, words


def test_in_the_call_back_the_limit_is_that_of_the_call_back_and_of_who_owes_it(pages: Pages, code: str) -> None:
    before = letter(pages, code, "acceptance")
    assert "什么时候办出结果" in before and "回访时限" not in before
    settle(pages, code)
    said = letter(pages, code, "acceptance")
    duty = main_of(look(Viewer(scope=HOUSE), code).stored.matter)
    assert duty is not None
    owes = names_of_units([duty.owed_by])[duty.owed_by]
    assert f"{owes}应当在{''.join(shown(duty.due).split())}前向您回访" in said and "回访时限" in said
    assert "办出结果" not in said and "办理时限：" not in said


def test_nothing_is_promised_that_nobody_can_keep(pages: Pages, code: str) -> None:
    said = letter(pages, code, "acceptance")
    assert "身份证件" not in said and "不补发" in said and "凭事项编码到登记的地方" in said


def test_each_time_somebody_is_not_satisfied_is_told_as_the_method_has_it(pages: Pages, code: str) -> None:
    settle(pages, code)
    said = letter(pages, code, "answer")
    assert "第一次说不满意，退回原来的环节重新办理；第二次，交上一级重新办理；第三次，转到“" in said
    assert "或者由县级书面答复" in said


def test_a_letter_is_chinese_also_for_who_reads_english_pages(pages: Pages, code: str) -> None:
    client = pages.as_(VILLAGE)
    answer = client.get(f"/matters/{code}/letters/acceptance.pdf", headers={"accept-language": "en"})
    assert answer.content == client.get(f"/matters/{code}/letters/acceptance.pdf").content


def test_whoever_does_not_see_the_matter_gets_no_letter(pages: Pages, code: str) -> None:
    assert pages.as_(OTHER_GRID).get(f"/matters/{code}/letters/acceptance.pdf").status_code == 404
    assert pages.as_("").get(f"/matters/{code}/letters/acceptance.pdf").status_code == 302


def test_where_nobody_reported_there_is_nobody_to_write_to(pages: Pages) -> None:
    concern = Concern(
        place=parse_code(pages.grids[0]), channel="patrol", title="树倒了", text="树倒了", reporter="nobody"
    )
    found = report([concern], current_method("panan-three-feelings"))[0].code
    assert pages.as_(GRID).get(f"/matters/{found}/letters/acceptance.pdf").status_code == 404
    assert "letters/acceptance" not in html(pages.as_(GRID), f"/matters/{found}")


def test_a_kind_that_does_not_exist_is_not_found(pages: Pages, code: str) -> None:
    assert pages.as_(VILLAGE).get(f"/matters/{code}/letters/secret.pdf").status_code == 404
