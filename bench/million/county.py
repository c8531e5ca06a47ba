"""The made-up county of an instance: its places, people and methods, and the year's end as the twin plays it.

Run as a process of its own in the home of that instance (`MINQING_HOME`): `python -m bench.million.county CONCERNS`;
again, for more concerns. The real towns and villages, everything else made up, as `minqing demo` has it, but many more
concerns a day: what stands here are the patterns that `copies` multiplies. It leaves `plan.json` in the home: who asks,
as whom.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping
from dataclasses import replace

from minqing.base import moments
from minqing.base.postgres import home_folder
from minqing.base.postgres.instance import migrate_and_grant, open_instance
from minqing.doors.cli.county import prepare_county
from minqing.doors.cli.demo import COUNTY, METHOD, made_up_staff, open_made_up_grids, scenario_for
from minqing.doors.cli.init import make_keys
from minqing.doors.counter.trial import mark_trial
from minqing.insight.twin.actions import write_year
from minqing.kernel.matters.trial_staff import program_token
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.actions import issue_token
from minqing.registers.accounts.queries import SeatRow, posts, users_by_login
from minqing.wiring.ports import bind_ports

DAYS, SEED = 45, 7
#: Who asks at once: 16 users of mixed levels.
ASKING = {"grid_worker": 3, "village": 4, "town_centre": 4, "department": 3, "county_centre": 1, "leader": 1}
_TOKEN_DAYS = 30


def make(concerns: int) -> None:
    """Makes the county where there is none yet, and so many concerns of the last weeks."""
    open_instance()
    bind_ports()
    if not _made():
        migrate_and_grant(open_instance())
        make_keys()
        prepare_county(COUNTY)
        open_made_up_grids()
    made, method = made_up_staff(moments.today() - dt.timedelta(DAYS)), current_method(METHOD)
    plain = scenario_for(method)
    busy = replace(plain, arrivals=replace(plain.arrivals, per_day=max(1.0, concerns / DAYS)))
    if concerns:
        write_year(method, made, busy, moments.today(), DAYS, SEED, lambda *told: None)
    if _made():
        return
    seats = _asking(posts())
    mark_trial([seat.login for seat in seats])
    (home_folder() / "plan.json").write_text(json.dumps(_plan(seats), ensure_ascii=False), "utf-8")


def _made() -> bool:
    return (home_folder() / "plan.json").exists()


def _asking(seats: list[SeatRow]) -> list[SeatRow]:
    """So many of each role, each of a unit of its own where there are enough, spread over the county."""
    found: list[SeatRow] = []
    for role, many in ASKING.items():
        units = {seat.unit: seat for seat in seats if seat.role == role and seat.login}
        ones = list(units.values())
        found += [ones[place * len(ones) // many] for place in range(min(many, len(ones)))]
    return found


def _plan(seats: list[SeatRow]) -> dict[str, object]:
    """Who signs in, and how a lifecycle is played: reported in a village, assigned and settled by that village."""
    village = next(seat for seat in seats if seat.role == "village")
    people = {seat.login: issue_token(seat.post, "演示", _TOKEN_DAYS).words for seat in seats}
    return {
        "people": [{"login": seat.login, "role": seat.role, "token": people[seat.login]} for seat in seats],
        "intake": program_token("trial"),
        "worker": people[village.login],
        "person": _person(village),
        "report": _report(village),
    }


def _person(seat: SeatRow) -> int:
    return users_by_login([seat.login])[seat.login]


def _report(village: SeatRow) -> Mapping[str, str]:
    text = "村口三盏路灯不亮已经一个星期，老人晚上出门不方便，请尽快来人修理。" * 3
    place = village.unit.removeprefix("village-")
    return {"title": "路灯不亮", "text": text, "place": place, "channel": "hotline", "method": METHOD}


if __name__ == "__main__":
    make(int(sys.argv[1]))
