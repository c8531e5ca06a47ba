"""From an event to a message that arrives: the outbox, the table, real gateways on loopback."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection

from minqing.base.errors import NotAllowed
from minqing.base.ledger.streams import ACCESS
from minqing.base.ledger.verify import verify
from minqing.kernel.matters.events import Entered, Told
from minqing.kernel.matters.outbox import Happened
from minqing.kernel.matters.testing import VOLUNTEER, worker
from minqing.registers.accounts.rules import HOUSE, NOTHING, REPORTER, Scope, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice.actions import mark_read, put_notices
from minqing.tools.notice.jobs import next_sending, send_waiting
from minqing.tools.notice.queries import administrator_inbox, count_unread, inbox, messages_of
from minqing.tools.notice.rules import TRIES, Notice
from minqing.tools.notice.tests.conftest import MAIL, MORNING, PHONE, rows, states
from minqing.wiring.notices import Scene, notices_of

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
WORDS = "水管爆了三天没人管，我叫张三住演示路八号"


def at(hour: int, minute: int = 0, day: int = 1) -> dt.datetime:
    return MORNING.replace(day=day, hour=hour, minute=minute)


def test_a_receipt_tells_code_secret_who_has_it_and_by_when(county, sms):
    county.gateway(sms)
    trial = county.matter(text=WORDS)
    county.react()
    assert send_waiting(MORNING) == 1
    (asked,) = sms.asked
    said = asked.json
    assert said["phone"] == PHONE
    assert trial.matter.code in said["content"] and "SECRET4567" in said["content"]
    assert "演示201村" in said["content"] and "最迟6月2日" in said["content"] and "12345" in said["content"]
    assert states() == {"receipt": "sent"}


def test_the_same_event_heard_again_tells_nobody_twice(county, sms):
    county.gateway(sms)
    county.matter()
    county.react()
    (line,) = rows("select count(*) from notice_message")
    rows("insert into notice_message (once, code, kind, unit, way, told, happened, not_before, state)"
         " select once, code, kind, unit, way, told, happened, not_before, 'waiting' from notice_message"
         " on conflict do nothing returning id")  # fmt: skip
    assert rows("select count(*) from notice_message") == [line]
    send_waiting(MORNING)
    send_waiting(MORNING + HOUR)
    assert len(sms.asked) == 1


def test_a_receipt_at_night_for_what_was_said_by_day_waits_for_the_morning(county, sms):
    county.gateway(sms)
    county.matter(moment=at(20))
    county.react(at(21, 15))
    assert send_waiting(at(21, 30)) == 0 and sms.asked == []
    assert send_waiting(at(7, 59, day=2)) == 0
    assert send_waiting(at(8, 0, day=2)) == 1


def test_who_reports_at_night_hears_at_once_that_it_arrived(county, sms):
    county.gateway(sms)
    county.matter(moment=at(23))
    county.react(at(23, 1))
    assert send_waiting(at(23, 2)) == 1


def test_an_emergency_passes_the_night(county, sms):
    county.gateway(sms, f"staff: {{'{village_slug(county)}': {{sms: '13800000000'}}}}\n")
    county.matter(moment=at(2), text="有人要跳楼", emergency="life", kind="")
    county.react(at(2))
    send_waiting(at(2, 30))
    told = {asked.json["phone"]: asked.json["content"] for asked in sms.asked}
    assert PHONE in told and "紧急" in told["13800000000"]


def village_slug(county) -> str:
    return rows("select slug from regions_unit where id = %s", county.unit("village"))[0][0]


def settle(trial, county) -> None:
    holder = trial.matter.holder
    trial.act(worker(holder), "settle", records=("result",))


def test_the_way_of_a_matter_is_told_step_by_step(county, sms):
    county.gateway(sms)
    trial = county.matter()
    trial.moment += HOUR
    settle(trial, county)
    county.react(trial.moment)
    send_waiting(trial.moment)
    trial.moment += HOUR
    trial.act(worker(county.unit("town")), "call_back", result="not_reached")
    county.react(trial.moment)
    send_waiting(trial.moment)
    trial.moment += DAY
    trial.act(worker(county.unit("town")), "call_back", result="satisfied")
    county.react(trial.moment)
    send_waiting(trial.moment)
    trial.moment += DAY
    trial.act(REPORTER, "reopen")
    county.react(trial.moment)
    send_waiting(trial.moment)
    said = [asked.json["content"] for asked in sms.asked]
    assert "已经办过了" in said[1] and "没有联系上" in said[2] and "已经重新办理" in said[4]
    assert "已经办结" in said[3] and "说一声就重新办" in said[3]
    assert all("SECRET4567" not in one for one in said[1:])


def test_the_resident_hears_when_a_unit_says_not_ours_who_has_it_then_and_of_more_time_once_each(county, sms):
    county.gateway(sms)
    village, town, centre = county.unit("village"), county.unit("town"), county.unit("county")
    trial = county.matter()
    trial.moment += HOUR
    trial.act(worker(village), "refuse", body="f" * 64)
    county.react(trial.moment)
    send_waiting(trial.moment)
    assert rows("select unit, kind from notice_inbox where kind <> 'to-handle'") == [(town, "to-rule")]
    trial.moment += HOUR
    trial.act(worker(town), "rule", result="not_theirs", unit=town, to="town", body="e" * 64)
    county.react(trial.moment)
    send_waiting(trial.moment)
    trial.moment += HOUR
    trial.act(worker(centre), "extend", to="3d", body="d" * 64)
    county.react(trial.moment)
    send_waiting(trial.moment)
    assert list(states()) == ["receipt", "refused", "ruled", "extended"] and len(sms.asked) == 4
    said = [asked.json["content"] for asked in sms.asked]
    assert "不归它办" in said[1] and "演示101镇" in said[2] and "延长了办理时限" in said[3]


def test_what_was_overtaken_in_the_night_is_not_told_in_the_morning(county, sms):
    county.gateway(sms)
    trial = county.matter(moment=at(20, 30))
    settle(trial, county)
    trial.moment = at(22)
    trial.act(worker(county.unit("town")), "call_back", result="satisfied")
    county.react(at(22))
    send_waiting(at(8, 1, day=2))
    assert states() == {"receipt": "sent", "settled": "overtaken", "closed": "sent"}


@pytest.mark.parametrize(("reporter", "told"), [("named", 1), ("unnamed", 1), ("nobody", 0)])
def test_unnamed_reporters_are_told_too_and_where_there_is_nobody_nobody_is(county, sms, reporter, told):
    county.gateway(sms)
    county.matter(reporter=reporter)
    county.react()
    send_waiting(MORNING)
    assert len(sms.asked) == told


def test_the_way_chosen_is_taken_and_a_wish_for_none_kept(county, sms, letters, book):
    county.gateway(sms, f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n")
    book.everybody, book.chosen = {"sms": PHONE, "email": MAIL}, "email"
    county.matter()
    county.react()
    send_waiting(MORNING)
    (letter,) = letters.letters
    assert letter["To"] == MAIL and letter["Subject"] == "演示县民情中心通知" and sms.asked == []
    book.chosen = "none"
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert len(letters.letters) == 1 and sms.asked == []


def test_wechat_goes_by_its_own_gateway(county, sms, book):
    county.write(
        f"wechat:\n  url: {sms.url}\n  fields: {{touser: '{{to}}', 'text.content': '{{text}}', 'text.id': '{{id}}'}}\n"
    )
    book.everybody, book.chosen = {"wechat": "oMadeUp_123"}, "wechat"
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert sms.asked[0].json["touser"] == "oMadeUp_123" and states() == {"receipt": "sent"}


@pytest.mark.parametrize("sensitivity", [1, 2])
def test_of_a_sensitive_matter_a_phone_shows_neither_office_nor_stage_nor_secret(county, sms, sensitivity):
    county.gateway(sms)
    trial = county.matter(text=WORDS, sensitivity=sensitivity)
    settle(trial, county)
    county.react()
    send_waiting(MORNING)
    said = [asked.json["content"] for asked in sms.asked]
    assert len(said) == 2 and len(set(said)) == 1
    for hidden in ("反映", "办理", "办结", "村", "镇", "SECRET", "民情", "公安", "回访"):
        assert hidden not in said[0]
    assert trial.matter.code in said[0]


def test_a_letter_about_a_sensitive_matter_has_a_neutral_subject_too(county, letters, book):
    county.write(f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n")
    book.everybody = {"email": MAIL}
    county.matter(sensitivity=1)
    county.react()
    send_waiting(MORNING)
    assert letters.letters[0]["Subject"] == "服务通知" and "民情" not in letters.letters[0].get_content()


def test_nothing_of_the_concern_stands_in_any_message(county, sms, letters):
    slug = village_slug(county)
    county.gateway(
        sms,
        f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n"
        f"staff: {{'{slug}': {{email: village@example.cn}}}}\n",
    )
    trial = county.matter(text=WORDS, filled=("cause",))
    settle(trial, county)
    county.react()
    send_waiting(MORNING)
    send_waiting(MORNING + HOUR)
    said = " ".join(asked.json["content"] for asked in sms.asked)
    said += " ".join(f"{letter['Subject']} {letter.get_content()}" for letter in letters.letters)
    assert letters.letters
    said += json.dumps(rows("select kind, told, once, fault from notice_message"), default=str, ensure_ascii=False)
    said += json.dumps(rows("select kind, told, once from notice_inbox"), default=str, ensure_ascii=False)
    for word in ("水管", "张三", "演示路", "爆", PHONE):
        assert word not in said


def test_a_gateway_that_fails_once_gets_the_same_message_again_under_the_same_id(county, sms):
    sms.answers = [(500, {}, b""), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert states() == {"receipt": "failed"} and next_sending(MORNING) == MORNING + MINUTE
    assert send_waiting(MORNING + 30 * dt.timedelta(seconds=1)) == 0
    send_waiting(MORNING + MINUTE)
    assert states() == {"receipt": "sent"}
    first, second = sms.asked
    assert first.json == second.json and len(first.json["id"]) == 32


def test_what_times_out_is_tried_again(county, sms):
    sms.answers = [lambda: (200, {}, str(sms.release.wait(30)).encode()), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert rows("select state, fault from notice_message") == [("failed", "timeout")]
    send_waiting(MORNING + MINUTE)
    assert states() == {"receipt": "sent"}


def test_a_dead_gateway_is_left_alone_after_three_failures_and_nobody_is_lost(county, sms, book):
    sms.answers = [(500, {}, b"")] * 3 + [(200, {}, b'{"code": 0}')]
    county.gateway(sms)
    for _ in range(5):
        county.matter()
    county.react()
    send_waiting(MORNING)
    assert len(sms.asked) == 3 == len(book.opened)
    counted = rows("select state, tries, count(*) from notice_message group by 1, 2 order by 1")
    assert counted == [("failed", 1, 3), ("waiting", 0, 2)]
    assert "没有应答" in administrator_inbox(Viewer(9, role="administrator"))[0].text
    send_waiting(MORNING + MINUTE)
    assert rows("select state, count(*) from notice_message group by 1") == [("sent", 5)]


def test_after_its_last_try_a_message_is_given_up_and_a_person_is_asked_to_call(county, sms):
    sms.answers = [(500, {}, b"")]
    county.gateway(sms)
    trial = county.matter()
    county.react()
    moment = MORNING
    for _ in range(TRIES):
        send_waiting(moment)
        moment = next_sending(moment) or moment
    assert rows("select state, tries from notice_message") == [("given_up", TRIES)]
    assert send_waiting(moment + 7 * DAY) == 0 and len(sms.asked) == TRIES
    mine = inbox(Viewer(1, trial.matter.holder, scope=HOUSE))
    assert [line.kind for line in mine] == ["not-told", "to-handle"] and "请打电话或书面告知" in mine[0].text
    (line,) = administrator_inbox(Viewer(9, role="administrator"))
    assert "短信" in line.text and line.code == ""


def test_what_a_gateway_refuses_for_good_is_not_tried_again(county, sms):
    sms.answers = [(200, {}, b'{"code": 9}')]
    county.gateway(sms)
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert states() == {"receipt": "given_up"} and len(sms.asked) == 1


def test_without_a_gateway_a_message_is_shown_as_without_way_and_goes_when_there_is_one(county, sms):
    trial = county.matter()
    county.react()
    send_waiting(MORNING)
    (told,) = [one for one in messages_of(Viewer(scope=HOUSE), trial.matter.code) if one.unit == 0]
    assert (told.state, told.way, told.fault) == ("no_way", "sms", "no-gateway")
    assert "没有配置" in administrator_inbox(Viewer(9, role="administrator"))[0].text
    county.gateway(sms)
    send_waiting(MORNING + DAY)
    assert states() == {"receipt": "sent"}


def test_who_left_no_address_is_shown_so(county, sms, book):
    county.gateway(sms)
    book.everybody = {}
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert rows("select state, fault from notice_message") == [("no_way", "no-address")]


def test_who_asked_for_letters_on_paper_is_told_by_the_holder(county, sms, book):
    county.gateway(sms)
    book.chosen = "letter"
    trial = county.matter()
    county.react()
    send_waiting(MORNING)
    assert rows("select state, fault from notice_message") == [("no_way", "no-address")] and sms.asked == []
    assert inbox(Viewer(1, trial.matter.holder, scope=HOUSE))[0].kind == "not-told"


def test_each_sending_is_a_line_of_the_access_stream_without_a_plain_address(county, sms):
    county.gateway(sms)
    codes = [county.matter().matter.code for _ in range(2)]
    county.react()
    send_waiting(MORNING)
    lines = rows(
        "select s.code, l.data::text from ledger_line l join ledger_subject s using (stream, subject)"
        " where l.stream = 2 and l.kind = 'NoticeSent' order by 1"
    )
    assert [code for code, _ in lines] == sorted(codes)
    told = [json.loads(data) for _, data in lines]
    assert {(one["way"], one["kind"], one["outcome"]) for one in told} == {("sms", "receipt", "sent")}
    assert PHONE not in str(lines) and told[0]["address"] != told[1]["address"]  # one phone, two matters: not joined
    with seen_by(HOUSE):
        assert verify((ACCESS,), county.home).faults == []


def test_several_notices_to_a_unit_within_minutes_are_one_letter_in_its_hours(county, letters):
    slug = village_slug(county)
    county.write(
        f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n"
        f"staff: {{'{slug}': {{email: village@example.cn}}}}\n"
    )
    codes = [county.matter(moment=at(17, 20 + number)).matter.code for number in range(3)]
    county.react(at(17, 30))
    send_waiting(at(17, 40))
    send_waiting(at(22))
    assert letters.letters == []
    send_waiting(at(8, 29, day=2))
    assert letters.letters == []
    send_waiting(at(8, 31, day=2))
    (letter,) = letters.letters
    assert all(code in letter.get_content() for code in codes) and "3 条" in letter.get_content()


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


def test_what_happened_long_ago_is_told_to_nobody(county):
    trial = county.matter()
    old = Notice(0, "receipt", trial.matter.code, MORNING, 1)
    assert put_notices([old], MORNING + 8 * DAY) == 0
    assert put_notices([old], MORNING + 6 * DAY) == 1
    assert put_notices([old], MORNING + 6 * DAY) == 0


def test_what_failed_in_the_evening_is_tried_again_in_the_morning(county, sms):
    sms.answers = [(500, {}, b""), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter(moment=at(20))
    county.react(at(20, 30))
    send_waiting(at(20, 59))
    assert send_waiting(at(23)) == 0 and states() == {"receipt": "failed"}
    send_waiting(at(8, 0, day=2))
    assert states() == {"receipt": "sent"}


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
