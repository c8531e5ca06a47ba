"""S26, the three rests: one story to each of the six ends, told once for memory and database.

A player reports, acts, waits (the clock acts meanwhile) and shows the matter and its history. The main story is the
source's: the grid cannot settle it in three days, the village not in 24 hours, the town calls a department in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.testing import COUNTY, GRID, POLICE, TOWN, VILLAGE, VOLUNTEER, worker
from minqing.registers.accounts.rules import Viewer

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Player(Protocol):
    """Plays one matter."""

    matter: Matter | None
    history: list[ev.Event]

    def report(self, text: str = "", **told: object) -> object: ...
    def act(self, actor: Viewer, verb: str, **told: object) -> object: ...
    def refused(self, actor: Viewer, verb: str, **told: object) -> str: ...
    def wait(self, span: dt.timedelta) -> None: ...


def _to_the_town(player: Player, **told: object) -> None:
    """Report → the grid accepts → cannot settle in time → the sweep refers it to the village, then to the town."""
    player.report("楼上漏水，两家吵了几回", **told)
    assert player.matter.stage == "grid" and player.matter.holder == GRID
    player.act(worker(GRID), "accept")
    player.wait(3 * DAY + 14 * HOUR)  # Monday 10:00, three days: Thursday 24:00
    assert player.matter.stage == "village" and player.matter.holder == VILLAGE
    player.wait(DAY)
    assert player.matter.stage == "town" and player.matter.holder == TOWN


def _whistle_and_settle(player: Player) -> None:
    """The town calls a department in; both attend; it answers; the town settles."""
    player.act(worker(TOWN), "whistle", to="department", unit=POLICE)
    player.wait(2 * HOUR)
    assert player.refused(worker(POLICE), "answer") == "attend"
    player.act(worker(POLICE), "arrive")
    player.act(worker(TOWN), "arrive")
    player.act(worker(POLICE), "answer", body="a" * 64)
    player.act(worker(TOWN), "settle", records=("opinion",))
    assert player.matter.stage == "call-back"
    player.act(worker(TOWN), "fulfil", duty=_open(player, "answer-village"))
    assert player.refused(worker(TOWN), "call_back", result="satisfied") == "solver"


def _open(player: Player, kind: str) -> int:
    return next(duty.id for duty in player.matter.open_duties() if duty.kind == kind)


def satisfied(player: Player) -> None:
    """The whole story: unsatisfied once, a level higher the second time, then satisfied."""
    _to_the_town(player)
    _whistle_and_settle(player)
    player.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert player.matter.stage == "town" and player.matter.returns == 1
    player.act(worker(TOWN), "settle", records=("opinion",))
    player.act(worker(TOWN), "fulfil", duty=_open(player, "answer-village"))
    player.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert player.matter.stage == "county" and player.matter.holder == COUNTY
    assert player.matter.level == "orange"
    player.wait(5 * DAY)
    player.act(worker(COUNTY), "settle", records=("opinion",))
    player.wait(DAY)
    player.act(VOLUNTEER, "call_back", result="satisfied")
    assert player.matter.end == "satisfied"


def answered(player: Player) -> None:
    """Three times unsatisfied: only the county ends it, with written reasons and the remedies that remain."""
    _to_the_town(player)
    _whistle_and_settle(player)
    for _ in range(2):
        player.act(VOLUNTEER, "call_back", result="unsatisfied")
        desk = player.matter.holder
        player.act(worker(desk), "settle", records=("opinion",))
        for duty in [duty.id for duty in player.matter.open_duties() if duty.kind == "answer-village"]:
            player.act(worker(TOWN), "fulfil", duty=duty)
    assert player.refused(worker(COUNTY, 42), "close", records=("reasons", "remedies")) == "no-move"
    player.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert player.matter.stage == "county" and player.matter.returns == 3
    assert player.refused(worker(TOWN), "close", records=("reasons", "remedies")) == "not-yours"
    assert player.refused(worker(COUNTY, 42), "close", records=("reasons",)) == "needs"
    assert player.refused(worker(COUNTY), "close", records=("reasons", "remedies")) == "solver"
    player.act(worker(COUNTY, 42), "close", records=("reasons", "remedies"))
    assert player.matter.end == "answered"


def not_reached(player: Player) -> None:
    """Three tries on three days at different hours; a second try on one day does not count."""
    player.report("路灯不亮")
    player.act(worker(GRID), "settle", records=("result",))
    for span in (HOUR, HOUR, DAY - HOUR, DAY + HOUR):
        assert player.matter.is_open
        player.wait(span)
        player.act(VOLUNTEER, "call_back", result="not_reached")
    assert player.matter.is_open  # 11:00, 12:00 (same day), 11:00 (same hour), 12:00 of day three
    player.wait(DAY + 3 * HOUR)
    player.act(VOLUNTEER, "call_back", result="not_reached")
    assert player.matter.end == "not_reached"


def not_called(player: Player) -> None:
    """The reporter does not want to be called."""
    player.report("想问问低保怎么申请", wants_call_back=False)
    player.act(worker(GRID), "settle", records=("result",))
    player.act(worker(TOWN), "call_back", result="not_called")
    assert player.matter.end == "not_called"


def verified(player: Player) -> None:
    """Nobody reported it, so nobody can be called: somebody else looks, with a photo."""
    player.report("巡查发现护栏松动", reporter="nobody", channel="patrol")
    player.act(worker(GRID), "settle", records=("result",))
    assert player.refused(VOLUNTEER, "call_back", result="satisfied") == "nobody"
    assert player.refused(worker(GRID), "verify", records=("photo",)) in ("not-yours", "solver")
    player.act(worker(TOWN), "verify", records=("photo",))
    assert player.matter.end == "verified"


def guided(player: Player) -> None:
    """It belongs to a court: told in writing where to go and by which article, then followed there."""
    _to_the_town(player)
    assert player.refused(worker(TOWN), "guide") == "needs"
    player.act(worker(TOWN), "guide", records=("guidance",))
    assert player.matter.end == "guided"


STORIES: dict[str, Callable[[Player], None]] = {
    "satisfied": satisfied,
    "answered": answered,
    "not_reached": not_reached,
    "not_called": not_called,
    "verified": verified,
    "guided": guided,
}
