"""What a reporter is told of, in which words, and what of nobody: the outbox, the table, real gateways."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.outbox import Happened
from minqing.kernel.matters.testing import worker
from minqing.registers.accounts.rules import REPORTER
from minqing.tools.notice.actions import put_notices
from minqing.tools.notice.jobs import send_waiting
from minqing.tools.notice.rules import Notice
from minqing.tools.notice.tests.conftest import MAIL, MORNING, PHONE, at, rows, states, village_slug
from minqing.wiring.notices import Scene, notices_of

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WORDS = "水管爆了三天没人管，我叫张三住演示路八号"


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


def refused_and_ruled(county, *, by_morning: bool):
    """Not ours, said at ten at night; the ruling comes an hour later."""
    village, town = county.unit("village"), county.unit("town")
    trial = county.matter(moment=at(17))
    trial.moment = at(22)
    trial.act(worker(village), "refuse", body="f" * 64)
    county.react(at(22, 5))
    if by_morning:
        trial.moment = at(23)
        trial.act(worker(town), "rule", result="not_theirs", unit=town, to="town", body="e" * 64)
        county.react(at(23, 5))
    return trial


def test_not_ours_that_was_ruled_on_in_the_night_is_not_told_in_the_morning(county, sms, letters):
    ((slug,),) = rows("select slug from regions_unit where id = %s", county.unit("town"))
    mail = f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n"
    county.gateway(sms, f"{mail}staff: {{'{slug}': {{email: town@example.cn}}}}\n")
    refused_and_ruled(county, by_morning=True)
    send_waiting(at(8, 31, day=2))
    assert {"refused": "overtaken", "ruled": "sent"}.items() <= states().items()
    assert rows("select state from notice_message where kind = 'to-rule'") == [("overtaken",)]
    assert not any("请你单位裁定" in letter.get_content() for letter in letters.letters)


def test_not_ours_names_who_said_so_and_a_ruling_whom_it_named_wherever_it_is_by_then(county, sms):
    county.gateway(sms)
    trial = refused_and_ruled(county, by_morning=False)
    send_waiting(at(8, 1, day=2))
    assert "演示201村提出" in sms.asked[-1].json["content"]
    trial.moment = at(22, day=2)
    town = county.unit("town")
    trial.act(worker(town), "rule", result="not_theirs", unit=town, to="town", body="e" * 64)
    county.react(at(22, 5, day=2))
    trial.moment = at(23, day=2)
    trial.act(worker(town), "refer")
    county.react(at(23, 5, day=2))
    send_waiting(at(8, 1, day=3))
    (ruled,) = [text for asked in sms.asked if "上级已经定了" in (text := asked.json["content"])]
    assert "由演示101镇办理。" in ruled  # and not by when another unit has to


def heard(county, trial, *events: ev.Event) -> list[tuple[int, str]]:
    scene = Scene(trial.matter, county.method, trial.cast)
    told = [Happened(trial.matter.code, 9 + number, event, MORNING) for number, event in enumerate(events)]
    return [(notice.to, notice.kind) for one in told for notice in notices_of(one, scene)]


def test_a_letter_is_announced_to_whom_it_is_addressed_and_to_nobody_else(county):
    trial, town = county.matter(), county.unit("town")
    assert heard(county, trial, ev.LetterSent("supervision", ())) == []
    assert heard(county, trial, ev.LetterSent("supervision", (town,))) == [(town, "letter-in")]
    assert heard(county, trial, ev.LetterSent("guidance", ())) == [(0, "letter")]


def test_whom_somebody_takes_off_the_list_is_told_to_the_reporter_once(county):
    """They may object. Whom they or a clerk put on it, how they rated, and other people's matters are not told."""
    trial = county.matter(against=(county.unit("village"),))
    trial.act(worker(county.unit("county")), "clear", against=(county.unit("village"),), body="c" * 64)
    county.react()
    assert sorted(kind for (kind,) in rows("select kind from notice_message")) == ["cleared", "receipt"]
    village, acted = county.unit("village"), ev.Acted("correct", by=7, unit=county.unit("town"))
    assert heard(county, trial, acted, ev.AgainstSet((village,))) == []
    assert heard(county, trial, ev.Rated(1), ev.Unlinked("AAAA-1111", "takes_in")) == []


def test_who_is_asked_on_their_own_is_not_told_that_somebody_goes_on_with_it(county):
    trial = county.matter()
    assert heard(county, trial, ev.Revived("lead solved")) == []
    assert heard(county, trial, ev.Revived("lead ended")) == [(0, "revived")]


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


def test_what_happened_long_ago_is_told_to_nobody(county):
    trial = county.matter()
    old = Notice(0, "receipt", trial.matter.code, MORNING, 1)
    assert put_notices([old], MORNING + 8 * DAY) == 0
    assert put_notices([old], MORNING + 6 * DAY) == 1
    assert put_notices([old], MORNING + 6 * DAY) == 0
