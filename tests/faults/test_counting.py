"""What is counted after a fire sees what is missing and what is there too often."""

from __future__ import annotations

from collections import Counter

from bench.fire.counting import Counted, compare_rungs, count_moves, count_report
from bench.fire.ledger import UNKNOWN, Asked, Ledger

DONE = Asked("1-1", "report", ["refb"], statuses=[UNKNOWN, 201], told=[["AAAA"]])
GIVEN_UP = Asked("1-2", "report", ["refc"], statuses=[UNKNOWN, UNKNOWN])
REFUSED = Asked("1-3", "report", ["refd"], statuses=[UNKNOWN, 422])


def counted(one: Asked, there: list[str]) -> tuple[int, int]:
    found = Counted()
    count_report(one, {one.marks[0]: there}, found)
    return found.lost, found.doubled


def test_an_acknowledged_report_is_there_once_under_its_code() -> None:
    assert counted(DONE, ["AAAA"]) == (0, 0)
    assert counted(DONE, []) == (1, 0)
    assert counted(DONE, ["BBBB"]) == (1, 0)
    assert counted(DONE, ["AAAA", "BBBB"]) == (0, 1)


def test_one_without_an_answer_may_be_there_once_and_a_refused_one_not_at_all() -> None:
    assert counted(GIVEN_UP, []) == counted(GIVEN_UP, ["AAAA"]) == (0, 0)
    assert counted(GIVEN_UP, ["AAAA", "BBBB"]) == (0, 1)
    assert counted(REFUSED, []) == (0, 0) and counted(REFUSED, ["AAAA"]) == (0, 1)


def test_moves_are_there_as_often_as_they_were_acknowledged() -> None:
    asked = [
        Asked("1-1", "note", code="AAAA", position=3, statuses=[200], told=[["AAAA"]]),
        Asked("1-2", "note", code="AAAA", position=7, statuses=[UNKNOWN]),
    ]
    for sure, perhaps, wanted in [
        (1, 0, (0, 0)),
        (1, 1, (0, 0)),
        (2, 0, (0, 1)),
        (1, 2, (0, 1)),
        (0, 1, (1, 0)),  # one that got no answer does not stand for one that did
    ]:
        found = Counted()
        count_moves(asked, {("AAAA", "note", 3): sure, ("AAAA", "note", 7): perhaps}, found)
        assert (found.lost, found.doubled) == wanted


def test_a_rung_that_is_told_twice_or_on_one_side_alone_is_seen() -> None:
    rung = (7, 1, 0)
    for told, on_record, wanted in [(1, 1, (0, 0)), (2, 1, (1, 0)), (1, 0, (1, 0)), (0, 1, (0, 1))]:
        found = Counted()
        compare_rungs(+Counter({rung: told}), +Counter({rung: on_record}), found)
        assert (found.fired_twice, found.unfired) == wanted


def test_the_ledger_is_read_as_it_was_written(tmp_path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.asked(Asked("1-1", "report", ["refb"]))
    ledger.answered("1-1", UNKNOWN, [])
    ledger.answered("1-1", 201, ["AAAA"])
    ledger.close()
    assert ledger.read() == [DONE] and ledger.acknowledged == 1
    assert DONE.acknowledged and not DONE.unknown and GIVEN_UP.unknown and not REFUSED.unknown
