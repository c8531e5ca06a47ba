"""Which letters a matter has for its reporter."""

from __future__ import annotations

import pytest

from minqing.kernel.matters.papers import ACCEPTANCE, ANSWER, kinds_for
from minqing.kernel.matters.testing import REPORTER, VOLUNTEER, Trial, worker


@pytest.fixture
def trial(wushan) -> Trial:
    made = Trial(wushan)
    made.report("楼上漏水")
    return made


def test_what_was_taken_in_is_told_at_once_and_the_answer_once_it_is_settled(trial: Trial) -> None:
    assert kinds_for(trial.matter) == (ACCEPTANCE,)
    trial.act(worker(trial.matter.holder), "settle", records=("result",))
    assert kinds_for(trial.matter) == (ACCEPTANCE, ANSWER)
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert kinds_for(trial.matter) == (ACCEPTANCE,)
    trial.act(REPORTER, "withdraw")
    assert kinds_for(trial.matter) == (ACCEPTANCE, ANSWER)
