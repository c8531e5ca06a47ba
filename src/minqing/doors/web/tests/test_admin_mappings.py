"""Mapping files tried on a sample: told as the import would do it, and nothing kept."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from minqing.base.definitions import LARGEST
from minqing.doors.exchange import mapping
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.reporting import foresee
from minqing.kernel.matters.trial_county import COUNTY
from minqing.kernel.matters.versions import method_of_county
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import parse_code

TOWN = f"{COUNTY}101"
MAPPING = f"""
source: trial
columns:
  external_id: 编号
  title: 主题
  text: 内容
  happened: 时间
places:
  in: [内容]
  table:
    东镇: "{TOWN}"
    远镇: "{COUNTY}999"
"""
SAMPLE = """编号,主题,内容,时间
1,路灯,东镇村口路灯不亮，电话 13800001111,2026/3/5
1,又一次,东镇同一个编号,2026/3/5
,没有编号,东镇,2026/3/5
3,远,远镇的事,2026/3/5
4,日子,东镇,昨天
5,少一格
6,不知道在哪,水管坏了,2026/3/6
"""


def sample(text: str = SAMPLE, name: str = "样表.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def kept() -> list[tuple[int, ...]]:
    """How many rows stand wherever a message would leave something."""
    with seen_by(HOUSE), connection.cursor() as cursor:  # without a scope no row is seen, and none counted
        cursor.execute(
            "select (select count(*) from matters_matter), (select count(*) from ledger_line),"
            " (select count(*) from vault_value), (select count(*) from vault_key),"
            " (select count(*) from matters_outbox)"
        )
        return list(cursor.fetchall())


def test_each_row_is_told_as_it_would_become_and_nothing_is_kept(office: Client) -> None:
    office.get("/admin/mappings")
    before = kept()
    answer = office.post("/admin/mappings", {"text": MAPPING, "file": sample()})
    page = answer.content.decode()
    assert answer.status_code == 200 and kept() == before
    assert "样表读了 7 行" in page and "会登记 2" in page and "收不了 5" in page
    assert "演示101镇" in page and "认不出地点，由县中心询问 1" in page
    for why in (
        "编号”和第 2 行相同",
        "编号”是空的",
        f"代码为 {COUNTY}999 的地点",
        "看不懂日期“昨天”",
        "只有 2 格，表头有 4 列",
    ):
        assert why in page
    assert "13800001111" not in page, "words stand masked, as in every list"


def test_the_mapping_that_was_typed_stays_with_what_is_wrong_in_it(office: Client) -> None:
    answer = office.post("/admin/mappings", {"text": MAPPING.replace("external_id", "externalid"), "file": sample()})
    page = answer.content.decode()
    assert answer.status_code == 422 and "对照文件有 1 处要改" in page
    assert "externalid: 编号" in page and "external_id" in page


def test_what_is_wrong_in_a_mapping_is_told_in_the_tongue_of_the_page(office: Client) -> None:
    typed = {"text": MAPPING.replace("external_id", "externalid") + "zone: Moon\n", "file": sample()}
    page = unescape(office.post("/admin/mappings", typed).content.decode())
    assert "“columns”里没有“externalid”这个键。是不是“external_id”？" in page and "没有叫“Moon”的时区" in page
    assert "has no key" not in page
    page = unescape(office.post("/admin/mappings", typed, headers={"accept-language": "en"}).content.decode())
    assert 'columns has no key "externalid". Did you mean "external_id"?' in page and "这个键" not in page


def test_a_column_that_the_sample_lacks_is_a_sentence(office: Client) -> None:
    answer = office.post("/admin/mappings", {"text": MAPPING.replace("text: 内容", "text: 详情"), "file": sample()})
    assert answer.status_code == 422 and "表里没有“详情”这一列" in answer.content.decode()


def test_no_more_than_the_first_rows_are_read(office: Client) -> None:
    rows = "".join(f"{number},题,东镇的事,2026/3/5\n" for number in range(300))
    page = office.post("/admin/mappings", {"text": MAPPING, "file": sample("编号,主题,内容,时间\n" + rows)})
    assert "样表读了 200 行" in page.content.decode()


def test_a_file_of_the_house_is_there_to_begin_with_and_no_other(office: Client) -> None:
    assert "source: mailbox" in office.get("/admin/mappings", {"map": "messages.yaml"}).content.decode()
    for name in ("../pyproject.toml", "/etc/passwd", "none.yaml"):
        answer = office.get("/admin/mappings", {"map": name})
        assert answer.status_code == 422 and "没有这个对照文件" in answer.content.decode()


def test_what_is_foreseen_is_what_the_import_would_do(pages: Pages) -> None:
    """The same triage, way and refusals as taking it in, but for the code, which is made up for this once."""
    method = method_of_county(COUNTY)
    place = parse_code(TOWN)
    concerns = [
        Concern(place, "web", title="水管", text="水管爆裂，有人触电"),
        Concern(place, "web", text="村口路灯不亮", people=40),
        Concern(place, "web", text="x", kind="no-such-kind"),
    ]
    before = kept()
    seen = foresee(concerns, method)
    assert kept() == before
    done = report(concerns, method)
    assert kept() != before, "what is taken in is counted, or the line above cannot fail"
    assert [one.outcome for one in seen] == [one.outcome for one in done] == ["written", "written", "refused"]
    for would, did in zip(seen[:2], done[:2], strict=True):
        assert would.matter is not None and did.matter is not None
        names = ("kind", "stage", "level", "category", "emergency", "place", "people")
        assert [getattr(would.matter, name) for name in names] == [getattr(did.matter, name) for name in names]


def test_a_mapping_that_reads_well_is_taken_along_as_a_file(office: Client) -> None:
    answer = office.post("/admin/mappings", {"text": MAPPING, "name": "messages.yaml", "do": "save"})
    assert answer.status_code == 200 and answer.content.decode() == MAPPING
    assert answer["Content-Disposition"] == 'attachment; filename="messages.yaml"'
    answer = office.post("/admin/mappings", {"text": "half", "name": '../x".yaml', "do": "save"})
    assert answer["Content-Disposition"] == 'attachment; filename="mapping.yaml"'


def test_without_files_to_begin_with_that_is_said(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有现成的对照文件" not in office.get("/admin/mappings").content.decode()
    monkeypatch.setattr(mapping, "_FOLDERS", ())
    assert "没有现成的对照文件" in office.get("/admin/mappings").content.decode()


def test_a_mapping_that_is_too_long_is_refused_and_stays_whole(office: Client) -> None:
    text = MAPPING + "# " + "x" * LARGEST + " end"
    answer = office.post("/admin/mappings", {"text": text, "file": sample()})
    assert answer.status_code == 422 and "最多 262,144 个" in (page := answer.content.decode())
    assert "x end</textarea>" in page


@pytest.mark.parametrize("size", [3_000_000, 11_000_000])
def test_a_sample_that_is_too_large_is_told_with_its_size(office: Client, size: int) -> None:
    answer = office.post("/admin/mappings", {"text": MAPPING, "file": sample("x" * size)})
    assert answer.status_code == 422 and f"{size // 10**6}.0 MB，最多 2 MB" in answer.content.decode()


def test_what_is_wrong_with_a_mapping_has_a_word_in_chinese(office: Client) -> None:
    page = office.post("/admin/mappings", {"text": "source: x", "file": sample()}).content.decode()
    assert "请照标出的行改" in page
