"""A version of a method tried on made-up concerns beside the one in use; nothing of it stays."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client

from minqing.doors.web.admin import trying
from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_charts import data_of, figure_of
from minqing.insight.twin.beside import run_beside
from minqing.kernel.matters.ports import vocabulary
from minqing.kernel.matters.versions import publish, versions_of
from minqing.kernel.methods.loader import load_method
from minqing.wiring.testing import METHODS

SLUG = "wushan-three-rests"
TEXT = (METHODS / f"{SLUG}.yaml").read_text("utf-8")
ADDRESS = "/admin/methods/try"


@pytest.fixture(autouse=True)
def _shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test waits for no ten seconds."""
    monkeypatch.setattr(trying, "SECONDS", 2.0)


def lines() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_line")
        return int(cursor.fetchone()[0])


def test_a_draft_is_tried_beside_the_version_in_use_and_nothing_is_kept(office: Client) -> None:
    draft = TEXT.replace("limit: 3d", "limit: 2d", 1)
    assert draft != TEXT
    before = lines()
    page = office.post("/admin/methods/new", {"text": draft}).content.decode()
    assert "先试跑" in page
    page = office.post(ADDRESS, {"text": draft}).content.decode()
    assert 'value="30" selected' in page, "a month, unless another time is chosen"
    assert "草稿，没有发布" in page and "开始试跑" in page and "环节按时率" not in page
    page = office.post(ADDRESS, {"text": draft, "do": "try", "days": "14"}).content.decode()
    assert "环节按时率" in page and "对照的版本" in page and "回访满意" in page and "虚构来件" in page
    assert lines() == before and len(versions_of(SLUG)) == 1


def test_a_published_version_without_another_stands_alone(office: Client) -> None:
    assert "试跑" in office.get(f"/admin/methods/of/{SLUG}").content.decode()
    assert "还没有别的版本可以对照" in office.get(ADDRESS, {"of": SLUG}).content.decode()
    page = office.post(ADDRESS, {"of": SLUG, "do": "try", "days": "14"}).content.decode()
    assert "各项责任按时" in page and "对照的版本" not in page


def test_time_that_is_up_is_said(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "SECONDS", 0.0)
    page = office.post(ADDRESS, {"of": SLUG, "do": "try", "days": "90"}).content.decode()
    assert "时间到了，只算完 1 天" in page


def test_two_at_once_are_one_too_many(office: Client) -> None:
    with trying._trying:
        answer = office.post(ADDRESS, {"of": SLUG, "do": "try", "days": "14"})
    assert answer.status_code == 409 and "有人正在试跑" in answer.content.decode()
    assert office.post(ADDRESS, {"of": SLUG, "do": "try", "days": "14"}).status_code == 200, "the next one may"


def test_what_cannot_be_tried_is_said(office: Client) -> None:
    assert office.post(ADDRESS, {"of": SLUG, "do": "try", "days": "9999"}).status_code == 422
    assert office.post(ADDRESS, {"text": "slug: x", "do": "try", "days": "14"}).status_code == 422
    assert office.get(ADDRESS, {"of": "nothing"}).status_code == 404
    assert office.get(ADDRESS).status_code == 404
    assert office.get(ADDRESS, {"of": SLUG, "version": "nothing"}).status_code == 404


def test_only_administrators_try(pages: Pages) -> None:
    auditor = browser_of(one_more(pages, "auditor"))
    assert auditor.get(ADDRESS, {"of": SLUG}).status_code == 403
    assert "先试跑" not in auditor.get(f"/admin/methods/of/{SLUG}").content.decode()


def test_a_difference_beyond_chance_is_said_and_no_other(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def worse(new, before, days, stop):  # type: ignore[no-untyped-def]
        found = run_beside(new, before, 3)
        late = type(found.new.on_time)(found.new.on_time.owed // 2, found.new.on_time.owed)
        return type(found)(3, 3, type(found.new)(**{**vars(found.new), "on_time": late}), found.before)

    draft = TEXT.replace("zh: ", "zh: 新", 1)
    page = office.post(ADDRESS, {"text": draft, "do": "try", "days": "14"}).content.decode()
    assert "看不出差别" in page and "更不按时" not in page
    monkeypatch.setattr(trying, "run_beside", worse)
    page = office.post(ADDRESS, {"text": draft, "do": "try", "days": "14"}).content.decode()
    assert "这一版更不按时" in page and "更不按时的环节" not in page


def test_it_is_said_which_version_it_is_set_beside(office: Client) -> None:
    first = versions_of(SLUG)[0]
    draft = TEXT.replace("limit: 3d", "limit: 2d", 1)
    page = office.post(ADDRESS, {"text": draft}).content.decode()
    assert f"现行版本 {first.version[:12]}（{first.at:%Y-%m-%d} 发布）" in page
    assert "没有别的版本" in office.post(ADDRESS, {"text": TEXT}).content.decode(), "the same as what is in use"
    publish(load_method(draft, vocabulary()))
    now, before = versions_of(SLUG)
    assert before == first
    for asked in ({"text": draft}, {"of": SLUG}):
        page = office.post(ADDRESS, asked).content.decode()
        assert f"另一版 {first.version[:12]}（{first.at:%Y-%m-%d} 发布，不是现行版本）" in page
        assert ("草稿和现行版本一样" in page) == ("text" in asked)
    page = office.post(ADDRESS, {"of": SLUG, "version": first.version}).content.decode()
    assert f"现行版本 {now.version[:12]}" in page


def test_a_try_draws_both_versions_beside_their_table(office: Client) -> None:
    draft = TEXT.replace("limit: 3d", "limit: 2d", 1)
    page = office.post(ADDRESS, {"text": draft, "do": "try", "days": "14"}).content.decode()
    rates, ends = data_of(page, "rates"), data_of(page, "ends")
    assert [one["title"] for one in rates["series"]] == ["草稿", "对照的版本"]
    assert rates["marks"][0] == "全部责任" and rates["unit"] == "%"
    whole = re.search(r'data-label="草稿">(\d+\.\d)% ', page)
    assert whole is not None and float(whole[1]) == rates["series"][0]["counts"][0]
    assert "回访满意" in ends["marks"] and all(one in page for one in map(str, ends["series"][1]["counts"]))
    assert "环节按时率" in figure_of(page, "rates") and "比较" in figure_of(page, "rates"), "its table is the drawing's"
    alone = office.post(ADDRESS, {"of": SLUG, "do": "try", "days": "14"}).content.decode()
    assert [one["title"] for one in data_of(alone, "rates")["series"]] == ["这一版"]
    assert "web/chart" not in office.get(ADDRESS, {"of": SLUG}).content.decode(), "nothing to draw yet"
