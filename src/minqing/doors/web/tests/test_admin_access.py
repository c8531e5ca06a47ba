"""Who read what, on the auditor's page."""

from __future__ import annotations

import pytest
from django.test import Client

from minqing.base import moments
from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.actions import report
from minqing.kernel.matters.concerns import Concern
from minqing.kernel.matters.revealing import reveal, sealed_names
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.queries import posts, viewer_in
from minqing.registers.regions.codes import parse_code

REASON = "反映人来电补充位置"


@pytest.fixture
def auditor(pages: Pages) -> Client:
    return browser_of(one_more(pages, "auditor"))


@pytest.fixture
def read(pages: Pages) -> str:
    """The code of a matter of which its holder opened a sealed value."""
    (answer,) = report(
        [Concern(parse_code(pages.grids[0]), "web", text="路灯不亮")], current_method("panan-three-feelings")
    )
    assert answer.matter is not None
    holder = next(one for one in pages.people if viewer_in(one.post).unit == answer.matter.holder)
    viewer = viewer_in(holder.post)
    reveal(viewer, answer.code, sealed_names(viewer, answer.code)[0].name, REASON)
    return answer.code


def test_an_auditor_reads_who_opened_what_and_that_a_reason_was_given_but_not_its_words(
    auditor: Client, read: str
) -> None:
    page = auditor.get("/admin/access").content.decode()
    assert read in page and "查阅原文" in page and "演示·" in page and "已写明" in page
    assert REASON not in page
    logins = [one.login for one in posts(past=True) if one.login]
    lines = page.partition("<tbody>")[2]
    assert logins and not [login for login in logins if login in lines], "told by name, role and unit"


def test_the_stream_is_narrowed_by_matter_and_by_day(auditor: Client, read: str) -> None:
    today = str(moments.today())
    assert read in auditor.get("/admin/access", {"code": read.lower(), "day": today}).content.decode()
    assert "没有查阅记录" in auditor.get("/admin/access", {"day": "2020-01-01"}).content.decode()
    assert "没有查阅记录" in auditor.get("/admin/access", {"code": "NOTHING"}).content.decode()
    assert "请写成 2026-01-01" in auditor.get("/admin/access", {"day": "soon"}).content.decode()
    assert auditor.get("/admin/access", {"page": "99999999999999"}).status_code == 200


def test_nobody_else_reads_the_stream(pages: Pages, read: str) -> None:
    administrator = browser_of(one_more(pages, "administrator"))
    for client in (administrator, pages.as_(pages.people[0].unit)):
        assert client.get("/admin/access").status_code == 403
