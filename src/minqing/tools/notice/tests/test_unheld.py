"""A matter that nobody of the county may hold: the administrator hears of it at once and each day it waits."""

from __future__ import annotations

import datetime as dt

from minqing.kernel.matters.testing import worker
from minqing.kernel.matters.unheld import unheld
from minqing.registers.accounts.rules import Viewer
from minqing.tools.notice.queries import administrator_inbox
from minqing.tools.notice.tests.conftest import MORNING, rows
from minqing.wiring.jobs import JOBS
from minqing.wiring.notices import remind_of_unheld

DAY = dt.timedelta(days=1)
ADMINISTRATOR = Viewer(9, role="administrator")


def everybody(county) -> tuple[int, ...]:
    return tuple({unit for (unit,) in rows("select id from regions_unit")})


def test_where_everyone_is_complained_of_a_line_stands_there_at_once_and_each_day(county):
    trial = county.matter(against=everybody(county))
    assert trial.matter.holder == 0 and trial.matter.is_open
    county.react()
    (line,) = administrator_inbox(ADMINISTRATOR)
    assert line.code == trial.matter.code and line.urgent
    assert (
        line.text == f"{trial.matter.code} 自6月1日10点起，本县没有可以承办的单位（都须回避）：请书面报送上级机关办理"
    )
    assert remind_of_unheld(MORNING + dt.timedelta(hours=1)) == 0  # one a day
    for day in (1, 2):
        assert remind_of_unheld(MORNING + day * DAY) == 1
    lines = administrator_inbox(ADMINISTRATOR)
    assert len(lines) == 3 and {one.text for one in lines} == {line.text}
    assert rows("select count(*) from notice_message where kind = 'unheld'") == [(0,)]


def test_what_somebody_holds_and_what_has_ended_is_not_on_the_list(county):
    held = county.matter()
    ended = county.matter(against=everybody(county))
    assert [one.code for one in unheld()] == [ended.matter.code]
    ended.act(worker(0, 1, "reporter"), "withdraw", body="w" * 64)
    assert held.matter.holder and unheld() == ()
    county.react()
    assert remind_of_unheld(MORNING + DAY) == 0 and administrator_inbox(ADMINISTRATOR) == ()


def test_the_reminder_is_a_job_of_each_morning():
    assert [job.cron for job in JOBS if job.name == "remind-unheld"] == ["0 1 * * *"]
