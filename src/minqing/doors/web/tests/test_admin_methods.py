"""Methods on the administrator's pages: read, compared, checked, published."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client

from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.actions import report
from minqing.kernel.matters.concerns import Concern
from minqing.kernel.matters.trial_staff import Person
from minqing.kernel.matters.versions import current_method, versions_of
from minqing.registers.regions.codes import parse_code
from minqing.wiring.testing import METHODS

SLUG = "panan-three-feelings"
TEXT = (METHODS / f"{SLUG}.yaml").read_text("utf-8")
OTHER = TEXT.replace("zh: 磐安三情联动", "zh: 磐安三情联动新版")


def test_a_method_is_shown_read_aloud_drawn_and_listed(office: Client) -> None:
    page = office.get(f"/admin/methods/of/{SLUG}").content.decode()
    assert "磐安三情联动" in page and "现行版本" in page
    assert '<svg class="drawing"' in page and "本机管理员" in page
    assert "style=" not in page and "onclick" not in page, "the policy of the page forbids it"
    assert "磐安三情联动" in office.get("/admin/methods").content.decode()


def test_the_file_of_a_version_comes_back_as_it_was_published(office: Client) -> None:
    version = versions_of(SLUG)[0].version
    answer = office.get(f"/admin/methods/of/{SLUG}/file/{version}")
    assert answer.content.decode() == TEXT and "attachment" in answer["Content-Disposition"]


def test_a_file_with_faults_gets_every_complaint_with_its_line_and_publishes_nothing(office: Client) -> None:
    bad = TEXT.replace("place:", "plaice:", 1)
    assert bad != TEXT
    answer = office.post("/admin/methods/new", {"text": bad, "do": "publish"})
    page = answer.content.decode()
    line = next(number for number, text in enumerate(bad.split("\n"), 1) if text.startswith("plaice:"))
    assert answer.status_code == 422 and f"第 {line} 行" in page and "plaice: " in page
    assert len(versions_of(SLUG)) == 1


def test_a_new_version_is_checked_and_compared_before_it_is_published(office: Client, administrator: Person) -> None:
    assert OTHER != TEXT
    page = office.post("/admin/methods/new", {"file": _named(OTHER)}).content.decode()
    assert "检查通过" in page and "改了什么" in page and "磐安三情联动新版" in page
    assert len(versions_of(SLUG)) == 1, "only looked at"
    answer = office.post("/admin/methods/new", {"text": OTHER.replace("\n", "\r\n"), "do": "publish"})
    assert answer.status_code == 302
    newest, before = versions_of(SLUG)
    assert (newest.by, before.by) == (administrator.person, 0)
    page = office.get(f"/admin/methods/of/{SLUG}/diff").content.decode()
    assert "修改" in page and "旧版没有在办的事项" in page


def test_what_a_new_version_means_for_open_matters_is_counted_by_stage(pages: Pages, office: Client) -> None:
    _report(pages)
    page = office.post("/admin/methods/new", {"text": OTHER}).content.decode()
    assert "（1 件）" in page and "旧版没有在办的事项" not in page
    assert sum(versions_of(SLUG)[0].open.values()) == 1


def test_what_cannot_be_published_yet_is_said_with_the_check_and_has_no_button(
    office: Client, administrator: Person
) -> None:
    again = TEXT.replace("    limit: 2d\n    done_by: [fulfil, note]", "    every: 2d\n    until: stage")
    assert again != TEXT
    asked = office.post("/admin/methods/new", {"text": again})
    page = asked.content.decode()
    assert asked.status_code == 200 and "检查通过" not in page and 'value="publish"' not in page
    assert "现在还不能发布" in page and "任务“结果写回民情日记”要按" in page
    assert "写了“every”：会检查，但目前还不起作用" in page, "hints in the tongue of the page"
    assert "has no effect" not in page
    pressed = office.post("/admin/methods/new", {"text": again, "do": "publish"})
    assert pressed.status_code == 422 and len(versions_of(SLUG)) == 1
    page = browser_of(administrator, "en").post("/admin/methods/new", {"text": again}).content.decode()
    assert "cannot be published yet" in page and "&quot;every&quot; is read and checked" in page


def test_an_auditor_reads_methods_and_publishes_none(pages: Pages) -> None:
    auditor = browser_of(one_more(pages, "auditor"))
    assert auditor.get(f"/admin/methods/of/{SLUG}").status_code == 200
    assert auditor.get("/admin/methods/new").status_code == 403
    assert auditor.get("/admin/units").status_code == 403


@pytest.mark.parametrize("size", [300_000, 11_000_000])
def test_a_file_that_is_too_large_is_told_and_keeps_what_was_typed(office: Client, size: int) -> None:
    """The larger one is dropped before a page sees it."""
    answer = office.post("/admin/methods/new", {"file": _named("x" * size), "text": "slug: typed"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "最多 256 KB" in page and "slug: typed" in page and "处要改" not in page


def _named(text: str) -> BytesIO:
    file = BytesIO(text.encode())
    file.name = f"{SLUG}.yaml"
    return file


def _report(pages: Pages) -> None:
    concern = Concern(parse_code(pages.grids[0]), "web", text="路灯不亮")
    (answer,) = report([concern], current_method(SLUG))
    assert answer.matter is not None and answer.matter.is_open
