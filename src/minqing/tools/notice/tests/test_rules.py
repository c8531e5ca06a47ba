from __future__ import annotations

import datetime as dt

import pytest

from minqing.base.moments import CHINA
from minqing.tools.notice.rules import (
    AGAIN,
    EVER,
    KINDS,
    REPORTER,
    TRIES,
    Notice,
    Quiet,
    Reach,
    choose_way,
    in_hours,
    next_try,
    not_before,
    passes_until,
    still_true,
    way_to_unit,
)
from minqing.tools.notice.wording import ADMINISTRATOR, CLOSED, RESIDENT, STAFF


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 6, day, hour, minute, tzinfo=CHINA)


def notice(kind: str = "settled", moment: dt.datetime | None = None, **told: object) -> Notice:
    return Notice(REPORTER, kind, "K7M2-9QX7", moment or at(1, 22), 5, **told)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (at(1, 20, 59), at(1, 20, 59)),
        (at(1, 21), at(2, 8)),
        (at(1, 23, 30), at(2, 8)),
        (at(2, 0), at(2, 8)),
        (at(2, 7, 59), at(2, 8)),
        (at(2, 8), at(2, 8)),
    ],
)
def test_a_resident_is_left_in_peace_from_nine_to_eight(now, leaves):
    assert Quiet().after(now) == leaves
    assert not_before(notice(), now, Quiet()) == leaves


def test_a_county_may_set_other_quiet_hours_or_none():
    noon = Quiet(12 * 60, 14 * 60)
    assert noon.after(at(1, 13)) == at(1, 14) and not noon.holds(at(1, 23))
    assert not Quiet(0, 0).holds(at(1, 3))


def test_an_emergency_passes_quiet_hours_and_an_ordinary_word_does_not():
    assert not_before(notice(urgent=True), at(2, 3), Quiet()) == at(2, 3)
    assert passes_until(notice(urgent=True)) == EVER
    assert not_before(notice(), at(2, 3), Quiet()) == at(2, 8)
    assert passes_until(Notice(3, "urgent", "K7M2-9QX7", at(2, 3), 5)) == EVER


def test_who_has_just_reported_gets_the_receipt_at_once_also_at_night_but_not_an_hour_later():
    receipt = notice("receipt", at(1, 22))
    assert not_before(receipt, at(1, 22, 5), Quiet()) == at(1, 22, 5)
    assert not_before(receipt, at(1, 22, 11), Quiet()) == at(2, 8)


def test_an_event_is_told_once_and_a_reminder_once_a_day():
    assert notice("closed", at(1, 9)).once == notice("closed", at(1, 17)).once
    late = [Notice(3, "late", "K7M2-9QX7", moment, position) for moment, position in ((at(1, 9), 5), (at(1, 17), 6))]
    assert late[0].once == late[1].once
    assert late[0].once != Notice(3, "late", "K7M2-9QX7", at(2, 9), 7).once
    assert late[0].once != Notice(4, "late", "K7M2-9QX7", at(1, 9), 5).once


@pytest.mark.parametrize(
    ("chosen", "known", "served", "way"),
    [
        ("", {"sms", "email"}, {"sms", "email"}, "sms"),
        ("", {"email"}, {"sms", "email"}, "email"),
        ("", {"sms", "email"}, {"email"}, "email"),
        ("", {"sms"}, set(), "sms"),
        ("", set(), {"sms"}, ""),
        ("email", {"sms", "email"}, {"sms", "email"}, "email"),
        ("email", {"sms", "email"}, {"sms"}, "email"),
        ("email", {"sms"}, {"sms"}, ""),
        ("phone", {"sms", "email"}, {"sms", "email"}, "sms"),
        ("letter", {"sms"}, {"sms"}, ""),
        ("none", {"sms"}, {"sms"}, None),
    ],
)
def test_the_way_chosen_is_the_only_one_else_phone_then_mail(chosen, known, served, way):
    assert choose_way(Reach(chosen, frozenset(known)), served) == way


def test_what_is_urgent_for_a_unit_goes_where_it_rings():
    assert way_to_unit({"email": "a", "sms": "b"}, urgent=True) == "sms"
    assert way_to_unit({"email": "a", "sms": "b"}, urgent=False) == "email"
    assert way_to_unit({}, urgent=True) == ""


def test_a_failed_message_is_tried_again_at_growing_distances_and_then_given_up():
    waits = [next_try(tries, at(1, 9)) - at(1, 9) for tries in range(1, TRIES)]
    assert tuple(waits) == AGAIN and list(waits) == sorted(waits)
    assert next_try(TRIES, at(1, 9)) is None


def test_a_unit_is_told_in_its_hours_on_working_days():
    spans = ((510, 720), (840, 1050))
    works = lambda day: day.weekday() < 5  # noqa: E731
    assert in_hours(at(1, 10), spans, works) == at(1, 10)
    assert in_hours(at(1, 7), spans, works) == at(1, 8, 30)
    assert in_hours(at(1, 12), spans, works) == at(1, 14)
    assert in_hours(at(5, 17, 30), spans, works) == at(8, 8, 30)  # Friday evening -> Monday


@pytest.mark.parametrize(
    ("kind", "ended", "asked", "true"),
    [
        ("settled", False, True, True),
        ("settled", True, False, False),
        ("settled", False, False, False),
        ("not-reached", True, False, False),
        ("closed", True, False, True),
        ("closed", False, False, False),
        ("reopened", True, False, False),
        ("receipt", True, False, True),
        ("late", True, False, False),
        ("urgent", True, False, False),
        ("urgent", False, False, True),
        ("letter", True, False, True),
    ],
)
def test_what_is_no_longer_so_when_its_hour_comes_is_not_sent(kind, ended, asked, true):
    assert still_true(kind, ended, asked) is true


def test_a_pause_is_told_only_while_it_holds():
    assert still_true("suspended", ended=False, asked=False, paused=True)
    assert not still_true("suspended", ended=False, asked=False, paused=False)


@pytest.mark.parametrize("kind", ["refused", "to-rule"])
def test_not_ours_is_told_only_while_a_ruling_is_awaited(kind):
    assert still_true(kind, ended=False, asked=False, ruling=True)
    assert not still_true(kind, ended=False, asked=False, ruling=False)


def test_an_urgent_alarm_is_told_each_time_and_not_once_a_day():
    one, two = (Notice(3, "late", "K7M2-9QX7", at(1, 9), position, urgent=True) for position in (5, 6))
    assert one.once != two.once


def test_every_kind_has_its_sentence_and_every_sentence_its_kind():
    assert set(KINDS) == {*RESIDENT, "closed", *STAFF, "unheld"}
    assert {"given-up", "no-way", "silent", "unheld"} == set(ADMINISTRATOR)
    assert set(CLOSED) == {
        "satisfied", "answered", "not_reached", "not_called", "verified", "guided", "withdrawn", "merged",
    }  # fmt: skip
