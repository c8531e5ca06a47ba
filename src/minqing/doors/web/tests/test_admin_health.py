"""The page of the instance's health: a plain state of each thing, what to do, and trying again."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from minqing.base import moments
from minqing.doors.counter.health import waits
from minqing.doors.web.admin.health_words import JOBS, WORDS
from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.actions import report
from minqing.kernel.matters.concerns import Concern
from minqing.kernel.matters.outbox import MOST
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import parse_code
from minqing.tools.notice.rows import put_messages
from minqing.wiring.jobs import JOBS as TABLE


@pytest.fixture
def shifted() -> Iterator[None]:
    before = moments.shift()
    yield
    moments.shift_by(before)


def line(client: Client, what: str) -> str:
    """A line of the page, without its tags."""
    page = client.get("/admin/health").content.decode()
    (found,) = re.findall(rf'id="{what}">(.*?)</li>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def sql(statement: str, *values: object) -> list[tuple[object, ...]]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def job(name: str, status: str, event: str, ago: int) -> int:
    """A job as procrastinate leaves it behind."""
    ((number,),) = sql(
        "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, lock, status, attempts)"
        " values ('default', %s, %s, %s, %s, 7) returning id",
        name, name, name, status,
    )  # fmt: skip
    sql("delete from procrastinate_events where job_id = %s", number)
    sql(
        "insert into procrastinate_events (job_id, type, at) values (%s, %s, now() - make_interval(mins => %s))",
        number, event, ago,
    )  # fmt: skip
    return int(str(number))


def test_administrators_and_auditors_look_and_nobody_else(pages: Pages, office: Client) -> None:
    auditor = browser_of(one_more(pages, "auditor"))
    assert office.get("/admin/health").status_code == auditor.get("/admin/health").status_code == 200
    assert pages.as_(pages.people[0].unit).get("/admin/health").status_code == 403
    assert pages.as_().get("/admin/health")["Location"].startswith("/sign-in")


def test_every_line_has_its_words_and_every_job_its_title(office: Client) -> None:
    page = office.get("/admin/health").content.decode()
    assert re.findall(r'health-line" id="([a-z]+)"', page) == list(WORDS)
    assert set(JOBS) == {one.name for one in TABLE}


def test_a_background_that_does_not_run_is_said_with_the_command_that_starts_it(office: Client) -> None:
    sql("delete from procrastinate_workers")
    assert "要处理" in (said := line(office, "work")) and "minqing work" in said
    sql("insert into procrastinate_workers default values")
    assert "正常" in (said := line(office, "work")) and "请在服务器上启动" not in said
    sql("update procrastinate_workers set last_heartbeat = now() - interval '5 minutes'")
    assert "要处理" in line(office, "work")


def test_what_waits_in_the_outbox_is_counted_and_what_was_put_aside_is_tried_again(
    pages: Pages, office: Client
) -> None:
    report([Concern(parse_code(pages.grids[0]), "web", text="路灯不亮")], current_method("panan-three-feelings"))
    assert "排队" in line(office, "outbox") and "没有" in line(office, "aside")
    again = [{"id": number, "waiting": ["x"], "pause": 0} for (number,) in sql("select id from matters_outbox")]
    for _ in range(MOST):
        sql("select matters_outbox_again(%s::json)", json.dumps(again))
    assert "已搁置 1 项" in (said := line(office, "aside")) and "全部重试" in said
    for said in ({}, {"job": "x"}, {"job": "1e3", "do": "all"}, {"do": "everything"}):
        answer = office.post("/admin/health", said)
        assert answer.status_code == 422 and "没有说要重试哪一项" in answer.content.decode()
    assert "全部重试" in line(office, "aside"), "nothing was tried again unasked"
    assert office.post("/admin/health", {"do": "all"}).status_code == 302
    assert "全部重试" not in line(office, "aside")


@pytest.mark.parametrize(
    ("number", "minutes", "state"), [(0, 0, "ok"), (9, 1, "ok"), (1, 3, "late"), (1, 31, "failed")]
)
def test_a_queue_is_judged_by_its_oldest(number: int, minutes: int, state: str) -> None:
    assert waits(number, dt.timedelta(minutes=minutes)) == state


def test_a_failed_job_is_named_and_put_back_into_the_queue_once(pages: Pages, office: Client) -> None:
    number = job("end-retention", "failed", "failed", 3)
    page = office.get("/admin/health").content.decode()
    assert "失败的任务" in page and "销毁到期的个人信息" in page and "失败 1 个" in line(office, "jobs")
    auditor = browser_of(one_more(pages, "auditor"))
    assert auditor.post("/admin/health", {"job": str(number)}).status_code == 403
    assert office.post("/admin/health", {"job": str(number)}).status_code == 302
    assert sql("select status from procrastinate_jobs where id = %s", number) == [("todo",)]
    assert office.post("/admin/health", {"job": str(number)}).status_code == 404, "it waits now"
    second = job("end-retention", "failed", "failed", 2)
    answer = office.post("/admin/health", {"job": str(second)})
    assert answer.status_code == 409 and "已在排队" in answer.content.decode()


def test_a_job_whose_hour_passed_without_it_is_late_until_it_went_well(office: Client) -> None:
    def row() -> str:
        page = office.get("/admin/health").content.decode()
        (found,) = re.findall(r'data-label="任务">接手中断的任务(.*?)</tr>', page, re.DOTALL)
        return str(found)

    assert "请留意" in row() and "还没有" in row()
    job("take-up-stalled", "succeeded", "succeeded", 300)
    assert "请留意" in row(), "its hours come every five minutes"
    job("take-up-stalled", "succeeded", "succeeded", 4)
    assert "正常" in row()
    job("hand-over", "succeeded", "succeeded", 60 * 24 * 3)
    page = office.get("/admin/health").content.decode()
    (found,) = re.findall(r'data-label="任务">离任人员手上的事项交回单位(.*?)</tr>', page, re.DOTALL)
    assert "请留意" in found or _just_now()
    job("hand-over", "succeeded", "succeeded", 0)
    page = office.get("/admin/health").content.decode()
    (found,) = re.findall(r'data-label="任务">离任人员手上的事项交回单位(.*?)</tr>', page, re.DOTALL)
    assert "正常" in found


def _just_now() -> bool:
    """Whether it is about five past midnight, when the job may still be on its way."""
    now = moments.now() - moments.shift()
    return now.hour == 0 and 5 <= now.minute <= 20


def test_messages_for_a_way_that_is_not_set_up_are_counted(office: Client) -> None:
    now = moments.now().isoformat()
    row = {"once": "x", "code": "", "kind": "receipt", "unit": 0, "way": "sms", "told": {}, "happened": now,
           "not_before": now, "passes_until": None}  # fmt: skip
    with seen_by(HOUSE):
        put_messages([row])
    sql("update notice_message set state = 'no_way', fault = 'no-gateway' where once = 'x'")
    said = line(office, "ways")
    assert "请留意" in said and "因此没发出：短信 1" in said


def test_a_shifted_clock_is_said(office: Client, shifted: None) -> None:
    assert "没有调过" in line(office, "clock")
    moments.shift_by(dt.timedelta(days=3))
    assert "调快3 天" in (said := line(office, "clock")) and "请留意" in said
