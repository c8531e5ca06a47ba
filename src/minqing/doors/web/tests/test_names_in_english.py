"""Who reads the pages in English reads what the county calls things in English: no name of the method in Chinese."""

from __future__ import annotations

import html as entities
import re
from dataclasses import replace

import pytest

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_matter import html, reported, sent
from minqing.kernel.matters.public import disclosed, secret_of
from minqing.kernel.matters.versions import current_method
from minqing.kernel.methods.titles import Title

VILLAGE, GRID = "village-330727101201", "grid-330727101201001"
ENGLISH = {"accept-language": "en"}


def chinese_names() -> list[str]:
    """What the files say in Chinese, but for words that may stand in what people wrote or in names of units."""
    files = (current_method("wushan-three-rests"), current_method("panan-three-feelings"))
    return [one.zh for method in files for one in method.said.values() if len(one.zh) > 2]


def left_in_chinese(page: str) -> list[str]:
    """Names of the method that the page says in Chinese; values of fields are sent as they are."""
    said = re.sub(r'\bvalue="[^"]*"', "", entities.unescape(page))
    return [name for name in chinese_names() if name in said]


@pytest.fixture
def code(pages: Pages) -> str:
    code = reported(pages)
    assert sent(pages.as_(GRID), code, "refer").status_code in (200, 302)
    return code


@pytest.mark.parametrize(
    "path",
    ["/matters/{}", "/matters/{}/slip", "/matters/{}/moves/settle", "/matters/{}/moves/grade", "/inbox", "/matters"],
)
def test_a_page_of_a_desk_names_nothing_of_the_method_in_chinese(pages: Pages, code: str, path: str) -> None:
    page = html(pages.as_(VILLAGE), path.format(code), **ENGLISH)
    assert left_in_chinese(page) == []


def test_the_page_of_a_matter_says_stage_duty_and_reason_in_english(pages: Pages, code: str) -> None:
    page = entities.unescape(html(pages.as_(VILLAGE), f"/matters/{code}", **ENGLISH))
    assert "With the village or community" in page and "the grid cannot settle it; on to the village" in page
    assert "Appeal" in page, "the kind"
    chinese = html(pages.as_(VILLAGE), f"/matters/{code}")
    assert "村（社区）调处" in chinese and "网格化解不了，转村里办" in chinese and "With the village" not in chinese


def test_a_list_and_its_filters_say_stage_and_level_in_english(pages: Pages, code: str) -> None:
    page = html(pages.as_(VILLAGE), "/matters", **ENGLISH)
    assert "With the village or community" in page and "Red (raised a level)" in page


def test_the_reporter_reads_the_stage_in_their_tongue(pages: Pages, code: str) -> None:
    told = {lang: disclosed(code, secret_of(code), "10.0.0.1", lang=lang) for lang in ("zh", "en")}
    assert (told["zh"].stage, told["en"].stage) == ("村（社区）调处", "with the village or community")


def test_a_county_without_english_is_named_in_its_own_words(
    pages: Pages, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    method = current_method("wushan-three-rests")
    village = replace(method.stages["village"], title=Title("村里调处"))
    monkeypatch.setitem(method.stages, "village", village)
    assert "村里调处" in html(pages.as_(VILLAGE), f"/matters/{code}", **ENGLISH)
