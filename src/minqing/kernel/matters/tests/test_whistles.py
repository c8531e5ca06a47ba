"""Whistling: who calls whom, what the called and the lead owe, who arrives, who answers, who stays silent."""

from __future__ import annotations

import datetime as dt

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.testing import (
    COUNTY,
    GRID,
    POLICE,
    TOWN,
    VILLAGE,
    WATER,
    Trial,
    worker,
)
from minqing.kernel.matters.tests.open_duties import owed
from minqing.kernel.methods.model import Method

DAY = dt.timedelta(days=1)


def test_only_a_holder_whom_the_file_lets_whistle_whistles(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "whistle", to="department") == "not-yours"
    trial.act(worker(GRID), "refer")
    assert trial.refused(worker(VILLAGE), "whistle", to="department") == "not-yours"
    trial.act(worker(VILLAGE), "refer")
    assert trial.refused(worker(COUNTY), "whistle", to="department") == "not-yours"
    trial.act(worker(TOWN), "whistle", to="department")
    assert owed(trial, "report-in") == owed(trial, "answer") == [POLICE]


def test_the_department_that_answers_for_the_category_is_called(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="utilities/water")
    trial.act(worker(GRID), "refer")
    trial.act(worker(VILLAGE), "refer")
    trial.act(worker(TOWN), "whistle")
    assert owed(trial, "report-in") == [WATER]


def test_a_whistle_calls_nobody_the_file_does_not_name(at_town: Trial) -> None:
    assert at_town.refused(worker(TOWN), "whistle", to="village") == "whom"
    assert at_town.refused(worker(TOWN), "whistle", to="department", unit=VILLAGE) == "whom"
    assert at_town.refused(worker(TOWN), "whistle", to="department", unit=99) == "whom"


def test_nobody_whistles_to_oneself(at_town: Trial) -> None:
    assert at_town.refused(worker(TOWN), "whistle", to="town") == "nobody"


def test_a_unit_already_called_is_not_called_twice(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    at_town.act(worker(TOWN), "whistle", to="department")
    assert owed(at_town, "report-in") == [POLICE]


def test_with_dual_attendance_the_lead_owes_its_own(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department", unit=POLICE)
    at_town.act(worker(TOWN), "whistle", to="department", unit=WATER)
    assert owed(at_town, "attend") == [TOWN]
    assert owed(at_town, "report-in") == [POLICE, WATER]


def test_with_single_attendance_the_lead_owes_none(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(category="labour/wages")
    trial.act(worker(TOWN), "whistle", to="department")
    assert owed(trial, "attend") == []


def test_attendance_is_noted_on_both_sides(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    at_town.act(worker(POLICE), "arrive")
    assert (owed(at_town, "report-in"), owed(at_town, "attend")) == ([], [TOWN])
    at_town.act(worker(TOWN), "arrive")
    assert owed(at_town, "attend") == []
    assert at_town.refused(worker(TOWN), "arrive") == "not-yours"


def test_where_both_attend_nobody_answers_from_afar(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    assert at_town.refused(worker(POLICE), "answer") == "attend"
    at_town.act(worker(POLICE), "arrive")
    at_town.act(worker(POLICE), "answer")
    assert owed(at_town, "answer") == []


def test_where_one_attends_an_answer_is_a_report_in_too(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(category="labour/wages")
    trial.act(worker(TOWN), "whistle", to="department")
    trial.act(worker(POLICE), "answer")
    assert owed(trial, "report-in") == owed(trial, "answer") == []


def test_who_was_not_called_neither_arrives_nor_answers(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    for verb in ("arrive", "answer"):
        assert at_town.refused(worker(WATER), verb) == "not-yours"


def test_a_silent_helper_is_told_on_and_gets_a_letter_that_wants_a_reply(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    before = len(at_town.history)
    at_town.wait(DAY)
    since = at_town.history[before:]
    assert [(event.letter, event.units) for event in since if isinstance(event, ev.LetterSent)][:1] == [
        ("supervision", (POLICE,))
    ]
    assert any(set(event.units) == {POLICE, COUNTY} for event in since if isinstance(event, ev.Told))
    assert POLICE in owed(at_town, "reply:supervision")
    at_town.act(worker(POLICE), "arrive")
    at_town.act(worker(POLICE), "answer")
    assert POLICE not in owed(at_town, "reply:supervision")
