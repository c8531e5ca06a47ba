"""The rehearsal of a promotion (deploy/replica/rehearse.py): what was acknowledged, and what of it the replica has.

Its numbers stay in bench/results/replica.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from bench.stage import ROOT
from deploy.replica.rehearse import CLIENTS, RESULTS

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def rounds() -> dict[tuple[bool, bool], Any]:
    """By whether commits waited for the replica, and whether the line was cut before the death."""
    done = subprocess.run([sys.executable, "-m", "deploy.replica.rehearse"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {(one["synchronous"], one["stalled"]): one for one in json.loads(RESULTS.read_text())["rounds"]}


def test_each_time_there_was_load_and_the_promoted_replica_goes_on(rounds: dict[tuple[bool, bool], Any]) -> None:
    assert len(rounds) == 4
    for one in rounds.values():
        assert one["acknowledged"] > 0 and one["goes_on"] and one["journal"] == "verifies", one


def test_a_replica_that_commits_wait_for_loses_nothing_acknowledged(rounds: dict[tuple[bool, bool], Any]) -> None:
    assert (rounds[True, False]["lost"], rounds[True, True]["lost"]) == (0, 0)
    assert rounds[True, True]["after_stall"] <= CLIENTS, "what was on its way when the line was cut, one a client"


def test_a_replica_that_follows_by_itself_loses_what_was_acknowledged_after_the_cut(
    rounds: dict[tuple[bool, bool], Any],
) -> None:
    cut = rounds[False, True]
    assert 0 < cut["lost"] <= cut["acknowledged"], "else the rehearsal would not see a loss where there is one"
