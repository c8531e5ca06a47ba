"""What stands on the page of a unit or the administrator, and who sees it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from minqing.base.errors import NotAllowed
from minqing.kernel.matters.events import Entered, Told
from minqing.kernel.matters.outbox import Happened
from minqing.kernel.matters.testing import VOLUNTEER, worker
from minqing.registers.accounts.rules import NOTHING, Scope, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice.actions import mark_read, put_notices
from minqing.tools.notice.jobs import send_waiting
from minqing.tools.notice.queries import administrator_inbox, count_unread, inbox, messages_of
from minqing.tools.notice.rules import Notice
from minqing.tools.notice.tests.conftest import MORNING, rows, village_slug
from minqing.wiring.notices import Scene, notices_of

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def test_the_clock_reminds_a_unit_at_most_once_a_day(county):
    trial = county.matter()
    for _ in range(10):
        trial.wait(DAY)
        county.react(trial.moment)
    keys = [once.rsplit("|", 1) for (once,) in rows("select once from notice_inbox where kind in ('late', 'reminder')")]
    assert len(keys) == len(set(map(tuple, keys))) and keys
    days = rows(
        "select code, kind, unit, (happened at time zone 'Asia/Shanghai')::date, count(*) from notice_inbox"
        " where kind in ('late', 'reminder', 'raised') group by 1, 2, 3, 4"
    )
    assert {row[-1] for row in days} == {1}


def test_a_unit_sees_its_own_inbox_and_nothing_of_a_matter_hidden_from_it(county):
    trial = county.matter()
    county.react()
    holder, town = trial.matter.holder, county.unit("town")
    scope = Scope(level="unit", key=holder, units=(holder,), barred=(holder, town))
    assert [line.code for line in inbox(Viewer(1, holder, scope=scope))] == [trial.matter.code]
    assert inbox(Viewer(1, town, scope=Scope(level="unit", key=town, units=(town,)))) == ()
    assert inbox(Viewer(1, town, scope=scope)) == ()


def test_what_is_found_to_be_against_a_unit_vanishes_from_its_page(county):
    village = county.unit("village")
    scope = Scope(level="unit", key=village, units=(village,), barred=(village, county.unit("town")))
    open_to, against = county.matter().matter.code, county.matter(against=(village,)).matter.code
    put_notices([Notice(village, "told", code, MORNING, 9) for code in (open_to, against)], MORNING)
    assert [line.code for line in inbox(Viewer(1, village, scope=scope))] == [open_to]
    assert count_unread(Viewer(1, village, scope=scope)) == 1
    (hidden,) = rows("select id from notice_inbox where code = %s and unit = %s", against, village)
    assert mark_read(Viewer(1, village, scope=scope), hidden) == 0


def test_a_volunteer_without_a_unit_has_no_inbox(county):
    county.matter()
    county.react()
    assert inbox(VOLUNTEER) == ()


def test_a_unit_the_matter_is_against_and_those_under_it_are_told_nothing(county, letters):
    slug = village_slug(county)
    county.write(
        f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n"
        f"staff: {{'{slug}': {{email: village@example.cn}}}}\n"
    )
    village, town = county.unit("village"), county.unit("town")
    trial = county.matter(against=(town,))
    county.react()
    hidden = {unit for (unit,) in rows("select unit from notice_inbox")} & {village, town, county.unit("grid")}
    assert hidden == set()
    stored = trial.stored
    scene = Scene(stored.matter, county.method, trial.cast)
    told = Happened(trial.matter.code, 9, Told(("village",), (village, county.unit("county")), urgent=True), MORNING)
    assert [notice.to for notice in notices_of(told, scene)] == [county.unit("county")]
    # told before it was known whom it is against: looked at again when it leaves
    put_notices([Notice(village, "urgent", trial.matter.code, MORNING, 9)], MORNING)
    send_waiting(MORNING)
    assert letters.letters == [] and rows("select state from notice_message where unit = %s", village) == [
        ("overtaken",)
    ]


def test_who_has_it_next_is_told_and_who_took_it_on_themselves_is_not(county):
    village, town = county.unit("village"), county.unit("town")
    trial = county.matter()
    trial.moment += HOUR
    trial.act(worker(village), "refer")
    county.react(trial.moment)
    told = rows("select unit, kind from notice_inbox")
    assert set(told) == {(village, "to-handle"), (town, "to-handle")} and len(told) == 2

    again = county.matter(moment=trial.moment)
    for _ in range(2):
        again.moment += HOUR
        again.act(worker(village), "settle", records=("result",))
        again.moment += HOUR
        events = again.act(worker(town), "call_back", result="unsatisfied")
    assert again.matter.holder == town  # by the town's own call
    county.react(again.moment)
    entered = again.matter.position - len(events) + 1 + [type(event) for event in events].index(Entered)
    assert rows("select 1 from notice_inbox where once = %s", f"{again.matter.code}|to-handle|{town}|{entered}") == []


def test_reading_a_line_is_noted_once_with_who_read_it(county):
    trial = county.matter()
    county.react()
    holder = trial.matter.holder
    viewer = Viewer(7, holder, scope=Scope(level="unit", key=holder, units=(holder,)))
    (line,) = inbox(viewer, unread=True)
    assert count_unread(viewer) == 1
    town = county.unit("town")
    other = Viewer(8, town, scope=Scope(level="unit", key=town, units=(town,)))
    assert mark_read(other, [line.id]) == 0
    assert mark_read(viewer, [line.id], MORNING) == 1 and mark_read(viewer, [line.id]) == 0
    (line,) = inbox(viewer)
    assert (line.read_at, line.read_by, count_unread(viewer)) == (MORNING, 7, 0)
    with pytest.raises(NotAllowed):
        mark_read(VOLUNTEER, [line.id])


def test_the_administrators_page_is_for_the_administrator_and_raw_sql_shows_no_row_without_a_scope(county):
    trial = county.matter()
    county.react()
    send_waiting(MORNING)
    with pytest.raises(NotAllowed):
        administrator_inbox(Viewer(1, trial.matter.holder, role="village"))
    for table in ("notice_message", "notice_inbox"):
        assert rows(f"select count(*) from {table}") != [(0,)]
        with seen_by(NOTHING), connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
    assert messages_of(Viewer(), trial.matter.code) == ()
