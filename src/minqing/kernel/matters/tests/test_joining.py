"""Two matters: each side is decided by itself, everybody keeps a code that lives and an answer of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Command, Decision
from minqing.kernel.matters.joining import child_of, lead_of, next_on
from minqing.kernel.matters.testing import (
    COUNTY,
    GRID,
    PLACE,
    POLICE,
    REPORTER,
    TOWN,
    VILLAGE,
    VOLUNTEER,
    Trial,
    worker,
)
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import MACHINE

WHY = {"body": "m" * 64}
DAY = dt.timedelta(days=1)


def two(method: Method, **told: object) -> tuple[Trial, Trial]:
    """One that goes in and its lead; each sees the other."""
    one, lead = Trial(method), Trial(method)
    one.report(category="order/neighbours", people=3, **told)
    lead.report(code="QQQQ2222", category="order/neighbours", people=2)
    one.other, lead.other = lead.matter, one.matter
    return one, lead


def merged(method: Method) -> tuple[Trial, Trial]:
    one, lead = two(method)
    command = Command("merge", code="QQQQ2222", **WHY)
    one.take(worker(VILLAGE), command)
    lead.other = one.matter
    lead.take(worker(VILLAGE), next_on(command, one.matter))
    return one, lead


def test_a_merged_matter_ends_as_merged_and_keeps_its_code(wushan: Method) -> None:
    one, lead = merged(wushan)
    assert (one.matter.end, lead_of(one.matter)) == ("merged", "QQQQ2222")
    assert one.matter.reopen_until is None and not one.matter.open_duties()
    assert any(isinstance(event, ev.Told) and "单独回访" in event.because for event in one.history)
    assert lead.matter.links == (("K7M29QXF", "takes_in"),)
    assert lead.matter.people == 5  # the level sees how many are concerned
    assert lead.matter.level == "yellow"


def test_merging_needs_a_person_of_the_holder_or_above_and_a_reason(wushan: Method) -> None:
    one, _ = two(wushan)
    assert one.refused(worker(POLICE), "merge", code="QQQQ2222", **WHY) == "not-yours"
    assert one.refused(MACHINE, "merge", code="QQQQ2222", **WHY) == "not-yours"
    assert one.refused(REPORTER, "merge", code="QQQQ2222", **WHY) == "not-yours"
    nobody = replace(worker(GRID), person=0)
    assert one.refused(nobody, "merge", code="QQQQ2222", **WHY) == "person"
    assert one.refused(worker(GRID), "merge", code="QQQQ2222") == "reason"
    assert one.refused(worker(GRID), "merge", code="XXXX9999", **WHY) == "other"
    assert one.refused(worker(GRID), "merge", **WHY) == "other"


def test_no_emergency_and_nothing_that_is_being_asked_about_is_merged(wushan: Method) -> None:
    urgent, _ = two(wushan, emergency="life")
    assert urgent.refused(worker(TOWN), "merge", code="QQQQ2222", **WHY) == "emergency"
    one, _ = two(wushan)
    one.act(worker(GRID), "settle", records=("result",))
    assert one.refused(worker(COUNTY), "merge", code="QQQQ2222", **WHY) == "asking"


def test_what_is_against_somebody_goes_into_nothing_that_is_not(wushan: Method) -> None:
    one, lead = two(wushan, against=(GRID,))
    assert one.refused(worker(VILLAGE), "merge", code="QQQQ2222", **WHY) == "against"
    one.other = replace(lead.matter, against=(GRID, POLICE))
    one.act(worker(VILLAGE), "merge", code="QQQQ2222", **WHY)
    person, other = two(wushan, against_people=(999,))
    assert person.refused(worker(VILLAGE), "merge", code="QQQQ2222", **WHY) == "against"
    assert other.matter.is_open


def test_nobody_merges_into_what_is_against_them(wushan: Method) -> None:
    one, lead = two(wushan)
    one.other = replace(lead.matter, against=(VILLAGE,))
    assert one.refused(worker(VILLAGE), "merge", code="QQQQ2222", **WHY) == "not-yours"
    assert one.refused(worker(GRID), "merge", code="QQQQ2222", **WHY) == "not-yours"


def test_two_of_one_town_are_merged_and_of_two_towns_are_not(wushan: Method) -> None:
    one, lead = two(wushan)
    one.other = replace(lead.matter, place=PLACE + 1_000_000_000)
    assert one.refused(worker(VILLAGE), "merge", code="QQQQ2222", **WHY) == "place"
    one.other = replace(lead.matter, place=PLACE + 1)
    one.act(worker(VILLAGE), "merge", code="QQQQ2222", **WHY)


def test_an_ended_lead_takes_in_nothing(wushan: Method) -> None:
    one, lead = two(wushan)
    one.other = replace(lead.matter, end="satisfied")
    assert one.refused(worker(VILLAGE), "merge", code="QQQQ2222", **WHY) == "other-ended"


def test_taken_out_again_it_owes_what_it_owed_by_when_it_owed_it(wushan: Method) -> None:
    one, lead = two(wushan)
    one.wait(2.5 * DAY)  # half of the grid's time is used: that rung has fired
    before = one.matter.stage_duty()
    assert before.next_rung == 1
    command = Command("merge", code="QQQQ2222", **WHY)
    one.take(worker(VILLAGE), command)
    lead.other = one.matter
    lead.take(worker(VILLAGE), next_on(command, one.matter))
    assert one.refused(worker(VILLAGE), "unmerge") == "reason"
    assert one.refused(worker(POLICE), "unmerge", **WHY) == "not-yours"
    one.moment += DAY / 4
    back = Command("unmerge", **WHY)
    one.take(worker(VILLAGE), back)
    again = one.matter.stage_duty()
    assert (one.matter.is_open, one.matter.stage, one.matter.holder) == (True, "grid", GRID)
    assert (again.due, again.starts, again.rungs, again.next_rung) == (
        before.due, before.starts, before.rungs, before.next_rung
    )  # fmt: skip
    assert again.id != before.id and one.matter.reopenings == 0
    lead.other = one.matter
    lead.take(worker(VILLAGE), Command("mirror", code=one.matter.code))
    assert (lead.matter.links, lead.matter.people) == ((), 2)


def test_the_reporter_takes_their_own_out_again(wushan: Method) -> None:
    one, _ = merged(wushan)
    one.act(REPORTER, "unmerge")
    assert one.matter.is_open


@pytest.mark.parametrize("end", ["satisfied", "answered", "not_reached"])
def test_when_the_lead_is_solved_each_reporter_is_asked_on_their_own(wushan: Method, end: str) -> None:
    one, lead = merged(wushan)
    ended = replace(lead.matter, end=end, settled_by=(TOWN, 31))
    one.other = lead.matter
    assert one.refused(MACHINE, "follow_lead", code="QQQQ2222") == "lead"  # it has not ended
    one.other = ended
    assert one.refused(worker(COUNTY), "follow_lead", code="QQQQ2222") == "not-yours"
    one.act(MACHINE, "follow_lead", code="QQQQ2222")
    assert (one.matter.stage, one.matter.end) == ("call-back", "")
    assert [event.because for event in one.history if isinstance(event, ev.Revived)] == ["lead solved"]
    assert one.refused(worker(TOWN, 31), "call_back", result="satisfied") == "solver"
    one.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert (one.matter.stage, one.matter.returns) == ("grid", 1)


@pytest.mark.parametrize("end", ["satisfied", "withdrawn"])
def test_when_the_lead_has_ended_both_sides_let_go_and_it_counts_its_own_people(wushan: Method, end: str) -> None:
    """So that they may be joined again, and an ended lead counts nobody twice."""
    one, lead = merged(wushan)
    ended = replace(lead.matter, end=end, settled_by=(TOWN, 31))
    one.other = ended
    command = Command("follow_lead", code="QQQQ2222")
    one.take(MACHINE, command)
    assert one.matter.links == ()
    lead.matter, lead.other = ended, one.matter
    follows = next_on(command, one.matter)
    assert follows is not None
    made = lead.try_(MACHINE, follows)
    assert isinstance(made, Decision) and (made.matter.links, made.matter.people) == ((), 2)


@pytest.mark.parametrize("end", ["withdrawn", "guided"])
def test_one_reporters_withdrawal_is_not_the_others(wushan: Method, end: str) -> None:
    one, lead = merged(wushan)
    one.other = replace(lead.matter, end=end)
    one.act(MACHINE, "follow_lead", code="QQQQ2222")
    assert (one.matter.stage, one.matter.holder, lead_of(one.matter)) == ("grid", GRID, "")
    assert one.matter.stage_duty() is not None


def test_nothing_is_mirrored_that_did_not_happen(wushan: Method) -> None:
    one, lead = two(wushan)
    assert lead.refused(worker(COUNTY), "mirror", code="K7M29QXF") == "mirrored"
    lead.other = None
    assert lead.refused(worker(COUNTY), "mirror", code="K7M29QXF") == "not-yours"
    assert one.matter.is_open


def test_links_stand_on_both_sides_once(wushan: Method) -> None:
    one, lead = two(wushan)
    command = Command("link", code="QQQQ2222", to="recurrence")
    one.take(worker(GRID), command)
    assert one.refused(worker(GRID), "link", code="QQQQ2222", to="recurrence") == "linked"
    assert one.refused(worker(GRID), "link", code="QQQQ2222", to="某某") == "how"
    lead.other = one.matter
    lead.take(worker(GRID), next_on(command, one.matter))
    assert lead.matter.links == (("K7M29QXF", "recurrence"),)
    assert lead.refused(worker(GRID), "mirror", code="K7M29QXF") == "mirrored"


def test_a_part_becomes_a_matter_of_its_own_as_grave_and_against_the_same(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours", people=40, against=(POLICE,), against_people=(77,))
    command = Command("split", code="NNNN3333", to="hazard", people=2, **WHY)
    assert trial.refused(worker(TOWN), "split", to="hazard", **WHY) == "code"
    assert trial.refused(worker(TOWN), "split", code="NNNN3333", to="某类", **WHY) == "kind"
    assert trial.refused(worker(TOWN), "split", code="NNNN3333") == "reason"
    trial.take(worker(TOWN), command)
    assert ("NNNN3333", "part") in trial.matter.links
    child = Trial(wushan)
    child.take(REPORTER, child_of(trial.matter, command))
    assert (child.matter.kind, child.matter.people, child.matter.level) == ("hazard", 2, "orange")
    assert (child.matter.against, child.matter.against_people) == ((POLICE,), (77,))
    assert child.matter.links == (("K7M29QXF", "related"),)


def test_taken_out_again_it_keeps_the_time_that_was_given(panan: Method) -> None:
    one, lead = Trial(panan), Trial(panan)
    one.report(kind="complex")
    lead.report(code="QQQQ2222", kind="complex")
    one.other = lead.matter
    one.act(worker(COUNTY), "extend", to="5d", **WHY)
    due = one.matter.stage_duty().due
    one.act(worker(TOWN), "merge", code="QQQQ2222", **WHY)
    one.act(worker(TOWN), "unmerge", **WHY)
    assert one.matter.stage_duty().due == due
    assert one.refused(worker(COUNTY), "extend", to="1d", **WHY) == "times"
    one.act(worker(COUNTY), "suspend", result="appraisal", records=("entrust",), **WHY)
    one.act(worker(COUNTY), "resume")
    assert one.matter.stage_duty().due == due
