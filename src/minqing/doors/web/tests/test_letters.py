"""What the reporter is told in writing: acceptance and result, for whoever sees the matter, without words or secret."""

from __future__ import annotations

import io

import pypdf
import pytest

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_matter import GRID, OTHER_GRID, VILLAGE, html, reported, sent
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.versions import current_method
from minqing.registers.regions.codes import parse_code


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
