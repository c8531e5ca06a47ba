"""The county's own days on the administrator's page."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from minqing.base import moments
from minqing.kernel.matters.trial_county import COUNTY
from minqing.registers.regions.codes import parse_code
from minqing.registers.regions.queries import calendar_days


def a_weekday() -> dt.date:
    return next(day for day in (moments.today() + dt.timedelta(n) for n in range(3, 9)) if day.weekday() < 5)


def test_a_day_is_changed_only_after_its_effect_was_shown(office: Client) -> None:
    day = a_weekday()
    sent = {"day": str(day), "becomes": "off", "reason": "演示通知"}
    page = office.post("/admin/calendar", sent).content.decode()
    assert "改了会怎样" in page and "现在什么都还没有改" in page
    assert calendar_days(parse_code(COUNTY)) == (frozenset(), frozenset())
    assert office.post("/admin/calendar", sent | {"do": "apply"}).status_code == 302
    assert calendar_days(parse_code(COUNTY)) == (frozenset({day}), frozenset())
    assert str(day) in office.get("/admin/calendar", {"year": day.year}).content.decode()
    office.post("/admin/calendar", {"day": str(day), "becomes": "plain", "do": "apply"})
    assert calendar_days(parse_code(COUNTY)) == (frozenset(), frozenset())


def test_festivals_are_called_in_the_tongue_of_the_page_and_days_made_up_are_told_apart(office: Client) -> None:
    page = office.get("/admin/calendar", {"year": 2026}).content.decode()
    assert "国庆节</span></td>" in page and "国庆节调休" in page
    page = office.get("/admin/calendar", {"year": 2026}, headers={"accept-language": "en"}).content.decode()
    assert "National Day" in page and "made up for" in page and "国庆节" not in page


def test_a_change_without_a_ground_is_not_taken_and_nothing_typed_is_lost(office: Client) -> None:
    answer = office.post("/admin/calendar", {"day": str(a_weekday()), "becomes": "off", "do": "apply"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "请写明依据" in page and f'value="{a_weekday()}"' in page
    assert calendar_days(parse_code(COUNTY)) == (frozenset(), frozenset())
